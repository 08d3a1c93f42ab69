"""The door: login and logout."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from domain.errors import Forbidden, HuixiangError
from web.bodies import read_body
from web.desk.base import COOKIE, LOGIN, Desk, is_foreign, own_path
from web.desk.entering import TooManyTries, begin_attempt, enter, leave
from web.desk.forms import Form
from web.desk.passwords import Passwords

MOST_BYTES = 4096
MOST_NAME = 100


def add_login(router: APIRouter, desk: Desk) -> None:
    passwords = Passwords()

    @router.get("/login")
    def show(request: Request, next: str = "") -> Response:
        return desk.page(request, None, "login", next=own_path(next), problem="", username="")

    @router.post("/login")
    async def login(request: Request) -> Response:
        if is_foreign(request):
            raise Forbidden
        form = Form(await read_body(request, MOST_BYTES), desk.texts(request, None), desk.services.timezone)
        username, back = form.raw("username")[:MOST_NAME], own_path(form.raw("next"))
        try:
            token = await _enter(desk, passwords, username, form.raw("password"), _address(request))
        except (_Wrong, TooManyTries) as refused:
            problem = form.texts.refusal(refused)
            return desk.page(request, None, "login", refused.http_status, next=back, username=username, problem=problem)
        answer = RedirectResponse(back, 303)
        set_cookie(answer, request, desk, token)
        return answer

    @router.post("/logout")
    async def logout(request: Request) -> Response:
        """Needs no secret: a foreign page cannot send the cookie, and to be logged out harms nobody."""
        token = request.cookies.get(COOKIE, "")
        if token and not is_foreign(request):
            await desk.office.engine.call(lambda tx: leave(tx, token))
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, path="/desk")
        return answer


class _Wrong(HuixiangError):
    """用户名或密码不对，请再试一次。"""

    code = "wrong_login"
    http_status = 401


async def _enter(desk: Desk, passwords: Passwords, username: str, password: str, address: str) -> str:
    """The cookie's value; raises `_Wrong` or `TooManyTries`."""
    now, engine = desk.now, desk.office.engine
    attempt = await engine.call(lambda tx: begin_attempt(tx, username, address, now))
    fits = await passwords.fits(attempt.stored, password)
    if not fits or attempt.person is None:
        raise _Wrong
    person = attempt.person
    return await engine.call(lambda tx: enter(tx, person, now, attempt.failures, desk.session))


def set_cookie(answer: Response, request: Request, desk: Desk, token: str) -> None:
    """Not for scripts, not for other sites, and never over plain http when the desk is served over https."""
    secure = request.url.scheme == "https" or desk.services.public_url.startswith("https://")
    lasting = int(desk.session.total_seconds())
    answer.set_cookie(COOKIE, token, lasting, path="/desk", secure=secure, httponly=True, samesite="lax")


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"
