"""How a lead's action speaks back: an answer, a question for what is missing, a word about a closed case."""

from collections.abc import Mapping
from typing import Any

from domain.effects import Say
from domain.errors import Invalid
from domain.labels import CaseType, Priority
from handlers import running
from handlers.cases.cards import button, partner_name
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage.cases import Case

Args = Mapping[str, Any]
"""What a button, a flow or the desk sends along; `dialog` is the chat at hand, missing on the desk."""


def is_closed(turn: Turn, case: Case, args: Args) -> bool:
    """Nothing more is done to a closed case; whoever tried is told so."""
    if case.status == "closed":
        answer(turn, args, "staff.closed_before", case)
    return case.status == "closed"


def answer(turn: Turn, args: Args, key: str, case: Case, *, buttons: tuple[str, ...] = (), **fill: Any) -> None:
    """Tell whoever did it, when they did it in a chat. They can go on by replying."""
    dialog: Dialog | None = args.get("dialog")
    if dialog is not None:
        filled = {"number": case.number, "customer": partner_name(turn, case, dialog.person.locale), **fill}
        actions = tuple(button(case, name) for name in buttons)
        turn.perform((Say(key, filled, buttons=actions, case=case.id),), dialog)


def ask(turn: Turn, args: Args, flow: str, case: Case) -> bool:
    """Ask in the chat for what is missing. Raises `Invalid` where there is none: the desk must send it along."""
    dialog: Dialog | None = args.get("dialog")
    if dialog is None:
        raise Invalid
    return running.begin(turn, dialog, flow, {"case": case.id})


def labels(turn: Turn, kind: CaseType, priority: Priority, locale: str) -> dict[str, str]:
    """What people call them."""
    texts = turn.world.texts
    return {
        "type": texts.render(f"labels.type_{kind.value}", {}, locale),
        "priority": texts.render(f"labels.priority_{priority.value}", {}, locale),
    }
