"""Cross-checks 交叉验证: what the words, the check-ins and the history say together. Marked for staff, never judged."""

from collections.abc import Iterator
from datetime import timedelta

from domain.labels import CaseType
from handlers.cases.records import note
from handlers.turn import Turn
from storage import cases, orders
from storage.cases import Case
from storage.orders import Order
from storage.people import Person

PAST = timedelta(days=60)
PUNCTUAL = timedelta(minutes=10)
MITES = "除螨"


def hint(turn: Turn, case: Case) -> None:
    """Write each hint into the timeline, for staff only."""
    for key in _hints(turn, case):
        note(turn, case.id or 0, "hint", turn.world.texts.render(f"hints.{key}", {}, "zh-CN"), hint=key)


def _hints(turn: Turn, case: Case) -> Iterator[str]:
    past = [other for other in cases.of_customer(turn.tx, case.customer_id or 0) if _recent(turn, case, other)]
    if past:
        yield "repeated"
    if case.type == CaseType.PUNCTUALITY and _arrived_in_time(turn, case):
        yield "arrived_in_time"
    if past and _hidden_allergy(turn, case):
        yield "hygiene_risk"


def _recent(turn: Turn, case: Case, other: Case) -> bool:
    return other.id != case.id and turn.now - other.opened_at <= PAST


def _arrived_in_time(turn: Turn, case: Case) -> bool:
    """The check-in contradicts the complaint about being late."""
    order = turn.tx.find(Order, case.order_id)
    if order is None:
        return False
    arrivals = [checkin.at for checkin in orders.checkins(turn.tx, order.id or 0) if checkin.point == "arrived"]
    return bool(arrivals) and arrivals[0] <= order.starts_at + PUNCTUAL


def _hidden_allergy(turn: Turn, case: Case) -> bool:
    """Pets or an allergy that were not mentioned, at a home that is mostly treated for mites."""
    customer = turn.tx.find(Person, case.customer_id)
    if customer is None:
        return False
    visits = orders.of_customer(turn.tx, customer.id or 0)
    mites = [order for order in visits if MITES in order.service]
    told = str(customer.profile)
    return len(mites) * 2 > len(visits) and not any(word in told for word in ("宠物", "过敏", "猫", "狗"))
