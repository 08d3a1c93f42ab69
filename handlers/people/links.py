"""Links and QR codes 扫码/链接: an order, a friend's referral, an invitation, a branch, a printed card, a demo person.

Opening one never counts as anything but arriving.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.effects import Action, Say
from domain.errors import NotFound
from domain.roles import Role, require
from handlers import orders
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.people import invitations
from handlers.people.welcoming import welcome
from handlers.rewards import referrals
from handlers.turn import Turn
from storage import links
from storage import orders as stored_orders
from storage.conversations import Conversation
from storage.links import Link
from storage.orders import Order
from storage.people import Branch, Person

Opened = Callable[[Turn, Dialog, Link], None]
CODE_BYTES = 16
HELP = (
    Action("want_booking", "feedback.booking_label"),
    Action("want_person", "feedback.person_label"),
)


def opened(turn: Turn, dialog: Dialog, code: str) -> bool:
    """True when the code meant something and was answered."""
    order = stored_orders.by_code(turn.tx, code)
    if order is not None:
        _order(turn, dialog, order)
        return True
    if referrals.came(turn, dialog.person, code):
        turn.perform((Say("links.referred", {"company": turn.world.company.name}, buttons=HELP),), dialog)
        return True
    link = links.by_code(turn.tx, code)
    kind = KINDS.get(link.kind) if link is not None else None
    if link is None or kind is None:
        return False
    kind(turn, dialog, link)
    return True


def _order(turn: Turn, dialog: Dialog, order: Order) -> None:
    """The visit it is about, and what can be done here."""
    joined = orders.join(turn, dialog, order)
    if joined.how == "refused":
        turn.say("links.order_refused" if dialog.person.role == "customer" else "links.order_staff", dialog)
    elif not joined.asked:
        now = joined.order
        said = {"company": turn.world.company.name, "service": now.service, "starts_at": now.starts_at}
        rate = Action("rate_order", "feedback.rate_label", {"order": now.id})
        buttons = (rate,) if now.status == "finished" else ()
        turn.perform((Say(f"links.order_{now.status}", said, buttons=buttons),), dialog)


def _branch(turn: Turn, dialog: Dialog, link: Link) -> None:
    """From a branch's sign or a printed card 线下反馈箱: remembered, and welcomed as coming from there."""
    branch = turn.tx.find(Branch, link.args.get("branch"))
    if dialog.person.role == "customer":
        profile = {**dialog.person.profile, "came_by": link.kind}
        branch_id = dialog.person.branch_id or (branch.id if branch is not None else None)
        turn.tx.change(Person, dialog.person.id or 0, profile=profile, branch_id=branch_id)
        dialog.person = turn.person(dialog.person.id or 0)
    place = branch.name if branch is not None else ""
    said = {"place": place, "company": turn.world.company.name}
    turn.perform((Say(f"links.{link.kind}", said, buttons=HELP),), dialog)


def _demo(turn: Turn, dialog: Dialog, link: Link) -> None:
    """The chat becomes that of a demo person, who speaks what the visitor asked for."""
    if dialog.asked_for:
        turn.tx.change(Person, link.args["person"], locale=dialog.asked_for)
    person = turn.person(link.args["person"])
    if dialog.person.id != person.id:
        turn.tx.change(Conversation, dialog.id, person_id=person.id)
        dialog.person, dialog.current, dialog.paused = person, None, None
    welcome(turn, dialog)


KINDS: Mapping[str, Opened] = {links.STAFF: invitations.enrol, "branch": _branch, "card": _branch, "demo": _demo}


def _print_link(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """The code for a branch's sign or its cards. Made once: what hangs on a wall keeps working. Branch 0 is all."""
    require(Role(actor.role), "print_link")
    branch = turn.tx.find(Branch, args["branch"] or None)
    if args["branch"] and branch is None:
        raise NotFound
    given = {"branch": branch.id if branch is not None else None}
    known = next((link for link in links.of_kind(turn.tx, args["kind"]) if link.args == given), None)
    code = known.code if known is not None else turn.world.code(CODE_BYTES)
    if known is None:
        turn.tx.add(Link, code=code, kind=args["kind"], args=given, created_at=turn.now)
    return {"code": code}


AREA = Area(actions={"print_link": _print_link})
