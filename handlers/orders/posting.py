"""An order comes in, from the API, a file or an accepted booking: stored once by its number, then changed."""

from typing import Any

from pydantic import ValidationError

from domain.errors import Invalid
from domain.events import OrderPosted
from domain.labels import OrderStatus
from domain.orders import OrderEvent, OrderIn
from handlers.orders import following
from handlers.orders.people import branch_of, cleaner_of, customer_of, is_named
from handlers.turn import Turn
from storage import conversations, orders
from storage.orders import Order
from storage.people import Person

CODE_BYTES = 16
CHANNELS = ("web", "telegram")
PLAIN = ("service", "starts_at", "ends_at", "address", "region", "area_m2", "price_fen", "needs")
STATUS = {
    OrderEvent.STARTED: OrderStatus.STARTED,
    OrderEvent.FINISHED: OrderStatus.FINISHED,
    OrderEvent.CANCELLED: OrderStatus.CANCELLED,
}


def posted(turn: Turn, event: OrderPosted) -> dict[str, Any]:
    """Store the order; tell and plan what follows. Raises `Invalid` with the fields that are wrong."""
    body = parse(event.order)
    known = orders.by_number(turn.tx, body.number)
    order = _create(turn, body) if known is None else _change(turn, known, body)
    return answer(turn, order)


def unassign(turn: Turn, order: Order) -> Order:
    """Nobody is to go any more, as it would be after a post that could say so."""
    turn.tx.change(Order, order.id or 0, cleaner_id=None, version=order.version + 1, updated_at=turn.now)
    free = turn.tx.get(Order, order.id or 0)
    following.changed(turn, order, free)
    return free


def parse(raw: dict[str, Any]) -> OrderIn:
    """The checked body; raises `Invalid` naming each wrong field."""
    try:
        return OrderIn.model_validate(raw)
    except ValidationError as error:
        fields = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors(include_url=False)}
        raise Invalid("订单内容有误：" + "、".join(fields), fields=fields) from None


def answer(turn: Turn, order: Order) -> dict[str, Any]:
    """What the sender gets back: how the order stands, and the links that open its chat."""
    links = {channel: link for channel in CHANNELS if (link := turn.world.link(channel, order.code))}
    return {"id": order.id, "number": order.number, "status": order.status, "version": order.version, "links": links}


def _create(turn: Turn, body: OrderIn) -> Order:
    missing = [name for name in ("customer", "service", "starts_at") if getattr(body, name) is None]
    if missing or body.customer is None or body.starts_at is None:
        why = dict.fromkeys(missing, "a new order needs this")
        raise Invalid("新订单缺少：" + "、".join(missing), fields=why)
    customer = customer_of(turn, body.customer)
    turn.tx.touch(Person, customer.id)
    values = {name: value for name in PLAIN if (value := getattr(body, name)) is not None}
    values.setdefault("ends_at", body.starts_at + following.USUAL_LENGTH)
    order_id = turn.tx.add(
        Order,
        number=body.number,
        code=turn.world.code(CODE_BYTES),
        customer_id=customer.id,
        cleaner_id=cleaner_of(turn, body.cleaner),
        branch_id=branch_of(turn, body.branch),
        status=STATUS.get(body.event, OrderStatus.BOOKED).value,
        created_at=turn.now,
        updated_at=turn.now,
        **values,
    )
    order = turn.tx.get(Order, order_id)
    following.created(turn, order)
    return order


def _change(turn: Turn, known: Order, body: OrderIn) -> Order:
    """Only what differs is written; the same order posted again changes nothing and tells nobody."""
    values = {name: value for name, value in _wanted(turn, known, body).items() if value != getattr(known, name)}
    if not values:
        return known
    turn.tx.change(Order, known.id or 0, version=known.version + 1, updated_at=turn.now, **values)
    order = turn.tx.get(Order, known.id or 0)
    following.changed(turn, known, order)
    return order


def _wanted(turn: Turn, known: Order, body: OrderIn) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: value for name in PLAIN if (value := getattr(body, name)) is not None}
    if body.starts_at is not None and body.ends_at is None:
        wanted["ends_at"] = body.starts_at + (known.ends_at - known.starts_at)
    if body.cleaner is not None and not is_named(turn, known.cleaner_id, body.cleaner):
        wanted["cleaner_id"] = cleaner_of(turn, body.cleaner)
    if body.branch is not None:
        wanted["branch_id"] = branch_of(turn, body.branch)
    if body.customer is not None and not conversations.all_of_person(turn.tx, known.customer_id):
        wanted["customer_id"] = customer_of(turn, body.customer).id
    wanted["status"] = next_status(OrderStatus(known.status), body.event).value
    return wanted


def next_status(now: OrderStatus, event: OrderEvent) -> OrderStatus:
    """A visit does not go backwards when reports arrive late; only a cancelled one can be booked again."""
    if event is OrderEvent.CANCELLED:
        return OrderStatus.CANCELLED
    if now is OrderStatus.CANCELLED:
        return STATUS.get(event, OrderStatus.BOOKED)
    if event is OrderEvent.STARTED and now is OrderStatus.BOOKED:
        return OrderStatus.STARTED
    return OrderStatus.FINISHED if event is OrderEvent.FINISHED else now
