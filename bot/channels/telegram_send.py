"""Carries one message to Telegram and says honestly how it went."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.channels.telegram_compose import Call, Files, as_document, compose
from bot.channels.telegram_session import NotReached
from domain.channel import Gone, Moved, Outcome, Outgoing, Refused, Sent, TryLater, Unsure

BAD_TOKEN_SECONDS = 60.0
OUTAGE_SECONDS = 5.0
KEPT_PROGRESS = 1000
DEAD_CHATS = ("chat not found", "user not found", "PEER_ID_INVALID", "group chat was deactivated", "chat was deleted")
NOT_A_PHOTO = ("IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS", "too big for a photo", "PHOTO_SAVE_FILE_INVALID")
_QUOTED = re.compile(r"(?<!\w)'[^']*'|\"[^\"]*\"")

Ask = Callable[[Call], Awaitable[Any]]


class Courier:
    """A message of several parts that had to stop half-way goes on from there when it is tried again."""

    def __init__(self, ask: Ask, files: Files) -> None:
        self._ask = ask
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
            except AiogramError as error:
                return self._stopped(message, outcome_of(error), number, len(calls))
        return Sent(ref)

    async def _make(self, call: Call) -> Any:
        try:
            return await self._ask(call)
        except TelegramBadRequest as error:
            instead = as_document(call) if any(word in error.message for word in NOT_A_PHOTO) else None
            if instead is None:
                raise
            return await self._ask(instead)

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


def outcome_of(error: AiogramError) -> Outcome:
    """What a failed call means for its message."""
    match error:
        case TelegramRetryAfter():
            return TryLater(float(error.retry_after), "flood limit")
        case TelegramMigrateToChat():
            return Moved(str(error.migrate_to_chat_id))
        case TelegramForbiddenError():
            return Gone(_unquoted(error))
        case TelegramBadRequest():
            dead = any(word in error.message for word in DEAD_CHATS)
            return Gone(_unquoted(error)) if dead else Refused(_unquoted(error))
        case TelegramUnauthorizedError() | TelegramNotFound():
            return TryLater(BAD_TOKEN_SECONDS, "Telegram does not know this token", whole_bot=True)
        case TelegramEntityTooLarge():
            return Refused("file too large")
        case NotReached():
            return TryLater(OUTAGE_SECONDS, "Telegram cannot be reached", whole_bot=True)
        case TelegramServerError() | TelegramConflictError():
            # A 5xx comes from in front of the sending part nearly always: better once twice than never.
            return TryLater(OUTAGE_SECONDS, "Telegram has trouble of its own")
        case TelegramNetworkError() | ClientDecodeError():
            return Unsure("the connection broke after the message went out")
        case TelegramAPIError():
            return Refused(_unquoted(error))
        case _:
            return Refused(type(error).__name__)


def _unquoted(error: TelegramAPIError) -> str:
    """Telegram's reason without what it quotes: a text of somebody's, or a link that lets people in."""
    return _QUOTED.sub("…", error.message)
