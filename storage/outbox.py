"""The outbox: every message we owe or have sent, with its buttons."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, and_, bindparam, exists, func, or_, select, text, update
from sqlmodel import Field, SQLModel

from storage.columns import Json, Long, UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core

ESCALATION, REPLY, BROADCAST = 0, 1, 2
GONE = "gone: "
"""Begins the reason of messages that died because their chat did."""
OWED_NOW = text("state IN ('queued', 'sending')")
"""The words of the index of what is owed, in the order in which it goes: SQLite looks there only when it reads them."""


class Outbox(SQLModel, table=True):
    """`queued → sending → sent | unknown | dead`. `token` is what buttons under the message carry.

    `buttons` is a list of rows; a button is `{"label", "act", …}` or `{"label", "url"}`. `case_id` is set on cards,
    so that a reply to one finds its case.
    """

    __table_args__ = (
        Index(
            "outbox_owed", "channel", "urgency", "id", "state", "not_before",
            sqlite_where=OWED_NOW, postgresql_where=OWED_NOW,
        ),
        Index("outbox_chat", "channel", "chat", "id"),
        Index("outbox_ref", "channel", "chat", "ref"),
        Index(
            "outbox_files", "person_id", "case_id",
            sqlite_where=text("attachments != '[]'"), postgresql_where=text("attachments != '[]'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=Long)
    event_id: int = Field(sa_type=Long)
    person_id: int | None = Field(default=None, index=True)
    channel: str
    chat: str
    urgency: int = REPLY
    token: str = Field(unique=True)
    text: str
    buttons: list[Any] = Field(default_factory=list, sa_type=Json)
    attachments: list[Any] = Field(default_factory=list, sa_type=Json)
    reply_to: str = ""
    case_id: int | None = None
    about: str = ""
    state: str = "queued"
    ref: str = ""
    attempts: int = 0
    error: str = ""
    not_before: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = core(Outbox)
_OWED = Statement(
    select(_T)
    .where(OWED_NOW, _T.c.channel == bindparam("channel"), _T.c.state == text("'queued'"))
    .where(_T.c.not_before <= bindparam("now"))
    .order_by(_T.c.urgency, _T.c.id)
    .limit(bindparam("limit", type_=_T.c.id.type))
)
_NEXT = Statement(
    select(func.min(_T.c.not_before).label("at")).where(
        OWED_NOW, _T.c.state == text("'queued'"), _T.c.not_before > bindparam("now")
    )
)
_UNSENT = Statement(
    select(func.count().label("n")).where(
        _T.c.channel == bindparam("channel"),
        OWED_NOW,
        _T.c.not_before <= bindparam("now"),
    )
)
_MARK = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state=bindparam("new_state"), ref=bindparam("new_ref"), error=bindparam("reason"), sent_at=bindparam("at"))
)
_SENDING = Statement(
    update(_T).where(_T.c.id == bindparam("row_id")).values(state="sending", attempts=_T.c.attempts + 1)
)
_AGAIN = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(state="queued", not_before=bindparam("at"), error=bindparam("reason"))
)
_SENDING_NOW = Statement(
    select(_T.c.id).where(OWED_NOW, _T.c.channel == bindparam("channel"), _T.c.state == text("'sending'"))
)
_FORWARD = Statement(
    update(_T)
    .where(OWED_NOW, _T.c.state == text("'queued'"))
    .where(_T.c.created_at > bindparam("now"), _T.c.not_before <= _T.c.created_at)
    .values(not_before=bindparam("now_"))
)
_FREE = Statement(
    update(_T)
    .where(OWED_NOW, _T.c.state == text("'queued'"), _T.c.error != text("''"), _T.c.not_before > bindparam("now"))
    .values(not_before=bindparam("now_"))
)
_WITH_FILES = Statement(
    select(_T).where(
        _T.c.person_id == bindparam("person_id"), _T.c.case_id == bindparam("case_id"),
        _T.c.attachments != text("'[]'"), _T.c.state != text("'dead'"),
    )
)  # fmt: skip
_BY_TOKEN = Statement(select(_T).where(_T.c.token == bindparam("token")))
_BY_REF = Statement(
    select(_T).where(_T.c.channel == bindparam("channel"), _T.c.chat == bindparam("chat"), _T.c.ref == bindparam("ref"))
)
_BURY = Statement(
    update(_T)
    .where(_T.c.channel == bindparam("channel"), _T.c.chat == bindparam("chat"), _T.c.state == "queued")
    .values(state="dead", error=bindparam("reason"))
)
_WITHDRAW = Statement(
    update(_T)
    .where(_T.c.person_id == bindparam("who"), _T.c.state == text("'queued'"))
    .values(state="dead", error=bindparam("reason"))
)
_MOVE = Statement(
    update(_T)
    .where(_T.c.channel == bindparam("channel"), _T.c.chat == bindparam("chat"), _T.c.state == "queued")
    .values(chat=bindparam("new_chat"))
)
_THERE = _T.alias("there")
_TAKE_OVER = Statement(
    update(_T)
    .where(_T.c.channel == bindparam("channel"), _T.c.chat == bindparam("chat"))
    .where(
        or_(
            _T.c.state == text("'queued'"),
            and_(_T.c.state == text("'dead'"), _T.c.error.startswith(GONE), _T.c.created_at >= bindparam("since")),
        )
    )
    .where(
        ~exists().where(
            _THERE.c.channel == bindparam("new_channel"),
            _THERE.c.chat == bindparam("new_chat"),
            _THERE.c.event_id == _T.c.event_id,
            _THERE.c.about == _T.c.about,
        )
    )
    .values(channel=bindparam("new_channel"), chat=bindparam("new_chat"), state=text("'queued'"), error="")
)
_PROACTIVE = Statement(
    select(func.count().label("n")).where(
        _T.c.person_id == bindparam("person_id"), _T.c.urgency == BROADCAST, _T.c.created_at >= bindparam("since")
    )
)


def owed(tx: Tx, channel: str, now: datetime, limit: int) -> list[Outbox]:
    """What may be sent now, the most urgent first."""
    return tx.all(_OWED, channel=channel, now=now, limit=limit)


def next_due(tx: Tx, now: datetime) -> datetime | None:
    """When the first of those messages may go that must still wait."""
    value = tx.value(_NEXT, now=now)
    return value if isinstance(value, datetime) else None


def unsent(tx: Tx, channel: str, now: datetime) -> int:
    """How many messages might have gone by now and have not."""
    return int(tx.value(_UNSENT, channel=channel, now=now))


def mark_sending(tx: Tx, row_id: int) -> None:
    tx.do(_SENDING, row_id=row_id)


def mark(tx: Tx, row_id: int, state: str, *, ref: str = "", reason: str = "", at: datetime | None = None) -> None:
    """The end of a message: `sent`, `unknown` or `dead`."""
    tx.do(_MARK, row_id=row_id, new_state=state, new_ref=ref, reason=reason, at=at)


def queue_again(tx: Tx, row_id: int, at: datetime, reason: str) -> None:
    tx.do(_AGAIN, row_id=row_id, at=at, reason=reason)


def requeue_lost(tx: Tx, channel: str, but: set[int]) -> None:
    """What a crash left half sent, and all that the channel's sender does not know of, is owed again.

    It may reach its reader twice.
    """
    for (row_id,) in tx.all(_SENDING_NOW, channel=channel):
        if row_id not in but:
            tx.change(Outbox, row_id, state="queued")


def bring_forward(tx: Tx, now: datetime) -> int:
    """What was due when it was written, at a moment that is still to come, is due now."""
    return tx.run(_FORWARD, now=now, now_=now)


def free_held(tx: Tx, now: datetime) -> int:
    """What waits to be tried again may go now; what was to be said later still waits for its time."""
    return tx.run(_FREE, now=now, now_=now)


def files_shown(tx: Tx, person_id: int, case_id: int) -> set[str]:
    """The files about this case that went to this person."""
    rows = tx.all(_WITH_FILES, person_id=person_id, case_id=case_id)
    return {file["file"] for row in rows for file in row.attachments}


def by_token(tx: Tx, token: str) -> Outbox | None:
    return tx.one(_BY_TOKEN, token=token)


def by_ref(tx: Tx, channel: str, chat: str, ref: str) -> Outbox | None:
    """The message that the channel knows under this id."""
    return tx.one(_BY_REF, channel=channel, chat=chat, ref=ref)


def replied_to(tx: Tx, channel: str, chat: str, reply_to: str) -> Outbox | None:
    """Our message that somebody replied to: the channel's id, or our own `out-12` where we draw the chat."""
    if reply_to.startswith("out-") and reply_to[4:].isdecimal():
        row = tx.find(Outbox, int(reply_to[4:]))
        return row if row is not None and (row.channel, row.chat) == (channel, chat) else None
    return by_ref(tx, channel, chat, reply_to) if reply_to else None


def bury(tx: Tx, channel: str, chat: str, reason: str) -> int:
    """Nothing more goes to this chat."""
    return tx.run(_BURY, channel=channel, chat=chat, reason=GONE + reason)


def withdraw(tx: Tx, person_id: int, reason: str) -> None:
    """What this person was still to hear is said no more, in any chat."""
    tx.do(_WITHDRAW, who=person_id, reason=reason)


def take_over(tx: Tx, chat: tuple[str, str], new: tuple[str, str], since: datetime) -> int:
    """What one chat was owed when it died goes to another of the same person; not what was said there already."""
    return tx.run(_TAKE_OVER, channel=chat[0], chat=chat[1], new_channel=new[0], new_chat=new[1], since=since)


def move_chat(tx: Tx, channel: str, chat: str, new_chat: str) -> None:
    tx.do(_MOVE, channel=channel, chat=chat, new_chat=new_chat)


def proactive_since(tx: Tx, person_id: int, since: datetime) -> int:
    """How many messages nobody had asked for went to this person."""
    return int(tx.value(_PROACTIVE, person_id=person_id, since=since))
