"""A lead types what a button would do: "HX1001改派林经理", "A12 派给李秀兰", "HX1001 补偿50元", "结案".

Nothing of this is offered to a customer as an answer. The actions are those of the buttons, and check the role.
"""

import re
from dataclasses import dataclass

from domain.effects import Action, Say
from domain.roles import LEADS, Role
from flows.flow import Answer
from flows.sums import fen_in
from handlers import running
from handlers.dialog import Dialog
from handlers.requests import assigning
from handlers.turn import Turn
from storage import cases, orders, people
from storage.cases import Case
from storage.orders import Order
from storage.people import Person

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}")
CASE_NUMBER = re.compile(r"hx\d{3,}", re.IGNORECASE)
AROUND = re.compile(
    r"[\s,，。.!！~～:：、“”\"]|^(?:把|将|请|麻烦|帮我|帮忙|案件|订单|单子|这个|这单|那个|那单|我要|我想|那就|先|的|please)+"
    r"|(?:一下|去做|上门|处理|跟进|负责|来做|去|来|吧|了|啊|哈)+$",
    re.IGNORECASE,
)
HANDS_ON = re.compile(
    r"^(?:改派|转派|转交|[转交派分]|分配|reassign(?: it)?|assign)(?:给|到|to)?|^给|^换成?|^换给|^让|^由", re.IGNORECASE
)
PLAIN = re.compile(r"^(?:改派|转派|转交|.{1,2}给|reassign|assign)", re.IGNORECASE)
"""What means handing on whoever is named after it; 给, 换, 让 do with a colleague's name only."""
TAKES = re.compile(r"(?:接手|接单|接|跟|管)$")
MYSELF = frozenset({"我", "自己", "我自己", "me", "myself"})
VERBS = {
    "compensate": re.compile(r"补偿|赔偿|退款|发券|[退赔](?=\d|[一二三四五六七八九十两百])|compensate", re.IGNORECASE),
    "close_case": re.compile(r"结案|结掉|关闭|close", re.IGNORECASE),
    "take_case": re.compile(r"接单|我接|我来接|接|take", re.IGNORECASE),
    "correct_case": re.compile(r"改分类|分类不对|分类错", re.IGNORECASE),
    "show_case": re.compile(r"看下?|看看|查看|查|打开|案件|怎么样|进度|show|open", re.IGNORECASE),
    "case_tasks": re.compile(r"任务|要做的事|tasks", re.IGNORECASE),
}
HAND_ON = "hand_on"
ALONE = frozenset({"compensate", "close_case", "correct_case", "take_case", "case_tasks", HAND_ON})
"""What a word without a number may mean for the only case in hand."""
WHOLE = 24
LONGEST_NAME = 6
SHORTEST_NUMBER = 4
"""Fewer digits alone are a sum, not an order."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was ordered: an action, or handing on, `to` whom in the lead's words; `sum` are words about money.

    `plain`: it is an order whoever is named.
    """

    action: str
    to: str = ""
    sum: str = ""
    plain: bool = True


def typed(turn: Turn, dialog: Dialog, text: str, case: Case | None = None, *, by_number: bool = False) -> bool:
    """Do what these words order, about the number they name or this `case`; False when they are no order.

    `by_number`: only words that name a number are one, for any others may be meant for a customer.
    """
    if len(text) > WHOLE:
        return False
    number, named, order = _named(turn, text)
    given = order_in(text.replace(number, " ", 1))
    if given is None or (not number and (by_number or given.action not in ALONE)):
        return False
    known = _person(turn, dialog, given.to)
    if given.to and known is None and not (given.plain and number):
        return False
    if number and named is None and order is None:
        turn.say("staff.no_such_case", dialog, number=number.upper())
    elif order is not None:
        _about_order(turn, dialog, order, given, known)
    elif (about := named or case or _only_one(turn, dialog)) is not None:
        _about_case(turn, dialog, about, given, known)
    else:
        _which(turn, dialog, given)
    return True


def order_in(words: str) -> Given | None:
    """What the words beside a number order, None when they say more than that."""
    bare = AROUND.sub("", AROUND.sub("", words.strip()))
    if not bare:
        return Given("show_case")
    for action, verb in VERBS.items():
        if verb.fullmatch(bare):
            return Given(action)
    if VERBS["compensate"].search(bare) and fen_in(bare):
        return Given("compensate", sum=bare)
    handed = HANDS_ON.match(bare)
    to = TAKES.sub("", bare[handed.end() :]) if handed is not None else ""
    return Given(HAND_ON, to, plain=bool(PLAIN.match(bare))) if handed is not None and len(to) <= LONGEST_NAME else None


def _named(turn: Turn, text: str) -> tuple[str, Case | None, Order | None]:
    """The number in the words, with the case or order of that number; a case that is not there by its number alone."""
    for word in NUMBER.findall(text):
        if word.isdecimal() and len(word) < SHORTEST_NUMBER:
            continue
        case = cases.by_number(turn.tx, word.upper())
        order = orders.by_number(turn.tx, word) or orders.by_number(turn.tx, word.upper())
        if case is not None or order is not None or CASE_NUMBER.fullmatch(word):
            return word, case, order if case is None else None
    return "", None, None


def _only_one(turn: Turn, dialog: Dialog) -> Case | None:
    mine = cases.of_owner(turn.tx, dialog.person.id or 0)
    return mine[0] if len(mine) == 1 else None


def _about_case(turn: Turn, dialog: Dialog, case: Case, given: Given, known: Person | None) -> None:
    about = {"case": case.id, "dialog": dialog}
    if given.action != HAND_ON:
        turn.act(given.action, dialog.person, about)
        if given.sum and dialog.current is not None and dialog.current.flow == "compensate":
            running.answer(turn, dialog, Answer(text=given.sum))
    elif known is not None and Role(known.role) is Role.CLEANER:
        _no_lead(turn, dialog, case, known)
    else:
        _say_unknown(turn, dialog, given, known)
        turn.act("reassign_case", dialog.person, about | ({"to": known.id} if known is not None else {}))


def _which(turn: Turn, dialog: Dialog, given: Given) -> None:
    """None in hand, or several: they are listed, and the number is asked for."""
    turn.act("waiting" if given.action == "take_case" else "my_cases", dialog.person, {"dialog": dialog})
    if cases.of_owner(turn.tx, dialog.person.id or 0) and given.action != "take_case":
        turn.say("staff.which_case", dialog)


def _about_order(turn: Turn, dialog: Dialog, order: Order, given: Given, known: Person | None) -> None:
    """Visits are given to cleaners; anything else is done with the case about the visit, when there is one."""
    if given.action != HAND_ON or (known is not None and Role(known.role) in LEADS):
        found = [case for case in cases.open_about(turn.tx, order.customer_id) if case.order_id == order.id]
        if found:
            _about_case(turn, dialog, found[0], given, known)
        else:
            turn.say("staff.no_case_about", dialog, number=order.number)
    elif known is not None:
        turn.act("assign_cleaner", dialog.person, {"order": order.id, "cleaner": known.id, "dialog": dialog})
    else:
        _say_unknown(turn, dialog, given, known)
        assigning.offer(turn, dialog.person, dialog, order)


def _say_unknown(turn: Turn, dialog: Dialog, given: Given, known: Person | None) -> None:
    if given.to and known is None:
        turn.say("staff.nobody_called", dialog, name=given.to)


def _no_lead(turn: Turn, dialog: Dialog, case: Case, cleaner: Person) -> None:
    """A case is looked after by those who lead; the customer's coming visits can be given to this cleaner."""
    mine = orders.of_customer(turn.tx, case.customer_id) if case.customer_id is not None else []
    coming = [one for one in reversed(mine) if one.status == "booked" and one.starts_at > turn.now]
    visits = tuple(_visit(one, cleaner) for one in coming[:2] if one.cleaner_id != cleaner.id)
    hand_on = Action("reassign_case", "staff.reassign_case_label", {"case": case.id})
    said = {"number": case.number, "who": cleaner.name}
    turn.perform((Say("staff.no_lead", said, buttons=(*visits, hand_on), case=case.id),), dialog)


def _visit(order: Order, cleaner: Person) -> Action:
    args = {"order": order.id, "number": order.number, "cleaner": cleaner.id, "who": cleaner.name}
    return Action("assign_cleaner", "staff.give_visit_label", args)


def _person(turn: Turn, dialog: Dialog, name: str) -> Person | None:
    """The only colleague called so; a part of the name is enough when nobody else has it."""
    if not name or name in MYSELF:
        return dialog.person if name else None
    staff = [one for role in (*sorted(LEADS), Role.CLEANER) for one in people.with_role(turn.tx, role)]
    exact = [one for one in staff if one.name == name]
    found = exact or [one for one in staff if len(name) > 1 and name in one.name]
    return found[0] if len(found) == 1 else None
