"""Who plays in the demo's month: three branches, their staff, and some sixty customers with homes."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.demo.people import CAST, move_in
from bot.demo.stage import Actor, Stage
from domain.roles import Role
from storage import people
from storage.people import Branch

CUSTOMERS = 60


@dataclass(frozen=True)
class Home:
    """A customer where they live. `visits` in this month; `mood` 0 (hard to please) to 1."""

    customer: Actor
    branch: str
    region: str
    address: str
    area_m2: int
    visits: int
    mood: float


@dataclass(frozen=True)
class Cast:
    homes: tuple[Home, ...]
    cleaners: Mapping[str, tuple[Actor, ...]]
    leads: Mapping[str, Actor]
    owner: Actor


def gather(stage: Stage, lines: Mapping[str, Any], dice: Random) -> Cast:
    """Make everybody; the people of the small demo are among them."""
    branches = _branches(stage, lines)
    known = _known(stage)
    manager = stage.enter(lines["staff"]["manager"], Role.MANAGER, "13900000100", None)
    manager.opens()
    names = [branch["code"] for branch in lines["branch"]]
    cleaners: dict[str, list[Actor]] = {code: [] for code in names}
    cleaners[names[0]].append(known["李秀兰"])
    for number, name in enumerate(lines["staff"]["cleaners"]):
        code = names[(number + 1) % len(names)]
        cleaners[code].append(stage.enter(name, Role.CLEANER, f"1370000{number:04d}", branches[code]))
    leads = {names[0]: known["陈主管"]}
    for number, name in enumerate(lines["staff"]["supervisors"], start=1):
        code = names[number]
        leads[code] = stage.enter(name, Role.SUPERVISOR, f"1390000{number:04d}", branches[code])
    homes = tuple(_home(stage, lines, dice, number, known["王女士"]) for number in range(CUSTOMERS))
    return Cast(homes, {code: tuple(found) for code, found in cleaners.items()}, leads, known["周总"])


def _branches(stage: Stage, lines: Mapping[str, Any]) -> dict[str, int]:
    """The first branch comes with the small demo's people."""
    with stage.database.write() as tx:
        move_in(tx, stage.clock.now())
        made = {branch.code: branch.id or 0 for branch in people.branches(tx)}
        for branch in lines["branch"]:
            if branch["code"] not in made:
                made[branch["code"]] = tx.add(Branch, code=branch["code"], name=branch["name"])
    return made


def _known(stage: Stage) -> dict[str, Actor]:
    """The people of the small demo, each with a chat."""
    with stage.database.read() as tx:
        found = {
            person.name: person for one in CAST for person in people.with_role(tx, one.role) if person.name == one.name
        }
    return {name: stage.join(person.id or 0, name, person.phone) for name, person in found.items()}


def _home(stage: Stage, lines: Mapping[str, Any], dice: Random, number: int, first: Actor) -> Home:
    branch = lines["branch"][0] if number == 0 else dice.choices(lines["branch"], weights=(5, 4, 3))[0]
    name = dice.choice(lines["customers"]["surnames"]) + dice.choices(lines["customers"]["titles"], (6, 5, 1, 2))[0]
    door = f"{dice.randint(1, 40)} 号 {dice.randint(1, 18)}0{dice.randint(1, 4)}"
    address = f"上海市{branch['region']}区{dice.choice(branch['streets'])} {door}"
    customer = first if number == 0 else stage.enter(name, Role.CUSTOMER, f"1365550{number:04d}", None)
    return Home(
        customer=customer,
        branch=branch["code"],
        region=branch["region"],
        address=address,
        area_m2=dice.choice((58, 72, 89, 96, 110, 128, 143)),
        visits=dice.choices((0, 1, 2, 3, 4), weights=(1, 4, 4, 3, 3))[0],
        mood=min(1.0, max(0.0, dice.gauss(0.72, 0.2))),
    )
