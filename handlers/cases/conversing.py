"""A person and we talk about a case: plain words go to whoever wrote last, as in any chat, without a reply mark."""

from datetime import timedelta

from domain.events import MessageCame
from domain.labels import Intent
from domain.understanding import Understanding
from handlers.answers import catalogue
from handlers.cases.amending import join, relay_to_staff
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases, orders
from storage.cases import Case, calls_first

LATELY = timedelta(hours=24)
COURTESY = 4
"""谢谢, 好的, 知道了: nobody needs to be told, unless an answer was asked for."""
WORDS = frozenset({Intent.CHITCHAT, Intent.PRAISE, Intent.SUGGESTION})
ANSWERS = WORDS | {Intent.BOOKING, Intent.INQUIRY}
"""What an answer to a question may read as: "周六上午行吗" asks for nothing new."""


def answered(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Words to somebody of ours who wrote lately; a question of theirs takes almost anything as its answer.

    One that complains again is theirs as well: they see whether it is another matter.
    An urgent case that came after belongs to nobody yet, and yet whoever is in danger speaks of nothing else.
    """
    found = _open_cases(turn, dialog)
    case = next((case for case in found if calls_first(case) or _wrote_lately(turn, case)), None)
    if case is None:
        return False
    waits = case.waiting_since is not None
    if reading.intent is Intent.COMPLAINT and _wrote_lately(turn, case):
        join(turn, dialog, case, message, reading)
        return True
    if not waits and _settles_a_time(turn, dialog, case, message, reading):
        relay_to_staff(turn, dialog, case, message)
        return True
    if reading.intent not in (ANSWERS if waits else WORDS) or not (waits or len(message.text) > COURTESY):
        return False
    relay_to_staff(turn, dialog, case, message)
    return True


def _settles_a_time(turn: Turn, dialog: Dialog, case: Case, message: MessageCame, reading: Understanding) -> bool:
    """ "能不能改下午" to somebody who just offered to come: no booking of its own, which names a service or a visit."""
    if reading.intent is not Intent.BOOKING or not _wrote_lately(turn, case):
        return False
    named = catalogue.named(turn.world.company.catalogue, message.text)
    mine = orders.of_customer(turn.tx, dialog.person.id or 0)
    coming = any(one.status == "booked" and one.starts_at > turn.now for one in mine)
    return not named and not coming and "约" not in message.text


def added(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """Words that fit nothing else belong to the case that is open, if one is."""
    case = next(iter(_open_cases(turn, dialog)), None)
    if case is not None:
        relay_to_staff(turn, dialog, case, message)
    return case is not None


def _open_cases(turn: Turn, dialog: Dialog) -> list[Case]:
    return cases.open_with(turn.tx, dialog.person.id or 0)


def _wrote_lately(turn: Turn, case: Case) -> bool:
    written = [entry.at for entry in cases.entries(turn.tx, case.id or 0) if entry.kind == "reply"]
    return bool(written) and turn.now - written[-1] <= LATELY
