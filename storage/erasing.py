"""Erasing a person: their words, names, numbers and addresses leave every table; what was decided and paid stays.

`BLANK` stands where something was. Rows of the inbox and the outbox stay, emptied and out of the chat: an event that
comes twice is still known, and no number is given twice.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Text, bindparam, case, cast, delete, func, null, or_, select, type_coerce, update

from domain.events import Address, MessageCame, StaffActed, dump_event
from storage.cases import Case, CaseEntry
from storage.conversations import Conversation
from storage.corrections import Correction
from storage.coupons import Coupon
from storage.database import Tx
from storage.files import StoredFile
from storage.inbox import Inbox
from storage.orders import Checkin, Order
from storage.outbox import Outbox
from storage.people import Person
from storage.ratings import CallBack, Rating
from storage.requests import Request
from storage.statement import Statement, core, holds
from storage.timers import Timer
from storage.webhooks import Delivery

BLANK, GONE = "—", "erased"
LABEL = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")
"""What our own words for things look like: `quality`, `HX1001`, a moment. Anything else was said by somebody."""
_CASE, _ENTRY, _ORDER = core(Case), core(CaseEntry), core(Order)
_RATING, _CALL, _REQUEST = core(Rating), core(CallBack), core(Request)
_OUT, _IN, _FILE = core(Outbox), core(Inbox), core(StoredFile)
_TALK, _HOOK, _PERSON = core(Conversation), core(Delivery), core(Person)
_COUPON, _TIMER, _CHECKIN = core(Coupon), core(Timer), core(Checkin)
_LEARNT = core(Correction)
_WHO: BindParameter[int] = bindparam("person_id")
_CASES = select(_CASE.c.id).where(_CASE.c.customer_id == _WHO)
_ORDERS = select(_ORDER.c.id).where(_ORDER.c.customer_id == _WHO)

_OF_PERSON = tuple(
    Statement(statement)
    for statement in (
        update(_ENTRY).where(_ENTRY.c.case_id.in_(_CASES)).values(text=BLANK, data={}),
        update(_OUT).where(_OUT.c.case_id.in_(_CASES)).values(text=BLANK, attachments=[]),
        update(_CASE).where(_CASE.c.customer_id == _WHO).values(text=BLANK, matrix={}, why=[], said=[], grade_note=""),
        delete(_LEARNT).where(or_(_LEARNT.c.customer_id == _WHO, _LEARNT.c.case_id.in_(_CASES))),
        update(_CHECKIN).where(_CHECKIN.c.order_id.in_(_ORDERS)).values(note=""),
        update(_ORDER).where(_ORDER.c.customer_id == _WHO).values(address="", needs=""),
        update(_RATING).where(_RATING.c.customer_id == _WHO).values(comment="", consent=False),
        update(_CALL).where(_CALL.c.customer_id == _WHO).values(answers={}, questions=[], state="done"),
        update(_REQUEST).where(_REQUEST.c.customer_id == _WHO).values(text=BLANK, args={}),
        update(_PERSON)
        .where(_PERSON.c.id == _WHO)
        .values(name="", phone="", profile={}, referral_code="", referred_by=null(), muted=True)
        .values(erased_at=bindparam("now")),
    )
)
_OUT_OF_CHAT = Statement(
    update(_OUT)
    .where(or_(_OUT.c.person_id == _WHO, (_OUT.c.channel == bindparam("was")) & (_OUT.c.chat == bindparam("was_chat"))))
    .values(channel=GONE, chat="", person_id=null(), text=BLANK, buttons=[], attachments=[], ref="")
    .values(state=case((_OUT.c.state == "queued", "dead"), else_=_OUT.c.state))
)
_OUT_OF_REQUEST = Statement(
    update(_OUT)
    .where(
        or_(
            holds(_OUT.c.buttons, bindparam("one", type_=Text)),
            holds(_OUT.c.buttons, bindparam("first", type_=Text)),
        )
    )
    .values(text=BLANK, attachments=[])
)
_IN_OF_CHAT = Statement(
    update(_IN)
    .where(_IN.c.lane == bindparam("lane_"), _IN.c.id <= bindparam("until"))
    .values(lane=GONE, body=dump_event(MessageCame(Address(GONE, ""))), result=null())
)
_FILES = Statement(
    update(_FILE)
    .where(or_(_FILE.c.owner == bindparam("owner_"), _FILE.c.remote == bindparam("owner_")))
    .values(state="erased", remote="", reason="owner")
)
_TIMERS = Statement(
    update(_TIMER)
    .where(_TIMER.c.about == bindparam("about_"))
    .values(fired_at=bindparam("now"), args={}, revision=_TIMER.c.revision + 1)
)
_SAID_ELSEWHERE = Statement(
    select(_IN).where(
        _IN.c.id <= bindparam("until"),
        _IN.c.state != "new",
        holds(_IN.c.body, '"kind":"staff"'),
        or_(
            (_IN.c.source != "desk")
            & _IN.c.lane.in_(select("order:" + _ORDER.c.number).where(_ORDER.c.customer_id == _WHO)),
            *(
                (_IN.c.source == "desk") & _IN.c.lane.in_(select(f"{what}:" + cast(table.c.id, Text)).where(mine))
                for what, table, mine in (
                    ("order", _ORDER, _ORDER.c.customer_id == _WHO),
                    ("case", _CASE, _CASE.c.customer_id == _WHO),
                    ("call", _CALL, _CALL.c.customer_id == _WHO),
                    ("request", _REQUEST, _REQUEST.c.customer_id == _WHO),
                )
            ),
        ),
    )
)
_NUMBERS = Statement(select(_CASE.c.number).where(_CASE.c.customer_id == _WHO))
_TOLD = Statement(select(_HOOK).where(holds(_HOOK.c.body, bindparam("about", type_=Text))))
_OLD: BindParameter[str] = bindparam("old")
_NEW: BindParameter[str] = bindparam("new")
_SWEEPS = tuple(
    Statement(
        update(table)
        .where(holds(table.c[column], _OLD))
        .values({column: func.replace(type_coerce(table.c[column], Text), _OLD, _NEW)})
    )
    for table, columns in (
        (_OUT, ("text", "buttons")),
        (_IN, ("body",)),
        (_TALK, ("current", "paused")),
        (_HOOK, ("body",)),
        (_CHECKIN, ("note",)),
        (_REQUEST, ("text",)),
        (_ENTRY, ("text",)),
        (_LEARNT, ("text",)),
    )
    for column in columns
)


def person(
    tx: Tx, person_id: int, chats: Iterable[Address], requests: Iterable[int], now: datetime, until: int
) -> None:
    """Empty everything that belongs to a person, their chats up to the inbox row `until`, and their requests."""
    for request in requests:
        tx.do(_OUT_OF_REQUEST, one=f'"request":{request}}}', first=f'"request":{request},')
        tx.do(_TIMERS, about_=f"request:{request}", now=now)
    for statement in _OF_PERSON:
        given = {"person_id": person_id, "now": now}
        tx.do(statement, **given)
    _quotes(tx, person_id)
    _said_elsewhere(tx, person_id, until)
    for chat in chats:
        tx.do(_OUT_OF_CHAT, person_id=person_id, was=chat.channel, was_chat=chat.chat)
        tx.do(_IN_OF_CHAT, lane_=str(chat), until=until)
        tx.do(_FILES, owner_=str(chat))


def _quotes(tx: Tx, person_id: int) -> None:
    """Webhooks about the person's cases keep their numbers and labels, and nothing that anybody said."""
    for (number,) in tx.all(_NUMBERS, person_id=person_id):
        for row in tx.all(_TOLD, about=f'"{number}"'):
            tx.change(Delivery, row.id, body=_without_words(row.body))


def _said_elsewhere(tx: Tx, person_id: int, until: int) -> None:
    """What the desk and other systems wrote about them came as events; each keeps its key and how it ended."""
    for row in tx.all(_SAID_ELSEWHERE, person_id=person_id, until=until):
        tx.change(Inbox, row.id, body=dump_event(StaffActed(GONE, None, {})), result=_labels(row.result))


def _without_words(body: str) -> str:
    """A body that cannot be read is nothing but words."""
    try:
        return json.dumps(_labels(json.loads(body)), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return "{}"


def _labels(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _labels(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_labels(one) for one in value]
    return BLANK if isinstance(value, str) and not LABEL.fullmatch(value) else value


def sweep(tx: Tx, words: Iterable[str]) -> None:
    """Names, numbers and addresses that others wrote or were shown: replaced wherever they stand."""
    for word in words:
        for statement in _SWEEPS:
            tx.do(statement, old=word, new=BLANK)
