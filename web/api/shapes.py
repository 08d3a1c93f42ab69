"""What the API takes and answers. Orders come in as `domain.orders.OrderIn`."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.labels import CaseStatus, CaseType, OrderStatus, Priority
from domain.orders import readable

Stars = Annotated[int, Field(ge=1, le=5)]
Number = Annotated[str, Field(min_length=1, max_length=64)]

ORDER_EXAMPLES: dict[str, Any] = {
    "booked": {
        "summary": "新订单",
        "value": {
            "number": "A1024",
            "event": "booked",
            "customer": {"name": "王女士", "phone": "13800000001"},
            "cleaner": "李秀兰",
            "branch": "pudong",
            "service": "日常保洁",
            "starts_at": "2026-11-24T14:00:00+08:00",
            "ends_at": "2026-11-24T17:00:00+08:00",
            "address": "上海市浦东新区锦绣路1200弄8号301",
            "region": "浦东",
            "area_m2": 90,
            "price_fen": 23900,
        },
    },
    "moved": {
        "summary": "改期：只写变了的",
        "value": {"number": "A1024", "event": "moved", "starts_at": "2026-11-25T09:00:00+08:00"},
    },
    "cancelled": {"summary": "取消", "value": {"number": "A1024", "event": "cancelled"}},
}


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class CaseIn(Body):
    """A complaint that another system heard of. `priority` is the least it shall have; the words may raise it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "厨房油污没有擦干净，要求返工", "order": "A1024"}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    order: Number | None = None
    priority: Priority | None = None


class RatingIn(Body):
    """How a visit was, said elsewhere than in the chat: on a paper slip, on the phone, in another system."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"order": "A1024", "stars": 2, "punctual": 1, "comment": "晚到了四十分钟", "source": "paper"}]
        }
    )

    order: Number
    stars: Stars
    attitude: Stars | None = None
    result: Stars | None = None
    punctual: Stars | None = None
    value: Stars | None = None
    comment: Annotated[str, Field(max_length=1000), AfterValidator(readable)] = ""
    consent: bool = Field(False, description="客户同意公开这段话")
    source: Literal["paper", "phone", "api"] = Field("api", description="纸条、电话，或其他系统")


class RatingStored(BaseModel):
    """`case` is the complaint that one or two stars became."""

    order: str
    stars: int
    case: str | None


class RedeemIn(Body):
    """A coupon taken off an order, both by what people call them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "7K3QW-8ZP1M-…", "order": "A1024"}]})

    code: Number
    order: Number


class OrderStored(BaseModel):
    """`links` open the order's chat, by channel: send one to the customer, or print it as a QR code."""

    id: int
    number: str
    status: OrderStatus
    version: int
    links: dict[str, str]


class OrderOut(BaseModel):
    number: str
    status: OrderStatus
    version: int
    service: str
    starts_at: datetime
    ends_at: datetime
    cleaner: str | None
    branch: str | None
    region: str
    price_fen: int
    stars: int | None = Field(description="整体评分 1–5；还没评是 null")
    cases: list[str] = Field(description="这个订单的案件编号")
    updated_at: datetime


class CaseStored(BaseModel):
    """The case as it was opened."""

    case: str
    type: CaseType
    priority: Priority


class TaskOut(BaseModel):
    id: int
    kind: str
    state: str
    due_at: datetime
    done_at: datetime | None


class CaseOut(BaseModel):
    """A case without anybody's contacts."""

    number: str
    type: CaseType
    secondary: list[CaseType]
    priority: Priority
    status: CaseStatus
    order: str | None
    opened_at: datetime
    respond_by: datetime
    responded_at: datetime | None
    resolve_by: datetime
    closed_at: datetime | None
    grade: str
    cost_fen: int
    matrix: dict[str, Any]
    tasks: list[TaskOut]


class Redeemed(BaseModel):
    """`amount_fen` is what this coupon took off, `to_pay_fen` what is left to pay after all coupons."""

    order: str
    amount_fen: int
    price_fen: int
    to_pay_fen: int


class CouponOut(BaseModel):
    amount_fen: int
    min_order_fen: int
    usable: bool
    expires_at: datetime
    redeemed_at: datetime | None
    redeemed_order: str | None


class TopicOut(BaseModel):
    topic: str
    asked: int
    answered: int


class ErrorOut(BaseModel):
    """Every error has this shape. `message` is a sentence in Chinese, `details` says where."""

    error: str
    message: str
    details: dict[str, Any]
