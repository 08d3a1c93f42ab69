"""Staff join by an invitation: a link that works once, for some hours, and says who they will be."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.errors import Forbidden, Invalid
from domain.roles import Role, require
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.naming import clean_name
from handlers.people.welcoming import welcome
from handlers.turn import Turn
from storage import conversations, links, orders, people
from storage.conversations import Conversation
from storage.links import Link
from storage.people import Person, is_system

CODE_BYTES = 16
HOURS = 48
CHANNELS = ("web", "telegram")


def invite(turn: Turn, role: Role, name: str, branch_id: int | None, actor: Person, hours: int = HOURS) -> Link:
    """A fresh invitation. Only an owner may invite an owner; raises `Forbidden` otherwise."""
    require(Role(actor.role), "invite_staff")
    if role is Role.OWNER and actor.role != Role.OWNER:
        raise Forbidden
    args = {"role": role.value, "name": clean_name(name), "branch": branch_id, "by": actor.id}
    expires_at = turn.now + timedelta(hours=hours)
    code = turn.world.code(CODE_BYTES)
    link_id = turn.tx.add(Link, code=code, kind=links.STAFF, args=args, created_at=turn.now, expires_at=expires_at)
    return turn.tx.get(Link, link_id)


def enrol(turn: Turn, dialog: Dialog, link: Link) -> None:
    """Use the invitation up: the person of this chat is staff from now on. Used or expired: say so."""
    if link.used_at is not None and link.used_by == dialog.person.id:
        welcome(turn, dialog)
    elif link.expires_at is not None and link.expires_at <= turn.now:
        turn.say("links.invitation_expired", dialog)
    elif not links.use(turn.tx, link.id or 0, dialog.person.id or 0, turn.now):
        turn.say("links.invitation_used", dialog)
    else:
        _become(turn, dialog, link)
        welcome(turn, dialog)


def _become(turn: Turn, dialog: Dialog, link: Link) -> None:
    """A customer with orders of their own stays a customer; the chat goes to a new member of staff.

    Who has a login already and no chat yet is one person, not two.
    """
    given = {"role": link.args["role"], "branch_id": link.args["branch"], "on_duty": True}
    name = link.args["name"] or dialog.person.name
    known = _without_chat(turn, Role(link.args["role"]), name)
    if known is not None:
        person_id = known.id or 0
        turn.tx.change(Person, person_id, branch_id=link.args["branch"], locale=dialog.person.locale)
        turn.tx.change(Conversation, dialog.id, person_id=person_id)
        turn.tx.change(Link, link.id or 0, used_by=person_id)
    elif dialog.person.role == Role.CUSTOMER and orders.of_customer(turn.tx, dialog.person.id or 0):
        person_id = turn.tx.add(Person, name=name, locale=dialog.person.locale, created_at=turn.now, **given)
        turn.tx.change(Conversation, dialog.id, person_id=person_id)
        turn.tx.change(Link, link.id or 0, used_by=person_id)
    else:
        person_id = dialog.person.id or 0
        turn.tx.change(Person, person_id, name=name, **given)
    dialog.person, dialog.current, dialog.paused = turn.person(person_id), None, None


def _without_chat(turn: Turn, role: Role, name: str) -> Person | None:
    found = [one for one in people.with_role(turn.tx, role) if one.name == name and not is_system(one)]
    return next((one for one in found if not conversations.all_of_person(turn.tx, one.id or 0)), None)


def _invite(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """`role`, `name`, `branch` (code) and `hours` as a person gave them."""
    require(Role(actor.role), "invite_staff")
    try:
        role = Role(args["role"])
    except ValueError:
        raise Invalid(fields={"role": "cleaner, supervisor, manager or owner"}) from None
    if not role.is_staff:
        raise Invalid(fields={"role": "cleaner, supervisor, manager or owner"})
    name = clean_name(str(args.get("name", "")))
    if not name:
        raise Invalid("请写上这位同事的名字。", fields={"name": "who it is for"})
    link = invite(turn, role, name, _branch(turn, args.get("branch")), actor, int(args.get("hours") or HOURS))
    addresses = {channel: address for channel in CHANNELS if (address := turn.world.link(channel, link.code))}
    expires_at = link.expires_at.isoformat() if link.expires_at else ""
    return {"code": link.code, "role": role.value, "name": name, "links": addresses, "expires_at": expires_at}


def _branch(turn: Turn, code: str | None) -> int | None:
    """The branch of this code, or None when none is named. Raises `Invalid` that names those there are."""
    if not code:
        return None
    found = people.branch_by_code(turn.tx, code)
    if found is None:
        known = "、".join(branch.code for branch in people.branches(turn.tx))
        raise Invalid(f"没有编号是 {code[:40]} 的门店，有的是：{known}。", fields={"branch": "no such branch code"})
    return found.id


AREA = Area(actions={"invite_staff": _invite})
