"""What can be done on the desk: for each action of `handlers`, how its arguments are read from a form.

Whether the person may do it is decided in the turn, not here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.errors import NotFound
from domain.labels import CaseType, Grade, Intent, Priority
from domain.roles import Role
from handlers.naming import NAME_LENGTH
from insight import dossier
from storage.database import Tx
from web.desk.forms import Form
from web.desk.link_pages import PRINTED
from web.desk.login import MOST_NAME

Args = dict[str, Any]
Read = Callable[[Form, Tx], Args]
ANSWERS = ("stars", "good", "better", "again")
REACHED = ("yes", "no_answer", "refused")
REMARK = 500
MOST_HOURS = 720


def _ids(*names: str) -> Read:
    """Only rows are named."""
    return lambda form, _tx: {name: form.number(name) for name in names}


def _reply(form: Form, _tx: Tx) -> Args:
    return {"case": form.number("case"), "text": form.words("text")}


def _compensate(form: Form, _tx: Tx) -> Args:
    means = form.one_of("means", ("coupon", "cash"))
    return {"case": form.number("case"), "means": means, "amount_fen": form.fen("amount")}


def _correct(form: Form, _tx: Tx) -> Args:
    """One of them or both: the button that was pressed carries what is right."""
    allowed: dict[str, type[CaseType] | type[Priority]] = {"type": CaseType, "priority": Priority}
    given = {name: form.one_of(name, labels) for name, labels in allowed.items() if form.raw(name)}
    return {"case": form.number("case"), **(given or {"type": form.one_of("type", CaseType)})}


def _no_complaint(form: Form, _tx: Tx) -> Args:
    return {"case": form.number("case"), "intent": form.one_of("intent", set(Intent) - {Intent.COMPLAINT})}


def _close(form: Form, _tx: Tx) -> Args:
    return {"case": form.number("case"), "grade": form.one_of("grade", Grade), "note": form.maybe("note", REMARK)}


def _grade(form: Form, _tx: Tx) -> Args:
    return {"case": form.number("case"), "grade": form.one_of("grade", Grade)}


def _open(form: Form, tx: Tx) -> Args:
    """A phone call or a paper slip. The order is named by the company's own number."""
    number = form.maybe("order_number", 64)
    order = dossier.order_id(tx, number) if number else None
    if number and order is None:
        raise NotFound(form.texts("no_such_order", number=number), field="order_number")
    least = form.raw("priority")
    said = {"text": form.words("said"), "order": order, "origin": "staff"}
    return said | ({"priority": form.one_of("priority", Priority)} if least else {})


def _assign(form: Form, _tx: Tx) -> Args:
    """Nobody chosen is a choice still to be made, not a wrong number."""
    form.words("cleaner")
    return {"order": form.number("order"), "cleaner": form.number("cleaner")}


def _spot_check(form: Form, _tx: Tx) -> Args:
    result = form.one_of("result", ("ok", "fix"))
    note = form.words("note", REMARK) if result == "fix" else form.maybe("note", REMARK)
    return {"order": form.number("order"), "result": result, "note": note}


def _call_back(form: Form, _tx: Tx) -> Args:
    reached = form.one_of("reached", REACHED)
    said = {name: value for name in ANSWERS if (value := form.maybe(name, REMARK))} if reached == "yes" else {}
    if reached == "yes" and not said:
        form.words("good")
    return {"call": form.number("call"), "answers": {"reached": reached, **said}}


def _answer_request(form: Form, _tx: Tx) -> Args:
    return {"request": form.number("request"), "text": form.words("text")}


def _at_a_time(form: Form, _tx: Tx) -> Args:
    return {"request": form.number("request"), "time": form.moment("time")}


def _accept_change(form: Form, _tx: Tx) -> Args:
    time = {"time": form.moment("time")} if form.raw("time") else {}
    return {"request": form.number("request")} | time


def _redeem(form: Form, _tx: Tx) -> Args:
    return {"code": form.words("code", 64), "order": form.words("order_number", 64)}


def _print_link(form: Form, _tx: Tx) -> Args:
    return {"kind": form.one_of("kind", PRINTED), "branch": form.number("branch")}


def _invite(form: Form, _tx: Tx) -> Args:
    return {
        "role": form.one_of("role", {role.value for role in Role if role.is_staff}),
        "name": form.words("name", NAME_LENGTH),
        "branch": form.maybe("branch", 64) or None,
        "hours": form.whole("hours", 1, MOST_HOURS),
    }


def _login(form: Form, _tx: Tx) -> Args:
    return {"person": form.number("person"), "username": form.maybe("username", MOST_NAME)}


ACTIONS: Mapping[str, Read] = {
    "take_case": _ids("case"),
    "reply_customer": _reply,
    "compensate": _compensate,
    "approve_money": _ids("approval"),
    "refuse_money": _ids("approval"),
    "reassign_case": _ids("case", "to"),
    "correct_case": _correct,
    "no_complaint": _no_complaint,
    "close_case": _close,
    "grade_case": _grade,
    "task_done": _ids("task"),
    "open_case": _open,
    "assign_cleaner": _assign,
    "spot_check": _spot_check,
    "call_back": _call_back,
    "take_request": _ids("request"),
    "answer_request": _answer_request,
    "end_request": _ids("request"),
    "accept_booking": _at_a_time,
    "offer_time": _at_a_time,
    "decline_booking": _ids("request"),
    "accept_change": _accept_change,
    "confirm_phone": _ids("request"),
    "refuse_phone": _ids("request"),
    "redeem_coupon": _redeem,
    "replay_webhook": _ids("delivery"),
    "print_link": _print_link,
    "invite_staff": _invite,
    "void_invitation": _ids("invitation"),
    "give_login": _login,
    "dismiss_staff": _ids("person"),
}
SETTLED = (
    "taken", "closed", "accepted", "ended", "confirmed", "refused", "declined", "offered", "decided", "dismissed",
    "voided",
)  # fmt: skip
"""Flags of an answer: false means that somebody else was quicker."""
HANDED = ("visits", "cases", "requests")
"""What somebody who leaves may have had, what is still to be done first."""


def lane(args: Mapping[str, Any], form: Form, person: int) -> str:
    """Actions about one thing keep their order. Forms about a part of a case name the case as well."""
    for name in ("case", "request", "call", "delivery"):
        value = args.get(name) or form.raw(name)
        if str(value).isdecimal():
            return f"{name}:{value}"
    return f"order:{args['order']}" if isinstance(args.get("order"), int) else f"desk:{person}"


def outcome(action: str, result: Mapping[str, Any]) -> str:
    """The key of what to say when it was done, or when it turned out to be done before."""
    if action == "compensate" and result.get("given") is False:
        return "did_ask_approval"
    if action in ("reply_customer", "answer_request") and result.get("sent") is False:
        return "did_not_reach"
    if action == "dismiss_staff" and result.get("dismissed"):
        return next((f"did_dismiss_{name}" for name in HANDED if result[name]), "did_dismiss_staff")
    if action == "call_back" and result.get("state") == "open":
        return "did_not_answer"
    closed_before = action in ("reassign_case", "correct_case", "no_complaint") and not result
    if closed_before or any(result.get(flag) is False for flag in SETTLED):
        return "did_before"
    return f"did_{action}"
