"""员工: who works here, who is invited, who has a login; and how somebody joins and leaves. For managers and owners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from domain.roles import LEADS, Role, is_above, require
from handlers.people.invitations import HOURS
from handlers.people.passwords import hash_password, new_password
from insight import crew
from storage import links, people
from web.desk.base import Desk
from web.desk.entering import Visitor

PATH = "/desk/staff"
LEFT = 30
GIVEN = "given"
PLACE = {"HX-Retarget": f"#{GIVEN}", "HX-Reselect": f"#{GIVEN}", "HX-Reswap": "outerHTML show:window:top"}
"""htmx takes this part out of the page, wherever the form stood."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an action hands over to be shown this once: the code of an invitation, or a password."""

    action: str
    result: Mapping[str, Any]
    password: str = ""


def add_staff(router: APIRouter, desk: Desk) -> None:
    @router.get("/staff")
    def staff(request: Request) -> Response:
        return staff_page(desk, request, desk.visitor(request))


def staff_page(desk: Desk, request: Request, who: Visitor, given: Given | None = None) -> HTMLResponse:
    """Raises `Forbidden` for whoever may not invite."""
    me = Role(who.person.role)
    require(me, "invite_staff")
    t, listed = desk.texts(request, who), partial(_listed, "、" if who.person.locale == "zh-CN" else ", ")
    with desk.services.database.read() as tx:
        branches = people.branches(tx)
        shown: dict[str, Any] = {
            "colleagues": crew.listed(tx, desk.now),
            "left": crew.left(tx, LEFT),
            "invitations": links.invitations(tx, desk.now),
            "branches": branches,
            "branch_names": {branch.id: branch.name for branch in branches},
        }
    return desk.page(
        request,
        who,
        "staff",
        **shown,
        path=PATH,
        here=PATH,
        given=given,
        roles=[role for role in reversed(crew.ORDER) if role is not Role.OWNER or me is Role.OWNER],
        leads=LEADS,
        hours=HOURS,
        above=lambda role: is_above(me, Role(role)),
        addresses=desk.services.addresses,
        channels=lambda one: listed(t.own("channel", channel) for channel in one.channels),
        listed=listed,
    )


def _listed(mark: str, words: Iterable[str]) -> str:
    return mark.join(word for word in words if word)


def with_password(args: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A new password beside what is kept of it. Takes some tens of milliseconds: in a thread, in no transaction."""
    password = new_password()
    return {**args, "password_hash": hash_password(password)}, password
