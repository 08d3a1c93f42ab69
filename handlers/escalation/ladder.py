"""The ladder: a company's policy frozen for one escalation, and who stands on each rung right now."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from domain.company import Company, Rung
from domain.labels import Priority
from domain.roles import Role
from handlers.turn import Turn
from storage import conversations, people
from storage.escalations import Escalation
from storage.people import Person


def frozen(company: Company, priority: Priority, *, urgent: bool) -> dict[str, Any]:
    """The policy as data, so that later changes do not touch what has begun. Minutes throughout, never none to act."""
    clocks = company.clocks[priority]
    rungs = [
        {
            "role": rung.role.value,
            "backup": rung.backup,
            "minutes": rung.minutes.get(priority, clocks.respond_minutes),
        }
        for rung in company.ladder or (Rung(Role.OWNER, {}),)
    ]
    return {
        "priority": priority.value,
        "urgent": urgent,
        "idle": max(1, clocks.idle_minutes),
        "resolve": clocks.resolve_minutes,
        "rungs": rungs,
        "pinged": [],
    }


def manned(turn: Turn, escalation: Escalation, first: int, past: Collection[int] = ()) -> tuple[int, int, list[Person]]:
    """(level, round, people) of the first rung from `first` on where somebody is; counting goes over the top.

    When nobody is on duty anywhere, the owners are pinged all the same. Those in `past` do not count.
    """
    rungs = escalation.ladder["rungs"]
    for place in range(first, first + len(rungs)):
        over, level = divmod(place, len(rungs))
        found = _without(past, on_rung(turn, rungs[level], escalation.branch_id))
        if found:
            return level, escalation.round + over, found
    over = first // len(rungs)
    return len(rungs) - 1, escalation.round + over, _without(past, _anybody(turn))


def on_rung(turn: Turn, rung: dict[str, Any], branch_id: int | None) -> list[Person]:
    """Who is on duty there and can be reached. A backup is on duty at another branch."""
    role = Role(rung["role"])
    found = people.on_duty(turn.tx, role, branch_id)
    if rung["backup"]:
        known = {person.id for person in found}
        found = [person for person in people.on_duty(turn.tx, role, None) if person.id not in known]
    return [person for person in found if _reachable(turn, person)]


def above(escalation: Escalation, role: Role) -> int:
    """The place on the ladder after a person of this role: where the climb goes on when they did nothing."""
    places = [place for place, rung in enumerate(escalation.ladder["rungs"]) if rung["role"] == role.value]
    return places[0] + 1 if places else 0


def _anybody(turn: Turn) -> Iterator[Person]:
    """The owners, on duty or not; without any, whoever leads."""
    for role in (Role.OWNER, Role.MANAGER, Role.SUPERVISOR):
        found = [person for person in people.with_role(turn.tx, role) if _reachable(turn, person)]
        if found:
            yield from found
            return


def _without(past: Collection[int], found: Iterable[Person]) -> list[Person]:
    return [person for person in found if person.id not in past]


def _reachable(turn: Turn, person: Person) -> bool:
    return bool(conversations.of_person(turn.tx, person.id or 0))
