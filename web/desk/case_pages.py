"""Cases: the board, one case, and the form for a complaint that came by telephone."""

from typing import get_args

from fastapi import APIRouter, Request, Response

from domain.errors import NotFound
from domain.labels import CaseType, Grade, Intent, Priority
from domain.roles import BOSSES, Role
from insight import board, dossier
from insight.board import Which
from storage.people import SYSTEM
from web.desk.base import Desk
from web.desk.marking import by_label, pieces

MOST_WORDS = 60


def add_cases(router: APIRouter, desk: Desk) -> None:
    @router.get("/cases")
    def cases(request: Request, show: str = "open", q: str = "") -> Response:
        who = desk.visitor(request)
        me, now, words = who.person.id or 0, desk.now, q.strip()[:MOST_WORDS]
        which: Which = next((one for one in get_args(Which) if one == show), "open")
        with desk.services.database.read() as tx:
            lines = board.found(tx, words, now) if words else board.listed(tx, which, me, now)
            counts = board.counts(tx, me)
        return desk.page(request, who, "cases", lines=lines, counts=counts, which=which, q=words)

    @router.get("/cases/new")
    def new(request: Request) -> Response:
        return desk.page(request, desk.visitor(request), "open", priorities=list(Priority))

    @router.get("/cases/{number}")
    def case(request: Request, number: str) -> Response:
        who = desk.visitor(request)
        with desk.services.database.read() as tx:
            found = dossier.of_number(tx, number)
            leads = dossier.leads(tx)
        if found is None:
            raise NotFound(desk.texts(request, who)("no_such_case", number=number))
        return desk.page(
            request,
            who,
            "case",
            d=found,
            case=found.case,
            clock=board.running_clock(found.case),
            leads=[person for person in leads if person.id != found.case.owner_id],
            pieces=pieces(found.case.text, found.case.why),
            reasons=by_label(found.case.why),
            types=list(CaseType),
            intents=[intent for intent in Intent if intent is not Intent.COMPLAINT],
            priorities=list(Priority),
            grades=list(Grade),
            choices_fen=desk.office.company.money.choices_fen,
            alone_fen=desk.office.company.money.alone_fen,
            system=SYSTEM,
            decides=Role(who.person.role) in BOSSES,
        )
