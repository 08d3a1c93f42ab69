"""Suggestions, praise and small talk: heard, answered like a person would, and never made into more than they are."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from domain.effects import Action, OpenRequest, SaveNeeds, Say
from domain.errors import Forbidden
from domain.events import MessageCame
from domain.roles import Role
from domain.understanding import Understanding
from handlers.area import Area
from handlers.cases import conversing
from handlers.dialog import Dialog
from handlers.orders.telling import words
from handlers.people import privacy
from handlers.people.welcoming import BUTTONS
from handlers.requests import adding, bookings, phones, talking
from handlers.turn import Turn
from storage import orders, people, ratings
from storage.orders import Order
from storage.people import Person

RECENT = timedelta(days=14)
NEAR = timedelta(hours=1)
LONGEST = 300
MENU = BUTTONS[Role.CUSTOMER]
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("thanks", ("谢", "辛苦", "thank", "thx", "3q", "唔该", "🙏", "🌹")),
    ("bye", ("再见", "再会", "拜拜", "晚安", "bye", "回见", "回头见", "明天见", "下次见")),
    ("who", ("你是谁", "机器人吗", "真人吗", "你是人", "你叫什么", "are you a bot", "who are you")),
    ("wish", ("新年快乐", "节日快乐", "生日快乐", "中秋快乐", "恭喜发财")),
    ("hello", (
        "你好", "您好", "哈喽", "hello", "hi", "嗨", "在吗", "在么", "在不在", "早", "下午好", "晚上好", "喂", "hey",
    )),
    ("wait", ("稍等", "等等", "等一下", "等下", "等会", "想想", "想一下", "我看看")),
    ("fine", (
        "好的", "好滴", "好哒", "嗯", "哦", "噢", "ok", "收到", "知道了", "明白", "行", "没问题", "了解", "👌", "👍",
        "没事",
    )),
    ("test", ("测试", "test", "试一下", "试试")),
)  # fmt: skip
SHORT = 12
HELLOS = next(marks for kind, marks in KINDS if kind == "hello")
GREETED = 3
"""A greeting may have that much around it."""
ALONE = dict.fromkeys(("在", "在的", "在呢", "我在", "来了", "我来了"), "hello") | dict.fromkeys(
    (
        "不客气", "别客气", "不用谢", "不谢", "没关系", "不要紧", "算了", "算了吧", "算啦", "随便", "都行", "都可以",
        "可以", "无所谓", "好", "好吧", "对", "对的", "是", "是的", "打扰了", "打扰啦", "麻烦了", "麻烦您了",
        "不好意思", "抱歉", "对不起",
    ),
    "fine",
)  # fmt: skip
"""Whole messages that are small talk of a kind."""
SHORTCUTS: tuple[tuple[tuple[str, ...], Callable[[Turn, Dialog, MessageCame, Understanding], None]], ...] = (
    (("我的数据", "我的信息", "我的资料", "个人信息", "my data"), privacy.asked),
    (("预约", "约保洁", "约阿姨", "下单", "book"), bookings.wanted),
)
"""Words that our own texts and buttons teach people: they work alone, without a sentence around them."""


def suggested(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """Kept for the company to read; nobody is called for it."""
    if not talking.passed_on(turn, dialog, message):
        turn.perform((OpenRequest("suggestion", message.text),), dialog)


def praised(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """Thanks; somebody whose last visit has no stars yet may give them now."""
    if talking.passed_on(turn, dialog, message):
        return
    order = _unrated(turn, dialog)
    if order is None:
        turn.say("feedback.praised", dialog)
        return
    button = Action("rate_order", "feedback.rate_label", {"order": order.id})
    turn.perform((Say("feedback.praised_visit", {"service": order.service}, buttons=(button,)),), dialog)


def chatted(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """A short natural answer. Nothing is opened or reopened by it."""
    if talking.passed_on(turn, dialog, message) or phones.offered(turn, dialog, message.text):
        return
    for known, about in SHORTCUTS:
        if len(message.text) <= SHORT and any(word in message.text.casefold() for word in known):
            about(turn, dialog, message, reading)
            return
    kind = kind_of(message.text)
    if kind == "other" and dialog.current is None and _has_a_listener(turn, dialog, message, reading):
        return
    helps = kind in ("hello", "test", "who", "other")
    new = kind == "hello" and dialog.person.stage == "aware"
    key = "feedback.hello_new" if new else f"feedback.{kind}"
    said = Say(key, {"company": turn.world.company.name}, buttons=MENU if helps and (new or kind != "hello") else ())
    turn.perform((said,), dialog)


def _has_a_listener(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Words we make nothing of may be meant for the cleaner who is there, or for whoever has the case or booking."""
    order = visit_now(turn, dialog)
    if order is None:
        return conversing.added(turn, dialog, message) or adding.added(turn, dialog, message.text, reading)
    args = {"order": order.id, "text": message.text[:LONGEST]}
    pass_on = Action("tell_cleaner", "feedback.tell_cleaner_label", args)
    known = words(turn, order, dialog.person.locale)
    turn.perform((Say("feedback.for_cleaner", known, buttons=(pass_on, *MENU)),), dialog)
    return True


def tell_cleaner(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button: these words go to the cleaner of the customer's own visit."""
    order = turn.tx.get(Order, args["order"])
    if order.customer_id != actor.id:
        raise Forbidden
    turn.perform((SaveNeeds(order.id or 0, args["text"]),), args["dialog"])
    turn.say("feedback.told_cleaner", args["dialog"], **words(turn, order, actor.locale))


def visit_now(turn: Turn, dialog: Dialog) -> Order | None:
    """The visit that is going on, or begins about now, with somebody to tell."""
    for order in orders.of_customer(turn.tx, dialog.person.id or 0):
        near = order.status == "booked" and abs(order.starts_at - turn.now) <= NEAR
        if (near or order.status == "started") and people.still(turn.tx, order.cleaner_id, {Role.CLEANER}):
            return order
    return None


def kind_of(text: str) -> str:
    """What sort of small talk; `other` for what we make nothing of."""
    plain = text.casefold().strip()
    if not any(character.isalnum() for character in plain):
        return "thanks" if any(mark in plain for mark in "🙏🌹❤💐") else "marks"
    if len(plain) > SHORT:
        return "other"
    bare = "".join(character for character in plain if character.isalnum())
    if bare in ALONE:
        return ALONE[bare]
    kind = next((kind for kind, marks in KINDS if any(mark in plain for mark in marks)), "other")
    return "other" if kind == "hello" and _says_more(bare) else kind


def _says_more(bare: str) -> bool:
    """ "你好，我要开发票" greets, and wants something."""
    for mark in sorted(HELLOS, key=len, reverse=True):
        bare = bare.replace(mark, "")
    return len(bare) > GREETED and not bare.isascii()


def _unrated(turn: Turn, dialog: Dialog) -> Order | None:
    """The last finished visit, when it is recent and has no rating."""
    for order in orders.of_customer(turn.tx, dialog.person.id or 0):
        if order.status == "finished":
            recent = order.ends_at > turn.now - RECENT
            return order if recent and ratings.of_order(turn.tx, order.id or 0) is None else None
    return None


AREA = Area(actions={"tell_cleaner": tell_cleaner})
