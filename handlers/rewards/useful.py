"""Useful feedback 有效反馈: it says something checkable, about a real visit, and nobody said it before."""

from domain.effects import Feedback
from domain.understanding import Understanding
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.rewards import rewards
from handlers.turn import Turn
from storage import coupons, ratings
from storage.orders import Order
from storage.people import Person

SHINGLE = 3
COMPARED = 500
HOUSEHOLD = 2


def verdict(turn: Turn, order: Order, person: Person, text: str) -> str:
    """ "useful", or why not: `foreign`, `unfinished`, `short`, `vague`, `copied`."""
    policy = turn.world.company.rewards
    plain = normal(text)
    if order.customer_id != person.id:
        return "foreign"
    if order.status != "finished":
        return "unfinished"
    if len(plain) < policy.useful_characters or len(set(plain)) < policy.useful_characters // 2:
        return "short"
    if not _checkable(turn.read(text)):
        return "vague"
    said = [one.comment for one in ratings.latest(turn.tx, COMPARED) if one.order_id != order.id and one.comment]
    return "copied" if any(alike(text, other) * 100 >= policy.copy_percent for other in said) else "useful"


def alike(text: str, other: str) -> float:
    """How much of a text is in the other: the share of its three-character pieces."""
    mine, theirs = _shingles(normal(text)), _shingles(normal(other))
    return len(mine & theirs) / len(mine) if mine else 0.0


def normal(text: str) -> str:
    """Letters, digits and characters only: marks and spaces do not make a copy new."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _checkable(reading: Understanding) -> bool:
    """It names a place, a thing, a person, a time, a figure, or a kind of failing."""
    matrix = reading.matrix
    named = (matrix.place, matrix.objects, matrix.actors, matrix.amounts, matrix.occurred_at)
    return any(named) or reading.primary is not None


def _shingles(plain: str) -> set[str]:
    return {plain[start : start + SHINGLE] for start in range(max(1, len(plain) - SHINGLE + 1))} if plain else set()


def _said(turn: Turn, dialog: Dialog | None, effect: Feedback) -> None:
    order = turn.tx.find(Order, effect.order)
    if order is None:
        return
    person = dialog.person if dialog is not None else turn.person(order.customer_id)
    if verdict(turn, order, person, effect.text) != "useful":
        return
    if rewards.grant(turn, person.id or 0, "useful_feedback", f"order:{order.id}") is not None:
        _flag_farming(turn, order, person)


def _flag_farming(turn: Turn, order: Order, person: Person) -> None:
    """Several accounts of one household that earn for the same home: noted for a human look, nothing is taken away."""
    others = coupons.earners_at(turn.tx, order.address) if order.address else []
    if len(set(others) | {person.id}) > HOUSEHOLD:
        flags = {*person.profile.get("flags", ()), "one_household"}
        turn.tx.change(Person, person.id or 0, profile={**person.profile, "flags": sorted(flags)})


AREA = Area(effects={Feedback: _said})
