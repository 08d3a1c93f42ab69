"""Somebody in danger must be called: staff see the number, and who has none is asked for one, kept unconfirmed."""

import re

from domain.labels import Priority
from flows.complaint import number_in
from handlers.turn import Turn
from storage.cases import Case, calls_first, partner_id
from storage.people import UNCONFIRMED, Person, number_of

CALLED_SO = r"(?:我的|我)?(?:手机号码|手机号|手机|电话|号码)?(?:是|[:： ])*"
"""How people announce their number; without it these words say nothing."""


def is_missing(turn: Turn, case: Case) -> bool:
    """Whether a person should call at once and nobody knows where."""
    customer = turn.tx.find(Person, case.customer_id)
    return case.priority == Priority.URGENT and customer is not None and not number_of(customer)


def keep(turn: Turn, case: Case, text: str) -> str:
    """Keep the number found in the words, if there is one and we have none; the words without it."""
    said = number_in(text)
    customer = turn.tx.find(Person, case.customer_id)
    if said and customer is not None and not customer.phone:
        turn.tx.change(Person, customer.id or 0, profile={**customer.profile, UNCONFIRMED: said})
    return re.sub(CALLED_SO + re.escape(said), "", text).strip(" ，,。.；;、") if said else text


def confirmed(turn: Turn, case: Case) -> str:
    """The number of whoever is to be called first about an urgent case, or ""; contacts stay hidden otherwise."""
    partner = turn.tx.find(Person, partner_id(case)) if calls_first(case) else None
    return partner.phone if partner is not None else ""


def unconfirmed(turn: Turn, case: Case) -> str:
    """The number that staff may call although nobody has confirmed it, or ""."""
    customer = turn.tx.find(Person, case.customer_id)
    return number_of(customer) if customer is not None and not customer.phone else ""
