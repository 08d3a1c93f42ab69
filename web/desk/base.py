"""What every page of the desk needs: who asks, what the database holds now, and a template to show it in."""

import secrets
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.errors import HuixiangError, NotFound
from domain.roles import Role, may
from handlers.answers import catalogue
from storage.database import Tx
from web.chat import TEMPLATES
from web.chat_headers import page_headers
from web.desk.entering import DEMO_SESSION, SESSION, Visitor, visitor
from web.desk.texts import DeskTexts
from web.desk.words import Words, star_row, yuan
from web.language import wished
from web.office import Office
from web.services import Services

T = TypeVar("T")
log = structlog.get_logger()
COOKIE = "huixiang_desk"
HOME, LOGIN = "/desk/cases", "/desk/login"
NONCE_BYTES = 12


class NeedsLogin(HuixiangError):
    """请先登录。"""

    code = "needs_login"
    http_status = 401


class Failed(HuixiangError):
    """出了点问题，没有办成。"""

    http_status = 500


class Desk:
    """Given to every router of the desk."""

    def __init__(self, services: Services, office: Office) -> None:
        self.services = services
        self.office = office
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._headers = page_headers("'none'") | {"Vary": "Cookie, HX-Request, Accept-Language"}

    @property
    def session(self) -> timedelta:
        """How long somebody stays logged in."""
        return DEMO_SESSION if self.services.demo else SESSION

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    def read(self, work: Callable[[Tx], T]) -> T:
        """A consistent view. For routes that run in a thread."""
        with self.services.database.read() as tx:
            return work(tx)

    def visitor(self, request: Request) -> Visitor:
        """Who asks; raises `NeedsLogin`. For routes that run in a thread."""
        token = request.cookies.get(COOKIE, "")
        found = self.read(lambda tx: visitor(tx, token, self.now)) if token else None
        if found is None:
            raise NeedsLogin
        return found

    def texts(self, request: Request, who: Visitor | None) -> DeskTexts:
        """In the language of whoever is at the desk; at the door in that of their browser."""
        return DeskTexts(self.office.texts, who.person.locale if who is not None else wished(request))

    def page(self, request: Request, who: Visitor | None, name: str, status: int = 200, **shown: Any) -> HTMLResponse:
        """One page, whole. What htmx wants of it, it picks itself."""
        texts = self.texts(request, who)
        context = {
            "t": texts,
            "w": Words(texts, self.services.timezone),
            "called": lambda service: catalogue.called(self.office.company.catalogue, service, texts.locale),
            "yuan": yuan,
            "star_row": star_row,
            "now": self.now,
            "me": who.person if who is not None else None,
            "csrf": who.csrf if who is not None else "",
            "once": new_nonce,
            "path": request.url.path,
            "here": _here(request),
            "company": self.services.company,
            "may": lambda action: who is not None and may(Role(who.person.role), action),
            "demo": self.services.demo,
            **shown,
        }
        html = self._templates.get_template(f"desk/{name}.html").render(context)
        return HTMLResponse(html, status, headers=self._headers)

    def failed(
        self, request: Request, who: Visitor | None, error: HuixiangError, back: str = HOME, written: str = ""
    ) -> HTMLResponse:
        """A page that says why. Without scripts it is the answer to a form, and what was written there is on it."""
        message = self.texts(request, who).refusal(error)
        return self.page(request, who, "error", error.http_status, message=message, back=back, written=written)

    def door(self, request: Request) -> Response:
        """To the login, and back afterwards. What somebody was writing stays on their page, and is not sent."""
        page = _current(request) if is_htmx(request) else _here(request) if request.method == "GET" else HOME
        address = f"{LOGIN}?next={quote(own_path(page), safe='')}"
        if not is_htmx(request) or request.method == "GET":
            return go(request, address)
        html = self._templates.get_template("desk/login_over.html").render(t=self.texts(request, None), address=address)
        return HTMLResponse(html, NeedsLogin.http_status, headers={"Cache-Control": "no-store"})


def new_nonce() -> str:
    """A form carries one, so that a double click is one event."""
    return secrets.token_urlsafe(NONCE_BYTES)


def is_htmx(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def own_path(path: str) -> str:
    """Only a page of the desk may be gone back to."""
    parts = urlsplit(path)
    fits = not parts.scheme and not parts.netloc and parts.path.startswith("/desk/") and "\\" not in path
    return path if fits and path.isprintable() else HOME


def is_foreign(request: Request) -> bool:
    """Whether a browser says that another site sent this."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site:
        return site not in ("same-origin", "none")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("Host", "")


def go(request: Request, path: str) -> Response:
    """Send the browser there, whether htmx asked or the browser itself."""
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _current(request: Request) -> str:
    """The page that htmx asks for something from, without its host."""
    return urlsplit(request.headers.get("HX-Current-URL", ""))._replace(scheme="", netloc="").geturl()


def desk_route(desk: Desk) -> type[APIRoute]:
    """Routes whose errors are pages: a login when one is needed, a kind sentence otherwise."""

    class DeskRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    return await handle(request)
                except NeedsLogin:
                    return desk.door(request)
                except RequestValidationError:
                    return desk.failed(request, None, NotFound())
                except HuixiangError as error:
                    return desk.failed(request, None, error)
                except Exception as error:
                    log.error("desk_failed", path=self.path, error=type(error).__name__)
                    return desk.failed(request, None, Failed())

            return answered

    return DeskRoute
