"""The front page, and in a demo the whole stage: every role one click away, and a time machine."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.errors import Forbidden, NotFound
from domain.roles import Role
from handlers.texts import DEFAULT_LOCALE
from handlers.upcoming import next_moment
from storage import links, people
from storage.database import Tx
from web.chat import TEMPLATES
from web.chat_headers import page_headers
from web.desk.base import HOME, Desk, is_foreign
from web.desk.entering import DEMO_SESSION, enter
from web.desk.login import set_cookie
from web.desk.texts import DeskTexts
from web.desk.words import Words
from web.language import wished
from web.office import DemoTime, Office
from web.services import Services

Step = Literal["10", "60", "morning", "next"]
MORNING, DAWN = time(9), time(5)
MINUTES: dict[Step, int] = {"10": 10, "60": 60}
ROLES = (Role.CUSTOMER, Role.CLEANER, Role.SUPERVISOR)
MOMENT = timedelta(seconds=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seat:
    """A demo person and the address of their chat. Each role keeps its own storage in the browser."""

    role: Role
    person: int
    name: str
    url: str


def demo_router(services: Services, office: Office) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    stage = _Stage(services, office)

    @router.get("/")
    def front(request: Request) -> Response:
        """In the visitor's language; the demo is a Chinese company."""
        if services.demo:
            return stage.page("demo", seats=stage.seats())
        return stage.page("front", wished(request))

    if services.demo and office.demo_time is not None:
        _add_demo(router, stage, office.demo_time)
    return router


def _add_demo(router: APIRouter, stage: "_Stage", machine: DemoTime) -> None:
    @router.get("/demo")
    def board() -> Response:
        return stage.page("demo_board", seats=stage.seats())

    @router.post("/demo/clock/{step}")
    async def move(request: Request, step: Step) -> Response:
        """Move time ahead; everything that falls due on the way happens at its own moment."""
        _from_here(request)
        moved = await stage.travel(machine, step)
        if "application/json" in request.headers.get("Accept", ""):
            return JSONResponse({"now": stage.services.clock.now().isoformat(), "moved": moved})
        return RedirectResponse(_back(request), 303)

    @router.post("/demo/desk")
    async def desk(request: Request) -> Response:
        """Into the desk without a password: in a demo anybody may be the supervisor."""
        _from_here(request)
        seats = await asyncio.to_thread(stage.seats)
        lead = next((seat for seat in seats if seat.role.is_lead), None)
        if lead is None:
            raise NotFound
        now = stage.services.clock.now()
        token = await stage.office.engine.call(lambda tx: enter(tx, lead.person, now, lasting=DEMO_SESSION))
        answer = RedirectResponse(HOME, 303)
        set_cookie(answer, request, Desk(stage.services, stage.office), token)
        return answer


class _Stage:
    """What the pages show."""

    def __init__(self, services: Services, office: Office) -> None:
        self.services = services
        self.office = office
        self._zone = ZoneInfo(services.timezone)
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def page(self, name: str, locale: str = DEFAULT_LOCALE, **shown: object) -> HTMLResponse:
        texts = DeskTexts(self.office.texts, locale)
        context = {
            "t": texts,
            "w": Words(texts, self.services.timezone),
            "now": self.services.clock.now(),
            "company": self.services.company,
            **shown,
        }
        html = self._templates.get_template(f"{name}.html").render(context)
        return HTMLResponse(html, headers=page_headers("'none'"))

    def seats(self) -> list[Seat]:
        """One for each role, in the order of the story; nobody before the demo's people have moved in."""
        found = self.read(_seats)
        return [seat for role in ROLES for seat in found if seat.role is role]

    async def travel(self, machine: DemoTime, step: Step) -> bool:
        """What a button of the time machine does; False when nothing is due ever.

        A morning is a fixed moment: whoever presses twice still gets there, and not a day further.
        """
        if step in MINUTES:
            await machine.forward(timedelta(minutes=MINUTES[step]))
            return True
        now = self.services.clock.now()
        due = self._morning(now) if step == "morning" else await asyncio.to_thread(self._after_next, now)
        if due is not None:
            await machine.until(due)
        return due is not None

    def _after_next(self, now: datetime) -> datetime | None:
        due = self.read(lambda tx: next_moment(tx, now))
        return due + MOMENT if due is not None else None

    def read(self, work: Callable[[Tx], T]) -> T:
        with self.services.database.read() as tx:
            return work(tx)

    def _morning(self, now: datetime) -> datetime:
        """Nine o'clock in the company's zone: tomorrow's, or for who is still up before dawn, that of this day."""
        local = now.astimezone(self._zone)
        days = 0 if local.time() < DAWN else 1
        return datetime.combine(local.date() + timedelta(days=days), MORNING, self._zone)


def _seats(tx: Tx) -> list[Seat]:
    found = [(link, people.get(tx, link.args["person"])) for link in links.of_kind(tx, "demo")]
    return [
        Seat(Role(person.role), person.id or 0, person.name, f"/chat?as={person.role}&c={link.code}")
        for link, person in found
    ]


def _from_here(request: Request) -> None:
    if is_foreign(request):
        raise Forbidden


def _back(request: Request) -> str:
    """The page the button was on."""
    return "/demo" if request.query_params.get("on") == "board" else "/"
