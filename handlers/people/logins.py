"""Logins for the desk: given to a supervisor or somebody above; a new one replaces the password of the old."""

from collections.abc import Mapping
from typing import Any

from domain.errors import Conflict, Invalid, NotFound
from domain.roles import LEADS, Role, require
from handlers.area import Area
from handlers.naming import clean_name
from handlers.turn import Turn
from storage import desk, people
from storage.desk import Login
from storage.people import Person


def give(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """`name` is a lead's; with `role` somebody new is made when nobody has it. `password_hash` is argon2."""
    require(Role(actor.role), "invite_staff")
    person = _lead(turn, args["name"]) or _newcomer(turn, args["name"], args.get("role", ""))
    known = desk.login_of(turn.tx, person.id or 0)
    username = args.get("username") or (known.username if known is not None else person.name)
    taken = desk.login_by_name(turn.tx, username)
    if taken is not None and taken.person_id != person.id:
        raise Conflict(f"用户名 {username} 已经有人用了，请用 --username 换一个。")
    if known is None:
        turn.tx.add(
            Login, person_id=person.id, username=username, password_hash=args["password_hash"], created_at=turn.now
        )
    else:
        turn.tx.change(Login, known.id or 0, username=username, password_hash=args["password_hash"])
    return {"username": username, "name": person.name, "role": person.role}


def _lead(turn: Turn, name: str) -> Person | None:
    found = [person for role in LEADS for person in people.with_role(turn.tx, role) if person.name == name]
    if len(found) > 1:
        raise Conflict(f"有 {len(found)} 位同事都叫 {name}，请先在系统里区分名字。")
    return found[0] if found else None


def _newcomer(turn: Turn, name: str, role: str) -> Person:
    if not role:
        raise NotFound(f"没有叫 {name} 的主管、经理或老板。要新建，请加上 --role，例如 --role owner。")
    if role not in set(LEADS):
        raise Invalid("工作台只给 supervisor、manager 或 owner 使用。")
    person_id = turn.tx.add(Person, role=role, name=clean_name(name), created_at=turn.now)
    return turn.person(person_id)


AREA = Area(actions={"give_login": give})
