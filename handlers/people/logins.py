"""Logins for the desk: given to a supervisor or somebody above; a new one replaces the password of the old."""

from collections.abc import Mapping
from typing import Any

from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.roles import LEADS, Role, is_above, require
from handlers.area import Area
from handlers.naming import clean_name
from handlers.turn import Turn
from storage import desk, people
from storage.desk import Login
from storage.people import Person


def give(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """`person` is a lead's id, or `name` their name; with `role` somebody new is made when nobody has it.

    `password_hash` is argon2. Whoever knew the old password is logged out, wherever they are.
    """
    require(Role(actor.role), "invite_staff")
    person = _by_id(turn, args["person"]) if args.get("person") else _lead(turn, args["name"])
    person = person or _newcomer(turn, args["name"], args.get("role", ""))
    if person.id != actor.id and not is_above(Role(actor.role), Role(person.role)):
        raise Forbidden(turn.world.texts.render("parting.owners_only", {"who": person.name}, actor.locale))
    known = desk.login_of(turn.tx, person.id or 0)
    username = args.get("username") or (known.username if known is not None else person.name)
    if not username:
        raise Invalid("请填写用户名。", field="username")
    taken = desk.login_by_name(turn.tx, username)
    if taken is not None and taken.person_id != person.id:
        raise Conflict(f"用户名 {username} 已经有人用了，请换一个（命令行用 --username）。")
    if known is None:
        turn.tx.add(
            Login, person_id=person.id, username=username, password_hash=args["password_hash"], created_at=turn.now
        )
    else:
        turn.tx.change(Login, known.id or 0, username=username, password_hash=args["password_hash"])
    if person.id != actor.id:
        desk.end_sessions(turn.tx, person.id or 0)
    return {"username": username, "name": person.name, "role": person.role}


def _by_id(turn: Turn, person_id: int) -> Person:
    found = people.still(turn.tx, person_id, LEADS)
    if found is None:
        raise NotFound
    return found


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
