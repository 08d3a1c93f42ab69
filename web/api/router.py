"""The routes of the API. Each change is one event in the inbox: sent twice, it happens once."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Depends, Header, Query
from fastapi.security import APIKeyHeader
from pydantic import BaseModel

from domain.errors import Invalid, NotFound
from domain.events import Event, Incoming, OrderPosted, StaffActed
from domain.orders import OrderEvent, OrderIn
from insight import demand, dossier
from storage import orders
from storage.database import Tx
from web.api.refusals import api_route, say
from web.api.shapes import (
    ORDER_EXAMPLES,
    CaseIn,
    CaseOut,
    CaseStored,
    CouponOut,
    ErrorOut,
    OrderOut,
    OrderStored,
    RatingIn,
    RatingStored,
    Redeemed,
    RedeemIn,
    TopicOut,
)
from web.api.views import case_out, coupon_out, order_out
from web.office import Office, answer
from web.services import Services

T = TypeVar("T")
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, description="同一个键只处理一次；同一个键、不同的内容答 409。"),
]
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorOut, "description": "X-API-Key 缺少或不对"},
    404: {"model": ErrorOut, "description": "没有这个订单、案件或券"},
    409: {"model": ErrorOut, "description": "同一个键用在不同的内容上，或券已经用过"},
    413: {"model": ErrorOut, "description": "请求体太大"},
    422: {"model": ErrorOut, "description": "哪个字段不对、为什么"},
    503: {"model": ErrorOut, "description": "系统正忙（看 Retry-After），或接口没有开放"},
}
WEEK = timedelta(days=7)
NEEDED: dict[OrderEvent, tuple[tuple[str, ...], str]] = {
    OrderEvent.MOVED: (("starts_at", "ends_at"), "a moved order needs its new time"),
    OrderEvent.ASSIGNED: (("cleaner",), "an assigned order needs its cleaner"),
}
"""What an event speaks of: any one of these fields, and why."""


def api_router(services: Services, office: Office) -> APIRouter:
    key = APIKeyHeader(name="X-API-Key", auto_error=False, description="HUIXIANG_API_KEY 的值")
    router = APIRouter(
        prefix="/api", tags=["api"], route_class=api_route(office), dependencies=[Depends(key)], responses=REFUSALS
    )
    counter = _Counter(services, office)
    _add_orders(router, counter)
    _add_ratings(router, counter)
    _add_cases(router, counter)
    _add_coupons(router, counter)

    @router.get("/inquiries/topics", summary="咨询按主题的次数")
    def topics(
        since: Annotated[datetime | None, Query(description="从什么时候起；默认最近七天")] = None,
    ) -> list[TopicOut]:
        now = services.clock.now()
        start = (since if since is None or since.tzinfo else since.replace(tzinfo=UTC)) or now - WEEK
        counted = counter.read(lambda tx: demand.topics(tx, start, start, now + timedelta(seconds=1)))
        return [TopicOut(topic=one.topic, asked=one.asked, answered=one.answered) for one in counted]

    return router


class _Counter:
    """Where requests become events, and rows become answers."""

    def __init__(self, services: Services, office: Office) -> None:
        self.services = services
        self.office = office

    def read(self, work: Callable[[Tx], T]) -> T:
        with self.services.database.read() as tx:
            return work(tx)

    def found(self, work: Callable[[Tx], T | None], missing: str, **args: object) -> T:
        """What was asked for; raises `NotFound` in words."""
        value = self.read(work)
        if value is None:
            raise NotFound(say(self.office, missing, **args))
        return value

    async def submit(self, key: str, lane: str, event: Event) -> dict[str, Any]:
        return await self.office.submit(Incoming("api", key, lane, event))

    async def repeat(self, key: str, lane: str, event: Event) -> dict[str, Any]:
        """For keys that we made: what was refused before is looked at afresh, since the reason may be gone."""
        handled = await self.office.handle(Incoming("api", key, lane, event))
        if handled.duplicate and handled.error is not None:
            return await self.submit(f"{key}:{secrets.token_hex(8)}", lane, event)
        return answer(handled)


def _check_whole(body: OrderIn) -> None:
    """Raises `Invalid` when the body does not say what it announces: nothing would be changed."""
    needed, why = NEEDED.get(body.event, ((), ""))
    if needed and not any(getattr(body, field) for field in needed):
        raise Invalid(fields={needed[0]: why})


def _add_orders(router: APIRouter, counter: _Counter) -> None:
    @router.post("/orders", summary="订单有了、变了、做完了、取消了")
    async def post_order(
        body: Annotated[OrderIn, Body(openapi_examples=ORDER_EXAMPLES)], idempotency_key: Key = None
    ) -> OrderStored:
        """`number` is the company's own and identifies the order; what is left out stays as it was.

        The same order posted again changes nothing and tells nobody.
        """
        _check_whole(body)
        content = body.model_dump(mode="json", exclude_unset=True)
        lane, event = f"order:{body.number}", OrderPosted(content)
        if idempotency_key:
            return OrderStored(**await counter.submit(f"order:{idempotency_key}", lane, event))
        key = await asyncio.to_thread(_repeat_key, counter, body, content)
        return OrderStored(**await counter.repeat(key, lane, event))

    @router.get("/orders/{number}", summary="一个订单现在怎样")
    def get_order(number: str) -> OrderOut:
        return counter.found(lambda tx: order_out(tx, number), "no_order", number=number)


def _add_ratings(router: APIRouter, counter: _Counter) -> None:
    @router.post("/ratings", summary="登记一条评价", status_code=201)
    async def post_rating(body: RatingIn, idempotency_key: Key = None) -> RatingStored:
        """Once for an order, whoever is first, the customer in the chat included. One or two stars open a case."""
        order_id = await asyncio.to_thread(_order_id, counter, body.order)
        aspects = body.model_dump(include={"attitude", "result", "punctual", "value"}, exclude_none=True)
        said = {"stars": body.stars, "aspects": aspects, "comment": body.comment, "consent": body.consent}
        event = _by_system("record_rating", {"order": order_id, "origin": body.source, **said})
        lane = f"order:{body.order}"
        if idempotency_key:
            return RatingStored(**await counter.submit(f"rating:{idempotency_key}", lane, event))
        return RatingStored(**await counter.repeat(f"rating:{_digest(body)}", lane, event))


def _add_cases(router: APIRouter, counter: _Counter) -> None:
    @router.post("/cases", summary="登记一个投诉", status_code=201)
    async def post_case(body: CaseIn, idempotency_key: Key = None) -> CaseStored:
        """Opens a case and starts its clocks. Without an Idempotency-Key the same words on the same day are one."""
        order_id = await asyncio.to_thread(_order_id, counter, body.order)
        args = {"text": body.text, "order": order_id, "origin": "api"}
        args |= {"priority": body.priority.value} if body.priority else {}
        today = f"{counter.services.clock.now():%Y-%m-%d}"
        key = f"case:{idempotency_key}" if idempotency_key else f"case:{today}:{_digest(body)}"
        lane = f"order:{body.order}" if body.order else "api"
        result = await counter.submit(key, lane, _by_system("open_case", args))
        return CaseStored(case=result["case"], type=result["type"], priority=result["priority"])

    @router.get("/cases/{number}", summary="一个案件现在怎样")
    def get_case(number: str) -> CaseOut:
        return counter.found(lambda tx: case_out(tx, number), "no_case", number=number)


def _add_coupons(router: APIRouter, counter: _Counter) -> None:
    @router.post("/coupons/redeem", summary="核销一张券")
    async def redeem(body: RedeemIn, idempotency_key: Key = None) -> Redeemed:
        """Only once, whoever is first. Without an Idempotency-Key every request counts: the second answers 409."""
        key = f"redeem:{idempotency_key or secrets.token_hex(16)}"
        event = _by_system("redeem_coupon", {"code": body.code, "order": body.order})
        return Redeemed(**await counter.submit(key, f"order:{body.order}", event))

    @router.get("/coupons/{code}", summary="一张券还能不能用")
    def get_coupon(code: str) -> CouponOut:
        now = counter.services.clock.now()
        return counter.found(lambda tx: coupon_out(tx, code, now), "no_coupon")


def _by_system(action: str, args: dict[str, Any]) -> StaffActed:
    """Nobody in particular: the company's own system."""
    return StaffActed(action, None, args)


def _order_id(counter: _Counter, number: str | None) -> int | None:
    """Our id of the order the company calls so; raises `NotFound`."""
    if number is None:
        return None
    return counter.found(lambda tx: dossier.order_id(tx, number), "no_order", number=number)


def _repeat_key(counter: _Counter, body: OrderIn, content: dict[str, Any]) -> str:
    """A repeat is the same event as long as the order has not changed since: moved away and back is two moves."""
    known = counter.read(lambda tx: orders.by_number(tx, body.number))
    whole = json.dumps([content, known.version if known is not None else 0], sort_keys=True)
    return f"order:{hashlib.sha256(whole.encode()).hexdigest()}"


def _digest(body: BaseModel) -> str:
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()
