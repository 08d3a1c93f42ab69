"""Money for a customer: a coupon or a refund. Above a limit a second person decides, and the customer hears only then.

What is given in one case is counted together, so that a large sum cannot be given in small ones.
"""

from typing import Any

from domain.errors import Invalid
from domain.roles import Role, require
from flows.compensate import Compensation
from flows.sums import MOST_FEN
from handlers.area import Area, join
from handlers.cases.cards import customer_name
from handlers.cases.records import find
from handlers.dialog import Dialog
from handlers.leads import approvals, paying
from handlers.leads.cases import taken_by
from handlers.leads.chat import Args, answer, ask, is_closed
from handlers.turn import Turn
from storage.people import Person

MEANS = ("coupon", "cash")


def compensate(turn: Turn, actor: Person, args: Args) -> dict[str, Any]:
    """补偿: asks what is missing, gives what may be given alone, and asks a second person for the rest."""
    require(Role(actor.role), "compensate")
    case = find(turn, args["case"])
    if is_closed(turn, case, args):
        return {}
    if case.customer_id is None:
        raise Invalid(turn.world.texts.render("money.no_customer", {"number": case.number}, actor.locale))
    if "amount_fen" not in args:
        ask(turn, args, "compensate", case)
        return {}
    means, amount_fen = checked(args)
    taken_by(turn, case, actor)
    if case.cost_fen + amount_fen > turn.world.company.money.alone_fen:
        deciders = approvals.ask(turn, actor, case, means, amount_fen)
        names = "、".join(person.name for person in deciders)
        answer(turn, args, "money.asked", case, amount_fen=amount_fen, people=names)
        return {"given": False}
    paying.give(turn, case, actor, means, amount_fen)
    customer = customer_name(turn, case, actor.locale)
    answer(turn, args, f"money.given_{means}", case, amount_fen=amount_fen, customer=customer)
    return {"given": True}


def checked(args: Args) -> tuple[str, int]:
    """(means, fen) as they were sent; raises `Invalid`."""
    means, amount_fen = args.get("means", "coupon"), args["amount_fen"]
    if means not in MEANS or not isinstance(amount_fen, int) or not 0 < amount_fen <= MOST_FEN:
        raise Invalid
    return means, amount_fen


def _start(turn: Turn, dialog: Dialog, args: Args) -> Compensation:
    case, money = find(turn, args["case"]), turn.world.company.money
    name, left_fen = customer_name(turn, case, dialog.person.locale), max(0, money.alone_fen - case.cost_fen)
    return Compensation(case.id or 0, case.number, name, money.choices_fen, left_fen, paying.price_of(turn, case))


AREA = join((approvals.AREA, Area(actions={"compensate": compensate}, starts={"compensate": _start})))
