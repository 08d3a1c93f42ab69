"""What a booking asks for, taken from the catalogue as a conversation begins, or from the request it became."""

from datetime import datetime

from flows.wish import Booking
from handlers.answers import catalogue
from handlers.turn import Turn
from storage.requests import Request


def services(turn: Turn, locale: str) -> tuple[str, ...]:
    """`id|name|price` of each."""
    known = catalogue.services(turn.world.company.catalogue)
    return tuple(
        f"{one['id']}|{catalogue.word(one, 'name', locale)}|{catalogue.word(one, 'price', locale)}" for one in known
    )


def also(turn: Turn) -> tuple[str, ...]:
    """`name|id` for whatever else people call them."""
    known = catalogue.services(turn.world.company.catalogue)
    return tuple(f"{name}|{one['id']}" for one in known for name in one.get("also", ()))


def of_request(turn: Turn, request: Request) -> Booking:
    """A booking that waits to be decided, as it stands."""
    told, locale = request.args, turn.person(request.customer_id).locale
    starts_at = str(told.get("starts_at", ""))
    return Booking(
        services=services(turn, locale),
        slots=(),
        begun_at=turn.now,
        unsaid="",
        service=str(told.get("service", "")),
        service_name=str(told.get("service_name", "")),
        when=str(told.get("when", "")),
        starts_at=datetime.fromisoformat(starts_at) if starts_at else None,
        exact=bool(told.get("exact")),
        address=str(told.get("address", "")),
        area=str(told.get("area", "")),
        phone=str(told.get("phone", "")),
        called=str(told.get("called", "")),
        notes=str(told.get("notes", "")),
        also=also(turn),
    )
