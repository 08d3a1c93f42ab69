"""What a cleaner said, mid-job and with wet hands: danger first, then one-word commands, then the question at hand."""

import re
from collections.abc import Callable
from datetime import timedelta

from domain.effects import Action, CheckIn, OpenCase, Say
from domain.events import Attachment, MessageCame
from domain.labels import CaseType, Checkpoint, Intent, OrderStatus
from domain.understanding import Understanding
from flows.flow import Answer
from flows.late import minutes_said
from handlers import running
from handlers.answers.feedback import kind_of
from handlers.cases import amending, conversing
from handlers.dialog import Dialog
from handlers.turn import Turn
from handlers.visits import jobs, undoing
from storage import cases
from storage.cases import Case
from storage.orders import Order

Ear = Callable[[Turn, Dialog, MessageCame, Understanding], bool]
"""True when it dealt with the message."""

COMMANDS = ("today", "tomorrow", "late", "report", *Checkpoint)
USEFUL = ("photo", "voice", "video", "document")
LONGEST = 500
CLAUSE = re.compile(r"[，,。.！!；;\s]")
PARTICLES = "呢啊呀哦嘛哈"
STILL = re.compile(
    r"(?:我|大概|可能|应该)*(?:还要|还得|还有|再|再等|再要)(?:等|过)?[\d一二三四五六七八九十两半来几]+(?:多|来)?(?:分钟|个?小时|刻钟?)(?:到|左右|吧|才到|就到)*[。！!]?$"
)
SOON = timedelta(hours=1)
FRESH = timedelta(hours=12)
NEWS, LONGEST_NEWS = 4, 40
"""Shorter words are a nod; longer ones tell of something else as well."""
GOES_ON = frozenset({CaseType.PUNCTUALITY, CaseType.RESPONSE, CaseType.STAFFING, CaseType.OTHER})
"""What waiting before a closed door reads as, sentence by sentence."""
UNTROUBLED = frozenset({Intent.CHITCHAT, Intent.PRAISE})


def said(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """Ask each ear in turn; the last one always answers."""
    if not message.text:
        return _showed(turn, dialog, message)
    reading = turn.read(message.text, "cleaner")
    for ear in EARS:
        if ear(turn, dialog, message, reading):
            return None
    return None


def _danger(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Somebody may be hurt: a case at once, whatever else was being asked."""
    if reading.intent is not Intent.COMPLAINT or reading.hazard is None:
        return False
    _open_case(turn, dialog, message)
    return True


def _cancel(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Leave the question at hand, unless the word is one of its own answers."""
    if running.typed_choice(turn, dialog, Answer(text=message.text)).choice:
        return False
    return _typed(turn, dialog, "cleaners.quit", message.text, ("quit",)) == "quit" and running.cancel(turn, dialog)


def _slip(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "点错了，还没做完" right after 完成; told beside trouble, or as an answer, it is left to those."""
    if dialog.current is not None and dialog.current.flow != "job":
        return False
    whole, *parts = (
        bool(_typed(turn, dialog, "cleaners.slips", part.rstrip(PARTICLES), ("undo",)))
        for part in (message.text, *filter(None, CLAUSE.split(message.text)))
    )
    if not (whole or (any(parts) and (all(parts) or reading.intent is not Intent.COMPLAINT))):
        return False
    job = undoing.just_finished(turn, dialog.person.id or 0)
    if job is not None:
        turn.act("not_finished", dialog.person, {"dialog": dialog, "order": job.id})
    return job is not None


def _command(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """One word does what a button does, also as a part of a message that tells of no trouble."""
    known = _typed(turn, dialog, "cleaners.commands", message.text, COMMANDS)
    if not known and reading.intent in UNTROUBLED:
        parts = (
            _typed(turn, dialog, "cleaners.commands", part, tuple(Checkpoint)) for part in CLAUSE.split(message.text)
        )
        known = next(filter(None, parts), "")
    match known:
        case "":
            return False
        case "today":
            turn.act("my_day", dialog.person, {"dialog": dialog})
        case "tomorrow":
            turn.act("my_day", dialog.person, {"dialog": dialog, "days": 1})
        case "late":
            _about_job(turn, dialog, "be_late")
        case "report":
            turn.act("report", dialog.person, {"dialog": dialog})
        case point:
            _about_job(turn, dialog, "check_in", point=point)
    return True


def _reply(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """A reply to something about a case goes there."""
    return bool(message.reply_to) and amending.replied(turn, dialog, message)


def _answer(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """The question at hand. A problem told beside the pictures stays with them and is a report all the same.

    Who comes late to a visit, or stands there before a closed door, does not answer what we asked about another.
    """
    standing = dialog.current
    problem = reading.intent is Intent.COMPLAINT and not _lateness(turn, dialog, message)
    if standing is not None and standing.flow == "side":
        case = turn.tx.get(Case, standing.state.case)
        if _comes_late(turn, dialog, message) or (problem and _tells_of_now(turn, dialog, message, reading, case)):
            return False
    if problem and standing is not None and standing.flow == "late":
        return False
    given = Answer(text=message.text, files=message.attachments, reading=reading)
    answered = running.answer(turn, dialog, given)
    if answered and problem and standing is not None and standing.flow == "job":
        _open_case(turn, dialog, message)
    return answered


def _all_clear(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "好像修好了，没事了" after a report reaches its case, as "还没修好" does, and words that we make nothing of."""
    if reading.hazard is not None or len(message.text) > LONGEST_NEWS:
        return False
    case = next((one for one in cases.open_with(turn.tx, dialog.person.id or 0) if _is_fresh(turn, one)), None)
    if case is None:
        return False
    over, still = _says(turn, dialog, "over", message.text), _says(turn, dialog, "not_over", message.text)
    if still and reading.intent is Intent.COMPLAINT:
        amending.join(turn, dialog, case, message, reading)
        return True
    if over and not still:
        amending.seems_over(turn, dialog, case, message)
        return True
    if reading.intent is not Intent.CHITCHAT or len(message.text) < NEWS or kind_of(message.text) != "other":
        return False
    amending.relay_to_staff(turn, dialog, case, message)
    return True


def _is_fresh(turn: Turn, case: Case) -> bool:
    return case.origin == cases.BY_CLEANER and turn.now - case.opened_at <= FRESH


def _says(turn: Turn, dialog: Dialog, key: str, text: str) -> bool:
    """Whether one of these words of the texts was used."""
    words = text.casefold()
    return any(word in words for word in turn.world.texts.options(f"cleaners.{key}", dialog.person.locale))


def _late(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "路上堵车，要晚到二十分钟" needs no further question."""
    if not _lateness(turn, dialog, message):
        return False
    job = jobs.current(turn, dialog.person.id or 0)
    minutes = minutes_said(message.text, reading)
    if job is None or job.status != OrderStatus.BOOKED or not minutes:
        return _about_job(turn, dialog, "be_late")
    turn.perform((CheckIn(job.id or 0, "late", message.text, minutes=minutes),), dialog)
    return True


def _problem(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """One message reports a problem at any moment, with its pictures; more about the last one goes with it."""
    if reading.intent is not Intent.COMPLAINT:
        return False
    case = _same_matter(turn, dialog, reading)
    if case is not None:
        amending.join(turn, dialog, case, message, reading)
    else:
        _open_case(turn, dialog, message)
    if dialog.current is not None:
        running.ask_again(turn, dialog, "chat.resume")
    return True


def _same_matter(turn: Turn, dialog: Dialog, reading: Understanding) -> Case | None:
    """The report that "打了三个电话没人接" goes on about: just made, about this job, and nothing else broke since."""
    job = jobs.last_job(turn, dialog.person.id or 0)
    if job is None:
        return None
    for case in cases.open_with(turn.tx, dialog.person.id or 0):
        mine = case.origin == cases.BY_CLEANER and case.order_id == job.id
        if mine and turn.now - case.opened_at <= SOON and (reading.primary in GOES_ON or reading.primary == case.type):
            return case
    return None


def _unknown(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """Not understood: the menu, with a button that passes these very words on."""
    job = jobs.last_job(turn, dialog.person.id or 0)
    args = {"text": message.text[:LONGEST], "order": job.id if job is not None else 0}
    pass_on = Action("report", "cleaners.pass_on_label", args)
    sentence = len(message.text) >= NEWS and kind_of(message.text) == "other"
    if reading.intent is Intent.CHITCHAT and not sentence:
        menu(turn, dialog, "cleaners.hello")
    else:
        about_me = reading.intent is Intent.DATA_REQUEST
        menu(turn, dialog, "cleaners.my_data" if about_me else "cleaners.unknown", pass_on)
    return True


EARS: tuple[Ear, ...] = (
    _danger, _cancel, _slip, _command, _reply, _answer, _late, _all_clear, conversing.answered, _problem, _unknown,
)  # fmt: skip


def menu(turn: Turn, dialog: Dialog, key: str, *more: Action) -> None:
    """The three things a cleaner needs."""
    job = jobs.current(turn, dialog.person.id or 0)
    order = {"order": job.id} if job is not None else {}
    waiting = job is not None and job.status == OrderStatus.BOOKED
    late = (Action("be_late", "visits.late_label", order),) if waiting else ()
    today, report = Action("my_day", "visits.today_label"), Action("report", "visits.report_label", order)
    turn.perform((Say(key, buttons=(*more, today, *late, report)),), dialog)


def _showed(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    """Pictures without words: for the question at hand, else kept with the job at hand."""
    files = tuple(file for file in message.attachments if file.kind in USEFUL)
    if not files:
        menu(turn, dialog, "cleaners.cannot_read")
    elif not (running.takes_files(turn, dialog) and running.answer(turn, dialog, Answer(files=files))):
        _kept(turn, dialog, files, jobs.current(turn, dialog.person.id or 0))


def _kept(turn: Turn, dialog: Dialog, files: tuple[Attachment, ...], job: Order | None) -> None:
    if job is None or job.status != OrderStatus.STARTED:
        menu(turn, dialog, "cleaners.which_picture")
        return
    turn.perform((CheckIn(job.id or 0, Checkpoint.CHECKED.value, files=files),), dialog)
    menu(turn, dialog, "cleaners.picture_kept")


def _open_case(turn: Turn, dialog: Dialog, message: MessageCame) -> None:
    job = jobs.last_job(turn, dialog.person.id or 0)
    effect = OpenCase(message.text, "cleaner", job.id if job is not None else None, message.attachments)
    turn.perform((effect,), dialog)


def _about_job(turn: Turn, dialog: Dialog, action: str, **args: str) -> bool:
    """Act on the job at hand, or say that there is none."""
    job = jobs.current(turn, dialog.person.id or 0)
    if job is None:
        menu(turn, dialog, "cleaners.no_job")
    else:
        turn.act(action, dialog.person, {"dialog": dialog, "order": job.id, **args})
    return True


def _lateness(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """Whether the cleaner speaks of coming late, rather than of a customer who does."""
    if _says_how_long(turn, dialog, message.text):
        return True
    return _says(turn, dialog, "lateness", message.text) and not _says(turn, dialog, "others", message.text)


def _comes_late(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    job = jobs.current(turn, dialog.person.id or 0)
    return job is not None and _is_soon(turn, job) and _lateness(turn, dialog, message)


def _is_soon(turn: Turn, job: Order) -> bool:
    return job.status == OrderStatus.BOOKED and abs(turn.now - job.starts_at) <= SOON * 2


def _tells_of_now(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding, case: Case) -> bool:
    """Whether a problem is one of the visit at hand, and not what happened at the visit this case is about."""
    job = jobs.current(turn, dialog.person.id or 0)
    if job is None or job.id == case.order_id or not (job.status == OrderStatus.STARTED or _is_soon(turn, job)):
        return False
    of_then = _says(turn, dialog, "then", message.text) or any(one.text in case.text for one in reading.matrix.objects)
    return not of_then and (reading.primary in GOES_ON or reading.primary != case.type)


def _says_how_long(turn: Turn, dialog: Dialog, text: str) -> bool:
    """ "还要十分钟" of somebody who is not there yet, and should be."""
    if not STILL.match(text.strip()):
        return False
    job = jobs.current(turn, dialog.person.id or 0)
    return job is not None and job.status == OrderStatus.BOOKED and turn.now >= job.starts_at - SOON


def _typed(turn: Turn, dialog: Dialog, key: str, text: str, ids: tuple[str, ...]) -> str:
    """Which of the commands in the texts was typed, or ""."""
    return turn.world.texts.named(key, dict.fromkeys(ids, ""), text, dialog.person.locale)
