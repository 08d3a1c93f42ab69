"""Doubt about what a customer wants: said openly and asked, never guessed away. Danger is never asked about first."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.effects import Action, Say
from domain.events import MessageCame
from domain.labels import CaseType, Intent, Priority
from domain.understanding import Understanding
from flows.clarify import Clarify
from flows.complaint import number_in
from handlers import meaning, running
from handlers.answers import feedback
from handlers.area import Area
from handlers.cases import opening
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.people import Person

MOST = 3
HINT = 3
"""So few characters tell too little to open a case in the middle of something else."""
NAMED = re.compile("投诉|complain", re.IGNORECASE)
"""Whoever says it outright is not asked."""
WORTH = 0.15
"""A wish less likely than this is not offered."""
COMMON = (Intent.COMPLAINT, Intent.INQUIRY, Intent.BOOKING)
"""What people want most often: offered as well when too little else is likely."""
NO_WISH = frozenset({Intent.CHITCHAT, Intent.HANDOFF})
"""Small talk asks for nothing, and a person can always be asked for."""


def is_sure(turn: Turn, reading: Understanding) -> bool:
    """Whether we know well enough what is wanted. What may be urgent is taken for it at once."""
    intents = reading.intents()
    if not intents or reading.priority is Priority.URGENT or reading.hazard:
        return True
    return intents[0][1] >= turn.world.company.doubts.intent


def asked(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Ask when it is doubtful and there is something to choose from; False when there is nothing to ask."""
    if is_sure(turn, reading) or number_in(message.text) or _is_heard(turn, dialog, reading):
        return False
    likely = _likely(reading)
    if not likely:
        return False
    state = {"text": message.text, "files": message.attachments, "ref": message.ref, "likely": likely}
    return running.begin(turn, dialog, "clarify", state)


def hinted(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "坏了" among our questions: asked about before it becomes a case, and what was being asked goes on."""
    standing = dialog.current
    if standing is None or running.flow_of(turn, standing).light or not is_hint(message, reading):
        return False
    if opening.matching(turn, dialog.person.id or 0, reading) is not None:
        return False
    meant = {"text": message.text, "intent": Intent.COMPLAINT.value, "files": [], "ref": message.ref}
    button = Action("meant", "clarify.hint_label", meant)
    turn.perform((Say("clarify.hint", {"said": message.text}, buttons=(button,)),), dialog)
    running.ask_again(turn, dialog)
    return True


def is_hint(message: MessageCame, reading: Understanding) -> bool:
    """Whether so few words read as a complaint that they may be a slip, with nobody in danger and nothing shown."""
    text = message.text
    if reading.intent is not Intent.COMPLAINT or reading.hazard or reading.priority is Priority.URGENT:
        return False
    short = len(text.split()) == 1 if text.isascii() else sum(map(str.isalnum, text)) <= HINT
    return short and not message.attachments and not NAMED.search(text)


def _likely(reading: Understanding) -> tuple[str, ...]:
    """Two or three wishes to choose from, the likeliest first; none when it asks for nothing as far as we can see."""
    found = [intent for intent, chance in reading.intents() if intent not in NO_WISH and chance >= WORTH]
    return tuple(dict.fromkeys((*found, *COMMON)))[:MOST] if found else ()


def _is_heard(turn: Turn, dialog: Dialog, reading: Understanding) -> bool:
    """Words that may ask for nothing go to whoever is there already: the cleaner, or who has the case."""
    if reading.intent is not Intent.CHITCHAT:
        return False
    return bool(cases.open_with(turn.tx, dialog.person.id or 0)) or feedback.visit_now(turn, dialog) is not None


def _start(turn: Turn, dialog: Dialog, args: Mapping[str, Any]) -> Clarify:
    texts, locale = turn.world.texts, dialog.person.locale
    likely: tuple[str, ...] = args["likely"]
    named = [texts.render(f"clarify.wish_{intent}", {}, locale) for intent in likely]
    told = dict(zip(("first", "second", "third"), named, strict=False))
    wishes = texts.render("clarify.three" if len(named) == MOST else "clarify.two", told, locale)
    return Clarify(args["text"], likely, wishes, turn.world.company.doubts.intent, args["files"], args["ref"])


def _meant(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The customer said what they want: their first words are followed as that."""
    dialog: Dialog = args["dialog"]
    message = MessageCame(dialog.address, args["text"], tuple(args["files"]), ref=args["ref"])
    meaning.follow(turn, dialog, message, read_as(turn.read(message.text), Intent(args["intent"])))


def read_as(reading: Understanding, intent: Intent) -> Understanding:
    """The same reading with the intent that a person named; of the rest only what goes with it."""
    if reading.intent is intent:
        return reading
    if intent is not Intent.COMPLAINT:
        return replace(reading, intent=intent, primary=None, secondary=(), priority=None, hazard=None)
    types = reading.types()
    return replace(reading, intent=intent, topics=(), primary=types[0][0] if types else CaseType.OTHER)


AREA = Area(actions={"meant": _meant}, starts={"clarify": _start})
