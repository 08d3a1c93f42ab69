"""What those who lead do with a case in the chat: take it, answer its customer, look at it again.

Every action comes from a button, from a flow, or from the desk. What is missing is asked for in the chat at hand.
"""

from typing import Any

from domain.effects import Say
from domain.labels import Priority
from domain.roles import Role, require
from flows.reply import Reply
from handlers.area import Area
from handlers.cases.cards import partner_name
from handlers.cases.pictures import bring
from handlers.cases.records import find, note
from handlers.cases.relaying import relay_to_customer
from handlers.cases.summary import for_staff
from handlers.dialog import Dialog
from handlers.escalation import escalation, pings
from handlers.leads.chat import Args, answer, ask, is_closed
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases
from storage.cases import Case
from storage.people import Person


def take(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """接单. One wins; everybody else hears who has it."""
    require(Role(actor.role), "take_case")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {"taken": False}
    if not taken_by(turn, case, actor):
        other = escalation.holder(turn, f"case:{case.id}")
        mine = other is not None and other.id == actor.id
        answer(turn, args, "staff.taken_yours" if mine else "staff.taken_before", case, by=other.name if other else "—")
        return {"taken": mine}
    known = for_staff(turn, case, actor.locale)
    buttons = ("reply_customer", "correct_case", "case_tasks")
    answer(turn, args, "staff.taken", case, buttons=buttons, by=actor.name, summary=known)
    bring(turn, case.id or 0, actor.id or 0)
    return {"taken": True}


def taken_by(turn: Turn, case: Case, actor: Person) -> bool:
    """Make it this person's case when nobody has it; the customer hears who looks after it. False when it is held."""
    case_id = case.id or 0
    if not escalation.take(turn, f"case:{case_id}", actor):
        return False
    turn.tx.change(Case, case_id, status="taken", owner_id=actor.id)
    cases.own_tasks(turn.tx, case_id, actor.id or 0)
    note(turn, case_id, "taken", actor=actor.id, audience="all")
    webhooks.emit(turn, "case.taken", {"case": case.number, "by": actor.id})
    say_whose(turn, case, actor)
    return True


def say_whose(turn: Turn, case: Case, owner: Person) -> None:
    """Whoever told us of it hears who looks after it now."""
    if turn.dialog_of(cases.partner_id(case)) is None:
        return
    told = {"number": case.number, "staff": owner.name}
    calm = case.priority in (Priority.NORMAL, Priority.LOW)
    key = "staff.cleaner_taken" if case.origin == cases.BY_CLEANER else "staff.customer_taken"
    turn.perform((Say(key, told, to=cases.partner_id(case), case=case.id, proactive=calm),), None)


def reply(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """回复客户. Answering is taking: nobody else needs to be called for it any more."""
    require(Role(actor.role), "reply_customer")
    case, text, files = find(turn, args["case"]), str(args.get("text") or ""), tuple(args.get("files") or ())
    if is_closed(turn, case, args):
        return {"sent": False}
    if not text.strip() and not files:
        ask(turn, args, "reply", case)
        return {}
    _step_in(turn, case, actor)
    sent = relay_to_customer(turn, find(turn, case.id or 0), actor, text, files)
    webhooks.emit(turn, "case.answered", {"case": case.number, "by": actor.id})
    answer(turn, args, "reply.sent" if sent else _unsent(turn, case), case)
    return {"sent": sent}


def _unsent(turn: Turn, case: Case) -> str:
    """Why words reached nobody: there is no chat, or nobody any more."""
    partner = turn.tx.find(Person, cases.partner_id(case))
    return "reply.erased" if partner is not None and partner.erased_at is not None else "reply.no_chat"


def _step_in(turn: Turn, case: Case, actor: Person) -> None:
    """Answering makes it yours when it was nobody's; otherwise whoever has it hears that you answered."""
    other = escalation.holder(turn, f"case:{case.id}")
    if not taken_by(turn, case, actor) and other is not None and other.id != actor.id:
        pings.tell(turn, other.id or 0, f"case:{case.id}", "reply.by_other", by=actor.name)


def show(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """The card again."""
    require(Role(actor.role), "see_cases")
    shown = pings.card(turn, f"case:{args['case']}", actor.locale)
    dialog: Dialog | None = args.get("dialog")
    turn.perform((Say("staff.shown", {"card": shown.text}, buttons=shown.buttons, case=shown.case),), dialog)
    if dialog is not None:
        bring(turn, args["case"], actor.id or 0)
    return {"case": shown.name, "card": shown.text}


def _start_reply(turn: Turn, dialog: Dialog, args: Args) -> Reply:
    case = find(turn, args["case"])
    return Reply(case.id or 0, case.number, partner_name(turn, case, dialog.person.locale))


AREA = Area(
    actions={"take_case": take, "reply_customer": reply, "show_case": show},
    starts={"reply": _start_reply},
)
