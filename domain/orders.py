"""How an order comes in: the one shape shared by the API, the CSV import and a booking accepted in the chat."""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator


class OrderEvent(StrEnum):
    """What happened to the order. What changed is read from the body; this only moves its status."""

    BOOKED = "booked"
    MOVED = "moved"
    ASSIGNED = "assigned"
    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"


def plain_phone(phone: str) -> str:
    """Digits only, without +86; raises `ValueError` when it cannot be a phone number."""
    digits = re.sub(r"[\s()-]", "", phone)
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    if not re.fullmatch(r"\+?\d{5,15}", digits):
        raise ValueError("a phone number has 5 to 15 digits")
    return digits


def printable(text: str) -> str:
    """Without control characters and direction overrides."""
    return "".join(character for character in text if character.isprintable()).strip()


def readable(text: str) -> str:
    """As `printable`, but lines, wide blanks and joined emoji stay as they were written."""
    return "".join(character for character in text if character.isprintable() or character in "\n\u3000\u200d").strip()


Phone = Annotated[str, AfterValidator(plain_phone)]
Line = Annotated[str, Field(max_length=200), AfterValidator(printable)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class CustomerIn(_Body):
    """Who ordered: by phone, or by our own `id` of somebody who is in a chat already."""

    name: Line = ""
    phone: Phone | None = None
    id: int | None = None

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if self.phone is None and self.id is None:
            raise ValueError("a customer needs a phone number")
        return self


class CleanerIn(_Body):
    """Who will come: any one of these is enough, looked for in this order."""

    id: int | None = None
    phone: Phone | None = None
    name: Line | None = None


class OrderIn(_Body):
    """An order as the company's own system knows it. What is left out stays as it was.

    `number` is the company's own and identifies the order. A first booking needs `customer`, `service` and
    `starts_at`. `cleaner` may be just a phone number or a name; `branch` a branch code; money is in fen.
    """

    number: Annotated[str, Field(min_length=1, max_length=64)]
    event: OrderEvent = OrderEvent.BOOKED
    customer: CustomerIn | None = None
    cleaner: CleanerIn | Annotated[str, Field(max_length=64)] | None = None
    branch: Annotated[str, Field(max_length=64)] | None = None
    service: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(printable)] | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    address: Line | None = None
    region: Line | None = None
    area_m2: Annotated[int, Field(ge=1, le=100_000)] | None = None
    price_fen: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    needs: Annotated[str, Field(max_length=1000), AfterValidator(readable)] | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self
