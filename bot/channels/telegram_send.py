"""Carries one message to Telegram and says honestly how it went."""

import re
from collections import OrderedDict
from typing import Any

from bot.channels.telegram_client import (
    Barred,
    Call,
    CallFailed,
    Client,
    Flooded,
    MovedTo,
    NotReached,
    Rejected,
    TooLarge,
    Troubled,
    Unanswered,
    UnknownToken,
)
from bot.channels.telegram_compose import Files, as_document, compose
from domain.channel import Gone, Moved, Outcome, Outgoing, Refused, Sent, TryLater, Unsure

BAD_TOKEN_SECONDS = 60.0
OUTAGE_SECONDS = 5.0
KEPT_PROGRESS = 1000
DEAD_CHATS = ("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated", "chat was deleted")
NOT_A_PHOTO = ("image_process_failed", "photo_invalid_dimensions", "too big for a photo", "photo_save_file_invalid")
_QUOTED = re.compile(r"(?<!\w)'[^']*'|\"[^\"]*\"")


class Courier:
    """A message of several parts that had to stop half-way goes on from there when it is tried again."""

    def __init__(self, client: Client, files: Files) -> None:
        self._client = client
        self._files = files
        self._arrived: OrderedDict[int, int] = OrderedDict()

    async def deliver(self, message: Outgoing) -> Outcome:
        try:
            calls = compose(message, self._files)
        except ValueError as error:
            return Refused(f"cannot be composed: {type(error).__name__}")
        if not calls:
            return Refused("nothing to send")
        ref = ""
        for number in range(self._arrived.pop(message.id, 0), len(calls)):
            try:
                ref = _ref(await self._make(calls[number]))
            except CallFailed as error:
                return self._stopped(message, outcome_of(error), number, len(calls))
        return Sent(ref)

    async def _make(self, call: Call) -> Any:
        try:
            return await self._client.ask(call)
        except Rejected as error:
            instead = as_document(call) if any(word in error.reason for word in NOT_A_PHOTO) else None
            if instead is None:
                raise
            return await self._client.ask(instead)

    def _stopped(self, message: Outgoing, outcome: Outcome, arrived: int, parts: int) -> Outcome:
        if not arrived:
            return outcome
        if isinstance(outcome, Refused | Unsure):
            return Unsure(f"{arrived} of {parts} parts arrived, then: {outcome.reason}")
        if isinstance(outcome, TryLater | Moved) and message.id:
            self._arrived[message.id] = arrived
            if len(self._arrived) > KEPT_PROGRESS:
                self._arrived.popitem(last=False)
        return outcome


def _ref(result: Any) -> str:
    """The id of the message, of the last one of an album; empty from a server that tells none."""
    last = result[-1] if isinstance(result, list) and result else result
    return str(last.get("message_id", "")) if isinstance(last, dict) else ""


def outcome_of(error: CallFailed) -> Outcome:
    """What a failed call means for its message."""
    match error:
        case Flooded():
            return TryLater(error.seconds, "flood limit")
        case MovedTo():
            return Moved(error.chat)
        case Barred():
            return Gone(_unquoted(error))
        case Rejected():
            dead = any(word in error.reason for word in DEAD_CHATS)
            return Gone(_unquoted(error)) if dead else Refused(_unquoted(error))
        case UnknownToken():
            return TryLater(BAD_TOKEN_SECONDS, "Telegram does not know this token", whole_bot=True)
        case TooLarge():
            return Refused("file too large")
        case NotReached():
            return TryLater(OUTAGE_SECONDS, "Telegram cannot be reached", whole_bot=True)
        case Troubled():
            # A 5xx comes from in front of the sending part nearly always: better once twice than never.
            return TryLater(OUTAGE_SECONDS, "Telegram has trouble of its own")
        case Unanswered():
            return Unsure("the connection broke after the message went out")
        case _:
            return Refused(type(error).__name__)


def _unquoted(error: CallFailed) -> str:
    """Telegram's reason without what it quotes: a text of somebody's, or a link that lets people in."""
    return _QUOTED.sub("…", error.reason)
