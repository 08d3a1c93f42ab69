"""What a customer said: danger first, then short commands, then the question at hand, then what it is about."""

from collections.abc import Callable
from dataclasses import replace

from domain.events import MessageCame
from domain.labels import Demand, Intent
from domain.understanding import LEARNT, Understanding
from flows.flow import Answer, AnyFlow
from flows.times import is_only_time
from handlers import asides, doubting, meaning, running
from handlers.cases import amending, conversing, opening, withdrawing
from handlers.dialog import Dialog
from handlers.ratings import changing
from handlers.requests import adding, bookings, talking
from handlers.turn import Turn

Ear = Callable[[Turn, Dialog, MessageCame, Understanding], bool]
"""True when it dealt with the message."""

SHORT = 20
WORDS_OF_CANCEL = frozenset({
    "取消", "算了", "不用了", "退出", "不填了", "返回", "不说了", "算了不说了", "算了算了", "不想说了",
    "cancel", "quit", "exit",
})  # fmt: skip
ENDS_OF_QUESTIONS = ("?", "？", "吗", "呢", "多少钱", "么", "谁", "哪位", "几点", "几点到", "几点来", "多久", "到哪了")
PARTICLES = " \n啊呀哦哈嘛~～"
STARTS_OF_QUESTIONS = ("有没有", "能不能", "可不可以", "请问", "怎么收费", "多少钱", "你们做", "你们有")
DIGRESSIONS = frozenset({Intent.HANDOFF, Intent.STATUS, Intent.REWARD, Intent.DATA_REQUEST})
TOPICS = ("price", "scope")
OPENINGS = (*TOPICS, "booking")
CONTROLS = ("skip", "right")
"""Buttons of ours that people type: they move a question on and say nothing themselves."""


def said(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """Ask each ear in turn; the last one always answers."""
    if not message.text:
        return _showed(turn, dialog, message)
    reading = turn.read(message.text, "customer")
    for ear in EARS:
        if ear(turn, dialog, message, reading):
            return None
    return None


def _danger(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """A danger to people interrupts everything."""
    if reading.intent is not Intent.COMPLAINT or reading.hazard is None or opening.is_walking(turn, dialog, reading):
        return False
    opening.complained(turn, dialog, message, reading)
    return True


def _cancel(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Leave the question at hand, unless the word is one of its own answers: "取消" to "要取消的是……对吗？" """
    if message.text.casefold().strip("。.!！ ") not in WORDS_OF_CANCEL:
        return False
    return not running.typed_choice(turn, dialog, Answer(text=message.text)).choice and running.cancel(turn, dialog)


def _command(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """The few words that we teach people work at any moment, however they would be read."""
    if running.typed_choice(turn, dialog, Answer(text=message.text)).choice:
        return False
    known = dict.fromkeys(map(str, DIGRESSIONS), "")
    named = turn.world.texts.named("chat.commands", known, message.text, dialog.person.locale)
    return bool(named) and _about(turn, dialog, message, replace(reading, intent=Intent(named)))


def _opening(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """What our greeting invites to, typed as one word: "价格" asks, whatever a word alone reads as."""
    standing = dialog.current
    booking = standing is not None and standing.flow == "booking"
    if standing is not None and not booking and not running.flow_of(turn, standing).light:
        return False
    if running.typed_choice(turn, dialog, Answer(text=message.text)).choice:
        return False
    named = turn.world.texts.named("chat.openings", dict.fromkeys(OPENINGS, ""), message.text, dialog.person.locale)
    if named in TOPICS:
        turn.act("ask_topic", dialog.person, {"dialog": dialog, "topic": named})
        if booking:
            running.ask_again(turn, dialog, "chat.resume")
    elif named and not booking:
        _about(turn, dialog, message, replace(reading, intent=Intent.BOOKING))
    return named in TOPICS or bool(named and not booking)


def _digression(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """A short request in the middle of something else is answered, and the flow goes on."""
    most = SHORT * 2 if message.text.isascii() else SHORT
    short = len(message.text) <= most and reading.intent in DIGRESSIONS
    if dialog.current is None or not short or not doubting.is_sure(turn, reading) or _resembles(message, reading):
        return False
    if _corrects(turn, dialog, message, reading):
        return False
    _about(turn, dialog, message, reading)
    return True


def _resembles(message: MessageCame, reading: Understanding) -> bool:
    """Words that are only like what people say who ask how it stands, and ask nothing: "想退款" is an answer."""
    known = any(reason.label == f"intent.{reading.intent}" and reason.rule != LEARNT for reason in reading.why)
    return reading.intent is Intent.STATUS and not known and not is_question(message.text)


def _reply_to_case(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """A reply to something a person wrote about a case goes back to that person."""
    return bool(message.reply_to) and amending.replied(turn, dialog, message)


def _complains_in_talk(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """While waiting for a person, a complaint is walked at once; told to a person, it becomes a case all the same."""
    in_talk = dialog.current is not None and dialog.current.flow == "talk"
    if not in_talk or reading.intent is not Intent.COMPLAINT or doubting.is_hint(message, reading):
        return False
    if talking.is_taken(turn, dialog):
        opening.keep(turn, dialog, message, reading)
        return False
    opening.complained(turn, dialog, message, reading)
    return True


def _answer(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """The question at hand gets its answer, unless the words are clearly about something else."""
    if running.takes_text(turn, dialog) and _wanders(turn, dialog, message, reading):
        return False
    given = Answer(text=message.text, files=message.attachments, reading=reading)
    return running.answer(turn, dialog, given)


def _booked_visit(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "后天那单取消吧" while another one is being booked."""
    booking = dialog.current is not None and dialog.current.flow == "booking"
    return booking and bookings.about_booked(turn, dialog, message.text)


def _lapsed(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "跳过" to a question that is over: it tells nobody anything."""
    if dialog.current is not None and not running.flow_of(turn, dialog.current).light:
        return False
    texts, locale = turn.world.texts, dialog.person.locale
    names = {name: texts.label("chat.lapsed", name, locale) for name in CONTROLS}
    over = bool(texts.named("chat.lapsed", names, message.text, locale)) and not message.attachments
    if over:
        turn.say("chat.lapsed", dialog)
    return over


def _second_thought(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """A bare time, or what puts the rest right, said while a booking waits to be decided, is what is wanted now."""
    if dialog.current is not None and not running.flow_of(turn, dialog.current).light:
        return False
    if not (is_only_time(message.text, reading, turn.now) or adding.corrects(turn, dialog, message.text, reading)):
        return False
    return adding.added(turn, dialog, message.text, reading)


def _wanders(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Whether a free text is a question of its own rather than the answer we wait for."""
    if running.typed_choice(turn, dialog, Answer(text=message.text)).choice:
        return False
    if not doubting.is_sure(turn, reading) or _corrects(turn, dialog, message, reading):
        return False
    if dialog.current is not None and _yields(
        running.flow_of(turn, dialog.current), dialog.current.step, message.text, reading
    ):
        return True
    return reading.intent is Intent.INQUIRY and is_question(message.text)


def _corrects(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Whether the words put right what was answered before, "换成深度保洁可以吗": no question of its own."""
    standing = dialog.current
    corrects = running.flow_of(turn, standing).corrects if standing is not None else None
    return (
        standing is not None
        and corrects is not None
        and corrects(standing.state, Answer(text=message.text, reading=reading))
    )


def is_question(text: str) -> bool:
    return text.rstrip(PARTICLES).endswith(ENDS_OF_QUESTIONS) or text.startswith(STARTS_OF_QUESTIONS)


def _yields(flow: AnyFlow, step: str, text: str, reading: Understanding) -> bool:
    """Whether words of this kind are never the answer here."""
    if reading.intent is Intent.COMPLAINT and flow.step(step).needs:
        wishes = any(demand is not Demand.NONE for demand in reading.matrix.demands)
        return wishes or reading.anger > 0 or "投诉" in text
    return reading.intent in flow.yields


def _about(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """By what it is about; afterwards the flow that was interrupted asks again."""
    before = dialog.current
    meaning.follow(turn, dialog, message, reading)
    if before is not None and dialog.current is before:
        running.ask_again(turn, dialog, "chat.resume")
    return True


EARS: tuple[Ear, ...] = (
    _danger, _cancel, _command, _opening, changing.heard, withdrawing.heard, _digression, _reply_to_case,
    _complains_in_talk, asides.heard, _booked_visit, _answer, conversing.answered, doubting.hinted, _lapsed,
    _second_thought, doubting.asked, _about,
)  # fmt: skip


def _showed(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """Pictures and voice without words."""
    useful = tuple(file for file in message.attachments if file.kind in ("photo", "voice", "video", "document"))
    if not useful:
        turn.say("chat.cannot_read", dialog)
        running.ask_again(turn, dialog)
    elif not (running.takes_files(turn, dialog) and running.answer(turn, dialog, Answer(files=useful))):
        amending.showed(turn, dialog, message, useful)
