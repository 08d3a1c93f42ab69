"""Inquiries 咨询: answered from the catalogue, counted by topic, handed to a person when the catalogue is at a loss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.effects import CountInquiry, OpenRequest
from domain.events import MessageCame
from domain.labels import Stage, Topic
from domain.understanding import Understanding
from flows.inquiry import Inquiry as InquiryState
from handlers import running
from handlers.answers import catalogue
from handlers.answers.stages import reached
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.requests import talking
from handlers.texts import DEFAULT_LOCALE
from handlers.turn import Turn
from storage.people import Person
from storage.requests import Inquiry

WEIGHING = frozenset({Topic.PRICE, Topic.CONTRACT, Topic.PROMOTION, Topic.COVERAGE})


@dataclass(frozen=True, slots=True)
class Reply:
    """What can be said, and the topics that could and could not be answered."""

    text: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]


def asked(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """Answer all topics at once; what is unknown goes to a person with the question kept."""
    if talking.passed_on(turn, dialog, message):
        return
    reply = compose(turn, message.text, reading.topics, dialog.person.locale)
    _count(turn, dialog, reply)
    if reply.text:
        _say(turn, dialog, message.text, reply)
    if not reply.text or reply.unknown:
        turn.perform((OpenRequest("question", message.text, {"topics": list(reply.unknown)}),), dialog)


def compose(turn: Turn, text: str, topics: tuple[Topic, ...], locale: str) -> Reply:
    """The answer to every topic of a question, in the order they were asked about.

    "能……吗" reads as a question about the scope as well: it is answered by what was said of the matter itself.
    """
    content = turn.world.company.catalogue
    asked_about = topics
    known = _known(content, asked_about, text, locale)
    if not known:
        asked_about = tuple(catalogue.topics_in(content, text)) or topics
        known = _known(content, asked_about, text, locale)
    covered = Topic.SCOPE if set(known) - {Topic.PRICE} else None
    unknown = tuple(topic.value for topic in asked_about if topic not in known and topic is not covered)
    spoken = "\n\n".join(dict.fromkeys((*known.values(), *_estimates(turn, known, text, locale))))
    return Reply(spoken, tuple(topic.value for topic in known), unknown)


def _known(content: Mapping[str, Any], topics: tuple[Topic, ...], text: str, locale: str) -> dict[Topic, str]:
    """What can be said, by topic."""
    answers = {topic: catalogue.answer(content, topic, text, locale) for topic in topics}
    return {topic: said for topic, said in answers.items() if said}


def _estimates(turn: Turn, known: Mapping[Topic, str], text: str, locale: str) -> Iterator[str]:
    """What it would come to, when somebody asks the price of a service and says how large the home is."""
    content = turn.world.company.catalogue
    area = catalogue.area_in(text)
    for one in catalogue.named(content, text) if area and Topic.PRICE in known else ():
        fen, _ = catalogue.estimate(one, area)
        if fen and one["unit"] != "visit":
            said = {"service": catalogue.called(content, one["name"], locale), "area": area, "fen": fen}
            yield turn.world.texts.render("inquiry.estimate", said, locale)


def _say(turn: Turn, dialog: Dialog, question: str, reply: Reply) -> None:
    """With its buttons, unless something else is going on: then the answer alone, and that goes on."""
    if dialog.current is not None and not running.flow_of(turn, dialog.current).light:
        turn.say("inquiry.aside", dialog, answer=reply.text)
        return
    running.begin(turn, dialog, "inquiry", {"answer": reply.text, "question": question})


def _count(turn: Turn, dialog: Dialog, reply: Reply) -> None:
    counts = [CountInquiry(reply.known, answered=True)] if reply.known else []
    if reply.unknown or not reply.known:
        counts.append(CountInquiry(reply.unknown or ("other",), answered=False))
    turn.perform(counts, dialog)
    weighing = bool(WEIGHING & set(map(Topic, reply.known)))
    reached(turn, dialog.person, Stage.DECIDING if weighing and dialog.person.stage != "aware" else Stage.INTERESTED)


def _counted(turn: Turn, dialog: Dialog | None, effect: CountInquiry) -> None:
    if dialog is None:
        return
    for topic in effect.topics:
        turn.tx.add(
            Inquiry, customer_id=dialog.person.id or 0, topic=topic, answered=effect.answered, at=turn.now
        )  # fmt: skip


def _start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> InquiryState:
    services = catalogue.named(turn.world.company.catalogue, args["question"])
    only = services[0]["id"] if len(services) == 1 else ""
    return InquiryState(args["answer"], args["question"], only)


def _ask_topic(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """A button that asks about a topic in general."""
    dialog, topic = args["dialog"], Topic(args["topic"])
    question = turn.world.texts.render(f"inquiry.question_{topic.value}", {}, DEFAULT_LOCALE)
    reply = compose(turn, question, (topic,), dialog.person.locale)
    _count(turn, dialog, reply)
    _say(turn, dialog, question, reply)


AREA = Area(effects={CountInquiry: _counted}, actions={"ask_topic": _ask_topic}, starts={"inquiry": _start})
