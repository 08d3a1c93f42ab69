"""Editing: somebody changed a message they had sent. What was said about a case gets a new version."""

from domain.events import MessageCame
from handlers.cases import amending
from handlers.cases.records import as_data, find, merge, note, reasons
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.cases import Case


def changed(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """True when the edit belonged to a case, or to something already answered; False: hear it as if new."""
    case = _case_of(turn, dialog, message.ref)
    if case is None:
        turn.say("chat.edited", dialog)
        return True
    reading = turn.read(message.text)
    first = _opened_with(turn, case, message.ref)
    turn.tx.change(
        Case, case.id or 0,
        version=case.version + 1,
        text=message.text if first else case.text,
        matrix=merge(case.matrix, as_data(reading.matrix)),
        why=reasons(reading) if first else case.why,
    )  # fmt: skip
    note(turn, case.id or 0, "edited", message.text, actor=dialog.person.id, audience="all", ref=message.ref)
    amending.raise_to(turn, find(turn, case.id or 0), message.text, reading)
    turn.say("complaint.edited", dialog, number=case.number)
    return True


def _case_of(turn: Turn, dialog: Dialog, ref: str) -> Case | None:
    """The open case in whose timeline this message stands."""
    for case in cases.open_of_customer(turn.tx, dialog.person.id or 0):
        if ref and any(entry.data.get("ref") == ref for entry in cases.entries(turn.tx, case.id or 0)):
            return case
    return None


def _opened_with(turn: Turn, case: Case, ref: str) -> bool:
    entries = cases.entries(turn.tx, case.id or 0)
    return any(entry.kind == "opened" and entry.data.get("ref") == ref for entry in entries)
