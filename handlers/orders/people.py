"""Who an order names: the customer by phone, the cleaner by whatever the company calls them, the branch by its code."""

from domain.errors import Invalid
from domain.orders import CleanerIn, CustomerIn, plain_phone
from domain.roles import Role
from handlers.turn import Turn
from storage import people
from storage.people import Person

FIELDS = ("id", "phone", "name")
"""What a cleaner may be named by, the surest first."""


def customer_of(turn: Turn, body: CustomerIn) -> Person:
    """The customer, made when the phone number is new; a name we lack is filled in. Raises `Invalid`."""
    people.touch_phone(turn.tx, body.phone or "")
    known = turn.tx.find(Person, body.id) if body.id else people.customer_by_phone(turn.tx, body.phone or "")
    if body.id and (known is None or known.role != Role.CUSTOMER):
        raise Invalid("没有这位客户。", fields={"customer.id": "no such customer"})
    if known is None:
        return turn.person(
            turn.tx.add(Person, name=body.name, phone=body.phone or "", stage="deciding", created_at=turn.now)
        )
    missing = {"name": body.name, "phone": body.phone or ""}
    filled = {name: value for name, value in missing.items() if value and not getattr(known, name)}
    if filled:
        turn.tx.change(Person, known.id or 0, **filled)
    return turn.person(known.id or 0)


def cleaner_of(turn: Turn, named: CleanerIn | str | None) -> int | None:
    """The cleaner's id; raises `Invalid` when nobody or more than one is called so."""
    if named is None:
        return None
    wanted = _as_cleaner(named) if isinstance(named, str) else named
    cleaners = people.with_role(turn.tx, Role.CLEANER)
    for field in FIELDS:
        value = getattr(wanted, field)
        found = [cleaner for cleaner in cleaners if value and getattr(cleaner, field) == value]
        if len(found) == 1:
            return found[0].id
        if found:
            raise Invalid("有多位同名的保洁师，请用手机号。", fields={"cleaner": "more than one of this name"})
    raise Invalid("没有找到这位保洁师。", fields={"cleaner": "no such cleaner"})


def is_named(turn: Turn, cleaner_id: int | None, named: CleanerIn | str) -> bool:
    """Whether that is who is meant, also when they have left since: who served stays who served."""
    known = turn.tx.find(Person, cleaner_id)
    wanted = _as_cleaner(named) if isinstance(named, str) else named
    given = next(((field, value) for field in FIELDS if (value := getattr(wanted, field))), None)
    return known is not None and given is not None and getattr(known, given[0]) == given[1]


def branch_of(turn: Turn, code: str | None) -> int | None:
    """The branch's id; the first one when none is named. Raises `Invalid`."""
    if code:
        found = people.branch_by_code(turn.tx, code)
        if found is None:
            raise Invalid("没有这个门店编号。", fields={"branch": "no such branch code"})
        return found.id
    first = people.first_branch(turn.tx)
    return first.id if first is not None else None


def _as_cleaner(word: str) -> CleanerIn:
    """A phone number or a name."""
    try:
        return CleanerIn(phone=plain_phone(word))
    except ValueError:
        return CleanerIn(name=word)
