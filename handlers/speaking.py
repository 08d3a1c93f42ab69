"""Saying: a `Say` becomes outbox rows, in the language and to the chats of whoever it is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from domain.effects import Action, Link, Say
from domain.events import Address
from handlers.quiet import first_moment
from storage import conversations
from storage.conversations import Conversation
from storage.outbox import BROADCAST, ESCALATION, REPLY, Outbox
from storage.people import Person

if TYPE_CHECKING:
    from handlers.dialog import Dialog
    from handlers.turn import Turn

TOKEN_BYTES = 9
PING_CHATS = 2


def say(turn: Turn, what: Say, dialog: Dialog | None) -> None:
    """To the dialog at hand, or to the person named, wherever they can be reached."""
    if what.to is not None and (dialog is None or dialog.person.id != what.to):
        for chat in _chats(turn, what, what.to):
            _write(turn, what, chat.channel, chat.chat, chat.person_id, None)
    elif dialog is not None and dialog.alive:
        _write(turn, what, dialog.address.channel, dialog.address.chat, dialog.person.id or 0, dialog)
    elif dialog is not None:
        for chat in _chats(turn, what, dialog.person.id or 0):
            _write(turn, what, chat.channel, chat.chat, chat.person_id, dialog)


def labels(turn: Turn, what: Say, locale: str) -> dict[str, str]:
    """The choices of a question by id, as their buttons read."""
    texts = turn.world.texts
    return {choice.id: choice.label or texts.label(what.key, choice.id, locale) for choice in what.choices}


class _Filling(dict[str, Any]):
    """What fills the gaps of a text. Facts about the case are looked up only when the text asks for them."""

    def __init__(self, turn: Turn, what: Say, person: Person) -> None:
        super().__init__({"name": person.name, **what.args})
        self._look_up = partial(_facts, turn, what, person.locale)

    def __missing__(self, gap: str) -> Any:
        facts = self._look_up()
        self.update(facts)
        return facts[gap]


def _facts(turn: Turn, what: Say, locale: str) -> Mapping[str, Any]:
    return turn.world.registry.facts["case"](turn, what.case, locale) if what.case is not None else {}


def _chats(turn: Turn, what: Say, person_id: int) -> list[Conversation]:
    """A ping goes to two channels when there are two; everything else to the one used last."""
    found = conversations.of_person(turn.tx, person_id)
    return found[: PING_CHATS if what.urgent else 1]


def _write(turn: Turn, what: Say, channel: str, chat: str, person_id: int, dialog: Dialog | None) -> None:
    person = dialog.person if dialog is not None else turn.person(person_id)
    filling = _Filling(turn, what, person)
    unasked = what.proactive and not turn.is_here(dialog)
    if unasked:
        turn.tx.touch(Person, person_id)
    text = turn.world.texts.render(what.key, filling, person.locale, turn.event_id)
    turn.tx.put(
        Outbox,
        event_id=turn.event_id,
        person_id=person_id,
        channel=channel,
        chat=chat,
        urgency=ESCALATION if what.urgent else BROADCAST if unasked else REPLY,
        token=turn.world.code(TOKEN_BYTES),
        text=text,
        buttons=_buttons(turn, what, dialog, person.locale),
        attachments=[asdict(attachment) for attachment in what.attachments],
        case_id=what.case,
        about=what.key,
        not_before=first_moment(turn, person) if unasked else turn.now,
        created_at=turn.now,
    )
    turn.channels.add(channel)
    turn.spoken += 1
    turn.heard.add(Address(channel, chat))


def _buttons(turn: Turn, what: Say, dialog: Dialog | None, locale: str) -> list[list[dict[str, Any]]]:
    answers = [_answer(turn, choice, label, dialog) for choice, label in labels(turn, what, locale).items()]
    others = [_button(turn, button, what.args, locale) for button in what.buttons]
    return [*_rows(answers), *_rows(others)]


def _answer(turn: Turn, choice: str, label: str, dialog: Dialog | None) -> dict[str, Any]:
    standing = dialog.current if dialog is not None else None
    if standing is None:
        raise ValueError("choices need a flow to answer")
    args = {"instance": standing.instance, "step": standing.step, "choice": choice}
    if turn.world.flows[standing.flow].again:
        args |= {"flow": standing.flow, "order": standing.state.order}
    return {"label": label, "act": "answer", "args": args}


def _button(turn: Turn, button: Action | Link, args: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """What a button carries may fill its label too."""
    known = {**args, **button.args} if isinstance(button, Action) else args
    label = turn.world.texts.render(button.label, known, locale)
    if isinstance(button, Link):
        return {"label": label, "url": button.url}
    return {"label": label, "act": button.name, "args": dict(button.args)}


def _rows(buttons: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Short labels stand side by side, long ones alone."""
    rows: list[list[dict[str, Any]]] = []
    for button in buttons:
        width = len(button["label"]) + 2
        if rows and sum(len(other["label"]) + 2 for other in rows[-1]) + width <= 18 and len(rows[-1]) < 4:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
