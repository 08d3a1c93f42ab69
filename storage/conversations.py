"""Conversations: a chat on a channel, who is in it, and where its flow stands."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, select, text, update
from sqlmodel import Field, SQLModel

from domain.events import Address
from storage.columns import UtcDateTime
from storage.database import Tx
from storage.statement import Statement, core


class Conversation(SQLModel, table=True):
    """`current` and `paused` are standings of flows as JSON text; at most one flow lies beneath the current one."""

    __table_args__ = (UniqueConstraint("channel", "chat"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat: str
    person_id: int = Field(index=True)
    current: str = ""
    paused: str = ""
    alive: bool = True
    last_in_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


_T = core(Conversation)
_AT = Statement(select(_T).where(_T.c.channel == bindparam("channel"), _T.c.chat == bindparam("chat")))
_OF = Statement(
    select(_T)
    .where(_T.c.person_id == bindparam("person_id"), _T.c.alive.is_(True))
    .order_by(_T.c.last_in_at.desc(), _T.c.id.desc())
)
_ALL_OF = Statement(select(_T).where(_T.c.person_id == bindparam("person_id")).order_by(_T.c.id))
_SAVE = Statement(
    update(_T)
    .where(_T.c.id == bindparam("row_id"))
    .values(
        current=bindparam("current_"),
        paused=bindparam("paused_"),
        alive=bindparam("living"),
        last_in_at=bindparam("seen"),
    )
)
_REASSIGN = Statement(update(_T).where(_T.c.person_id == bindparam("old")).values(person_id=bindparam("new")))
_CLOSE = Statement(
    update(_T).where(_T.c.channel == bindparam("channel_"), _T.c.chat == bindparam("chat_")).values(alive=text("false"))
)

_MOVE = Statement(
    update(_T)
    .where(_T.c.channel == bindparam("channel_"), _T.c.chat == bindparam("chat_"))
    .values(chat=bindparam("new_chat"))
)


def at(tx: Tx, address: Address) -> Conversation | None:
    return tx.one(_AT, channel=address.channel, chat=address.chat)


def of_person(tx: Tx, person_id: int) -> list[Conversation]:
    """Those that can be reached, the most recently used first."""
    return tx.all(_OF, person_id=person_id)


def all_of_person(tx: Tx, person_id: int) -> list[Conversation]:
    return tx.all(_ALL_OF, person_id=person_id)


def save(tx: Tx, conversation_id: int, *, current: str, paused: str, alive: bool, seen: datetime) -> None:
    tx.do(_SAVE, row_id=conversation_id, current_=current, paused_=paused, living=alive, seen=seen)


def reassign(tx: Tx, old: int, new: int) -> None:
    """The chats of one person turn out to be another's."""
    tx.do(_REASSIGN, old=old, new=new)


def move(tx: Tx, address: Address, new_chat: str) -> None:
    """The chat lives on under another id (a group that became a supergroup); we may have met it there already."""
    if at(tx, Address(address.channel, new_chat)) is not None:
        close(tx, address)
    else:
        tx.do(_MOVE, channel_=address.channel, chat_=address.chat, new_chat=new_chat)


def close(tx: Tx, address: Address) -> None:
    """The person cannot be reached there any more."""
    tx.do(_CLOSE, channel_=address.channel, chat_=address.chat)
