"""A voice note is written down: what is asked, and how the words come back as if they had been typed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.events import Attachment, Incoming, JobEnded, MessageCame, load_event
from domain.models import Listener, Never, NotNow, Sound, Told
from handlers.engine import Engine
from handlers.models.queueing import HEAR
from handlers.models.work import Ready
from storage import conversations, files
from storage.database import Tx
from storage.files import StoredFile
from storage.inbox import Inbox
from storage.jobs import Job
from storage.people import Person

NOT_HEARD = "voice_not_heard"
LONGEST = 2000
FETCHED_WITHIN = timedelta(minutes=2)
MADE_UP = ("字幕由", "字幕志愿者", "请不吝点赞", "請不吝點贊", "谢谢观看", "謝謝觀看", "Thanks for watching")
"""What speech models write when they hear nothing but noise."""
Content = Callable[[StoredFile], bytes]
"""The content of a file that is ready. Runs in a thread; raises `OSError` when it is gone."""


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note with the message it came in."""

    message: MessageCame
    voice: StoredFile
    others: tuple[StoredFile, ...]
    language: str


class Hearing:
    """Work for a worker. Somebody waits: what does not work soon goes to a person."""

    kind = HEAR
    pauses: tuple[timedelta, ...] = (timedelta(seconds=2), timedelta(seconds=10))
    patience = timedelta(0)
    answered = False

    def __init__(self, engine: Engine, model: Listener, content: Content, seconds: float = 30.0) -> None:
        self.seconds = seconds
        self._engine = engine
        self._model = model
        self._content = content

    def ready(self, tx: Tx, job: Job, now: datetime) -> Ready:
        """When the file is here; one that does not come soon is not waited for."""
        voice = files.find(tx, job.args["voice"])
        if voice is not None and voice.state == "pending" and now - job.created_at < FETCHED_WITHIN:
            return Ready.LATER
        return Ready.NOW if voice is not None and voice.state == "ready" else Ready.NEVER

    async def do(self, job: Job) -> Incoming | NotNow | Never:
        note = await asyncio.to_thread(self._note, job)
        if note is None:
            return Never("nothing to hear")
        try:
            content = await asyncio.to_thread(self._content, note.voice)
        except OSError:
            return Never("content gone")
        outcome = await self._model.listen(Sound(content, note.voice.mime, note.language))
        if not isinstance(outcome, Told):
            return outcome
        text = " ".join(outcome.text.split())[:LONGEST]
        if not text or any(words in text for words in MADE_UP):
            return Never("no words")
        return Incoming("job", f"{HEAR}:{job.id}", str(note.message.address), spoken(note, text))

    def wanted(self, tx: Tx, job: Job) -> bool:
        """Not when the sender was erased meanwhile."""
        voice = files.find(tx, job.args["voice"])
        return voice is not None and voice.state == "ready"

    def lost(self, job: Job, reason: str) -> Incoming | None:
        return not_heard(job)

    def _note(self, job: Job) -> Note | None:
        with self._engine.database.read() as tx:
            message = came_with(tx, job)
            voice = files.find(tx, job.args["voice"])
            if message is None or voice is None or voice.state != "ready":
                return None
            chat = conversations.at(tx, message.address)
            person = tx.find(Person, chat.person_id if chat is not None else None)
            others = tuple(file for one in job.args["others"] if (file := files.find(tx, one)) is not None)
        language = person.locale.partition("-")[0] if person is not None else ""
        return Note(message, voice, others, language)


def spoken(note: Note, text: str) -> MessageCame:
    """The message again, with words; the voice carries them too."""
    voice, was = attachment(note.voice, words=text), note.message
    attached = (voice, *(attachment(other) for other in note.others))
    return replace(was, text=text, attachments=attached, edited=False)


def attachment(file: StoredFile, words: str = "") -> Attachment:
    return Attachment(file.kind, str(file.id), file.size, file.mime, words=words)  # type: ignore[arg-type]  # as stored


def came_with(tx: Tx, job: Job) -> MessageCame | None:
    """The message that the job is about; None when it was erased."""
    row = tx.find(Inbox, job.event_id)
    event = load_event(row.body) if row is not None else None
    return event if isinstance(event, MessageCame) and event.attachments else None


def not_heard(job: Job) -> Incoming:
    """Nobody could write it down: a person listens."""
    return Incoming("job", f"{HEAR}:{job.id}", f"job:{job.id}", JobEnded(NOT_HEARD, {"job": job.id}))
