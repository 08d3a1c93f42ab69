"""A rating from elsewhere than the chat: a paper slip, a phone call, another system. A low one is a case at once."""

from collections.abc import Mapping
from typing import Any

from domain.effects import AddToCase, SaveRating
from domain.errors import Conflict, Invalid
from domain.labels import OrderStatus
from domain.roles import Role, require
from handlers.orders.standing import drop
from handlers.turn import Turn
from storage import cases, ratings
from storage.orders import Order
from storage.people import Person
from storage.ratings import CallBack, Rating

LOW = 2
ASPECTS = ("attitude", "result", "punctual", "value")


def record(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """`order` is our id, `stars` 1-5; `aspects`, `comment` and `consent` as given. Raises `Conflict` once it is rated.

    `origin` is paper, phone or api. Nobody asks about the visit or calls any more.
    """
    require(Role(actor.role), "record_rating")
    order, stars, comment = turn.tx.get(Order, args["order"]), int(args["stars"]), args.get("comment", "")
    _check(turn, order)
    aspects = {name: int(value) for name, value in args.get("aspects", {}).items() if name in ASPECTS}
    drop(turn, order.customer_id, order, ("rating",))
    turn.perform((SaveRating(order.id or 0, stars, aspects, comment, bool(args.get("consent"))),), None)
    _settle(turn, actor, order, args["origin"])
    number = let_down(turn, actor, order, stars, _key(aspects), comment, args["origin"]) if stars <= LOW else None
    return {"order": order.number, "stars": stars, "case": number}


def let_down(
    turn: Turn, actor: Person, order: Order, stars: int, key: str, words: str, origin: str = "staff"
) -> str:  # fmt: skip
    """The number of the case that a low rating becomes; what it says joins one that is open about the visit."""
    text = turn.world.texts.render(key, {"stars": stars}, "zh-CN")
    return complained(turn, actor, order, f"{text}。{words}" if words else text, origin)


def complained(turn: Turn, actor: Person, order: Order, text: str, origin: str = "staff") -> str:
    """The number of the case that these words about a visit become, or join."""
    for case in cases.open_of_customer(turn.tx, order.customer_id):
        if case.order_id == order.id:
            turn.perform((AddToCase(case.id or 0, text),), None)
            return case.number
    known = {"text": text, "order": order.id, "origin": "api" if origin == "api" else "staff"}
    opened = turn.act("open_case", actor, known) or {}
    return str(opened["case"])


def _check(turn: Turn, order: Order) -> None:
    rated = ratings.of_order(turn.tx, order.id or 0)
    if rated is not None and rated.stars:
        raise Conflict(turn.world.texts.render("api.rated", {"number": order.number, "stars": rated.stars}, "zh-CN"))
    if order.status == OrderStatus.CANCELLED or (order.status == OrderStatus.BOOKED and order.starts_at > turn.now):
        raise Invalid(turn.world.texts.render("api.not_served", {"number": order.number}, "zh-CN"))


def _settle(turn: Turn, actor: Person, order: Order, origin: str) -> None:
    """How it came is kept, and a call that was owed is owed no more."""
    rated = ratings.of_order(turn.tx, order.id or 0)
    if rated is not None:
        turn.tx.change(Rating, rated.id or 0, origin=origin)
    call = ratings.open_call_of_order(turn.tx, order.id or 0)
    if call is not None:
        answers = {**call.answers, "reached": origin}
        turn.tx.change(
            CallBack, call.id or 0, state="done", answers=answers, done_at=turn.now, done_by=actor.id
        )  # fmt: skip


def _key(aspects: Mapping[str, int]) -> str:
    """What was worst says what the case is about."""
    worst = min(aspects, key=lambda name: aspects[name], default="")
    return f"rating.case_{worst}" if worst and aspects[worst] <= LOW else "rating.case_other"
