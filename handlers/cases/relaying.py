"""Staff speak with the customer, or with the cleaner who reported it, through us: nobody sees the other's contacts."""

from dataclasses import asdict

from domain.effects import Action, ConfirmCase, Say
from domain.events import Attachment
from flows.reducer import Standing
from handlers.cases.clocks import asks, wait_for_customer
from handlers.cases.records import note
from handlers.escalation import escalation
from handlers.orders.standing import dialogs
from handlers.turn import Turn
from storage.cases import Case, partner_id
from storage.people import Person


def relay_to_customer(turn: Turn, case: Case, actor: Person, text: str, files: tuple[Attachment, ...] = ()) -> bool:
    """A person's answer reaches whom it is for and stops the response clock. False when they have no chat."""
    case_id = case.id or 0
    note(turn, case_id, "reply", text, actor=actor.id, audience="all", files=[asdict(file) for file in files])
    if case.responded_at is None:
        turn.tx.change(Case, case_id, responded_at=turn.now)
    if asks(text):
        wait_for_customer(turn, case)
        end_walk(turn, case)
    escalation.acted(turn, f"case:{case_id}")
    if turn.dialog_of(partner_id(case)) is None:
        return False
    args = {"text": text, "staff": surname_title(turn, actor), "number": case.number}
    buttons = (Action("answer_staff", "complaint.answer_label", {"case": case_id}),)
    said = Say("complaint.from_staff", args, to=partner_id(case), case=case_id, attachments=files, buttons=buttons)
    turn.perform((said,), None)
    return True


def end_walk(turn: Turn, case: Case) -> None:
    """Our own questions about the case are over, for a person asks or it became urgent; what is known stands."""
    for dialog in dialogs(turn, partner_id(case)):
        both = (dialog.current, dialog.paused)
        kept = [one for one in both if one is not None and not _walks(one, case.id)]
        if len(kept) < sum(one is not None for one in both):
            dialog.current, dialog.paused = (*kept, None, None)[:2]
            turn.perform((ConfirmCase(case.id or 0, by_customer=False),), None)


def _walks(standing: Standing, case_id: int | None) -> bool:
    return standing.flow == "complaint" and standing.state.case == case_id


def surname_title(turn: Turn, person: Person) -> str:
    """Staff sign with their name as the company keeps it; the system with the company's."""
    return person.name or turn.world.company.name
