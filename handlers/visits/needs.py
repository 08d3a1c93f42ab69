"""Special needs: on the cleaner's card for this visit, and in the customer's profile when they are lasting."""

from datetime import timedelta

from domain.effects import SaveNeeds
from domain.labels import OrderStatus
from handlers.dialog import Dialog
from handlers.orders import telling
from handlers.turn import Turn
from storage.orders import Order
from storage.people import Person

LONGEST = 1000
MOST_LASTING = 10
CLOSE = timedelta(hours=36)


def saved(turn: Turn, dialog: Dialog | None, effect: SaveNeeds) -> None:
    """Keep it with the order, and let the cleaner know when the visit is near."""
    order = turn.tx.get(Order, effect.order)
    said = _in_words(turn, dialog, effect)
    before = [need for need in order.needs.split("；") if need]
    if not said or said in before or order.status == OrderStatus.CANCELLED:
        return
    turn.tx.change(Order, order.id or 0, needs="；".join([*before, said])[:LONGEST])
    _remember(turn, turn.person(order.customer_id), said)
    if order.starts_at - turn.now <= CLOSE and order.status != OrderStatus.FINISHED:
        telling.cleaner(turn, turn.tx.get(Order, effect.order), "visits.needs_told", said=said)


def _in_words(turn: Turn, dialog: Dialog | None, effect: SaveNeeds) -> str:
    """The customer's words after the name of their kind: 家里有宠物：一只猫，怕生."""
    text = " ".join(effect.text.split())
    if not effect.kind:
        return text
    kind = turn.world.texts.render(f"before_visit.need_{effect.kind}", {}, "zh-CN")
    return f"{kind}：{text}" if text else kind


def _remember(turn: Turn, customer: Person, said: str) -> None:
    """A cat is still there at the next visit; "先做厨房" is not."""
    if not any(word in said for word in turn.world.company.visits.lasting):
        return
    known = customer.profile.get("needs", [])
    if said not in known:
        profile = {**customer.profile, "needs": [*known, said][-MOST_LASTING:]}
        turn.tx.change(Person, customer.id or 0, profile=profile)
