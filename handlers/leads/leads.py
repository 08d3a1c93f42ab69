"""What somebody who leads wrote: an answer to a customer, to a question of ours, a command; otherwise the menu."""

import re
from collections.abc import Callable
from typing import Any

from domain.effects import Action, OpenCase, Say
from domain.events import MessageCame
from domain.roles import Role, require
from flows import compensate, reducer
from flows.flow import Answer
from handlers import running
from handlers.area import Area, join
from handlers.customers import WORDS_OF_CANCEL
from handlers.dialog import Dialog
from handlers.leads import cases as lead_cases
from handlers.leads import correcting, ordering, sending
from handlers.leads import decisions as lead_decisions
from handlers.leads import lists as lead_lists
from handlers.leads import tasks as lead_tasks
from handlers.leads.chat import Args
from handlers.requests.cards import request_of
from handlers.turn import Turn
from storage import orders, outbox, people
from storage.cases import Case
from storage.orders import Order
from storage.outbox import Outbox
from storage.people import Person

Ear = Callable[[Turn, Dialog, MessageCame], bool]
"""True when it dealt with the message."""

COMMANDS = ("my_cases", "waiting", "today_visits", "call_list", "on_duty", "off_duty", "register_case")
REGISTER = re.compile(r"(?:登记投诉|投诉登记|登记|log complaint)[\s:：,，]*(.*)", re.IGNORECASE | re.DOTALL)
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}")
WRITING = frozenset({"reply", "write_customer"})
TO_CUSTOMER = frozenset({
    "escalation.ping", "staff.shown", "staff.case_files", "staff.left_number", "staff.sent_files", "staff.unsolved",
    "staff.said_more", "staff.seems_over", "staff.taken", "staff.confirmed", "staff.let_stand", "reply.sent",
    "requests.customer_says", "requests.sent",
})  # fmt: skip
"""Our messages that stand for the customer: a reply to one of them goes there. The others are talk among ourselves."""


def said(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """Ask each ear in turn; the last one always answers."""
    for ear in EARS:
        if ear(turn, dialog, message):
            return


def _cancelled(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    return message.text.casefold().strip("。.!！ ") in WORDS_OF_CANCEL and running.cancel(turn, dialog)


def _replied(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """A reply to a card or to a customer's words reaches that customer; the words of a button press it."""
    row = outbox.replied_to(turn.tx, dialog.address.channel, dialog.address.chat, message.reply_to)
    if row is None or _is_question(turn, dialog, row):
        return False
    button = _typed_button(row, message.text)
    if button is not None:
        turn.act(button["act"], dialog.person, {**button["args"], "dialog": dialog})
        return True
    if row.about not in TO_CUSTOMER and not row.about.startswith("requests.card_"):
        return False
    case = turn.tx.find(Case, row.case_id)
    if case is not None and not message.attachments and ordering.typed(turn, dialog, message.text, case):
        return True
    words = {"text": message.text, "files": message.attachments, "dialog": dialog}
    request = request_of(row)
    if row.case_id is not None:
        turn.act("reply_customer", dialog.person, {"case": row.case_id, **words})
    elif request is not None:
        turn.act("answer_request", dialog.person, {"request": request, **words})
    return row.case_id is not None or request is not None


def _answered(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """The question at hand, unless it waits for a tap or a sum and something else was typed.

    "HX1001改派林经理" is an order also where the next words go to a customer.
    """
    flow = dialog.current.flow if dialog.current is not None else ""
    of_money = flow == compensate.COMPENSATE.name
    writing = flow in WRITING and not message.attachments
    if writing and ordering.typed(turn, dialog, message.text, by_number=True):
        return True
    if _command(turn, dialog, message.text) and (of_money or not running.takes_text(turn, dialog)):
        return False
    if of_money and not compensate.concerns(message.text):
        return False
    return running.answer(turn, dialog, Answer(text=message.text, files=message.attachments))


def _commanded(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    command = _command(turn, dialog, message.text)
    if command:
        turn.act(command, dialog.person, {"dialog": dialog})
    return bool(command)


def _registered(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """登记投诉: a phone call or a paper slip becomes a case."""
    found = REGISTER.fullmatch(message.text.strip())
    if found is None:
        return False
    register(turn, dialog.person, {"dialog": dialog, "text": found.group(1), "files": message.attachments})
    return True


def _ordered(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """ "HX1001改派林经理": what a button of that case or order does."""
    return not message.attachments and ordering.typed(turn, dialog, message.text)


def _lost(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """Nothing we know: what can be done here, and the question that still waits."""
    buttons = tuple(Action(name, f"staff.{name}_label", {}) for name in COMMANDS if name != _other_duty(dialog))
    turn.perform((Say("staff.menu", buttons=buttons),), dialog)
    running.ask_again(turn, dialog, "chat.resume")
    return True


EARS: tuple[Ear, ...] = (_cancelled, _replied, _answered, _commanded, _registered, _ordered, sending.asked, _lost)


def register(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """Open a case for somebody who called. An order number or a phone in the words finds the customer."""
    require(Role(actor.role), "open_case")
    text = str(args.get("text") or "").strip()
    if not text:
        turn.say("staff.register_how", args.get("dialog"))
        return {}
    order = _order_in(turn, text)
    effect = OpenCase(text, "staff", order.id if order is not None else None, tuple(args.get("files") or ()))
    turn.perform((effect,), args.get("dialog") or turn.dialog_of(actor.id))
    return {}


def _order_in(turn: Turn, text: str) -> Order | None:
    """By the company's number; else the customer's latest visit that is over or on."""
    for word in NUMBER.findall(text):
        order = orders.by_number(turn.tx, word)
        if order is not None:
            return order
    for phone in PHONE.findall(text):
        customer = people.customer_by_phone(turn.tx, phone)
        found = orders.of_customer(turn.tx, customer.id or 0) if customer is not None else []
        begun = [order for order in found if order.starts_at <= turn.now and order.status != "cancelled"]
        if found:
            return (begun or found)[0]
    return None


def _command(turn: Turn, dialog: Dialog, text: str) -> str:
    """The command whose button says these words, or ""."""
    texts, locale = turn.world.texts, dialog.person.locale
    names = {name: texts.render(f"staff.{name}_label", {}, locale) for name in COMMANDS}
    return texts.named("staff.menu", names, text, locale)


def _is_question(turn: Turn, dialog: Dialog, row: Outbox) -> bool:
    """Whether that message is the question we wait for an answer to."""
    standing = dialog.current
    return standing is not None and row.about == reducer.question(running.flow_of(turn, standing), standing).key


def _typed_button(row: Outbox, text: str) -> dict[str, Any] | None:
    buttons = [button for line in row.buttons for button in line if button.get("act", "answer") != "answer"]
    return next((button for button in buttons if button["label"] == text.strip()), None)


def _other_duty(dialog: Dialog) -> str:
    """The duty button that would change nothing."""
    return "on_duty" if dialog.person.on_duty else "off_duty"


AREA = join((
    lead_cases.AREA, correcting.AREA, lead_decisions.AREA, lead_lists.AREA, lead_tasks.AREA, sending.AREA,
    Area(actions={"register_case": register}),
))  # fmt: skip
