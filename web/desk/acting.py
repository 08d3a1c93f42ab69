"""Acting on the desk: a form becomes one event, its turn checks the role, and the answer is a sentence in place."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import escape

from domain.errors import HuixiangError, NotFound
from domain.events import Incoming, StaffActed
from handlers.texts import write_yuan
from storage.database import Tx
from web.bodies import read_body
from web.desk.actions import ACTIONS, lane, outcome
from web.desk.base import Desk, go, is_foreign, is_htmx, new_nonce, own_path
from web.desk.entering import Visitor
from web.desk.forms import MOST_BYTES, Form
from web.desk.live import Changes
from web.desk.staff_page import PLACE, Given, staff_page, with_password


class Stale(HuixiangError):
    """页面已过期，请刷新后再试。"""

    code = "stale"
    http_status = 403


def add_acting(router: APIRouter, desk: Desk, changes: Changes) -> None:
    @router.post("/do/{action}")
    async def do(request: Request, action: str) -> Response:
        who = await asyncio.to_thread(desk.visitor, request)
        form = Form(await read_body(request, MOST_BYTES), desk.texts(request, who), desk.services.timezone)
        if is_foreign(request) or not _same(who.csrf, form.raw("csrf") or request.headers.get("X-CSRF-Token", "")):
            return _refused(request, desk, who, form, action, Stale())
        try:
            result = await _act(desk, who, form, action)
        except HuixiangError as error:
            return _refused(request, desk, who, form, action, error)
        changes.committed(set())
        if isinstance(result, Given):
            return await asyncio.to_thread(_hand_over, request, desk, who, form, result)
        return _done(request, form, action, result)


async def _act(desk: Desk, who: Visitor, form: Form, action: str) -> dict[str, Any] | Given:
    """The answer; or with it what is shown this once and kept nowhere."""
    read = ACTIONS.get(action)
    if read is None:
        raise NotFound

    def reading(tx: Tx) -> dict[str, Any]:
        return read(form, tx)

    args = await asyncio.to_thread(desk.read, reading)
    args, password = await asyncio.to_thread(with_password, args) if action == "give_login" else (args, "")
    event = StaffActed(action, who.person.id, args)
    key = f"{who.session}:{action}:{_digest(form.raw('once'), args)}"
    result = await desk.office.submit(Incoming("desk", key, lane(args, form, who.person.id or 0), event))
    return Given(action, result, password) if action in ("invite_staff", "give_login") else result


def _done(request: Request, form: Form, action: str, result: dict[str, Any]) -> Response:
    """Say so, give the form a fresh nonce, and let every part of the page look again."""
    if action == "open_case":
        return go(request, f"/desk/cases/{quote(str(result.get('case', '')), safe='')}")
    if not is_htmx(request):
        return RedirectResponse(own_path(form.raw("back")), 303)
    told = _told(form, action, result)
    return HTMLResponse(_fresh(form), headers={"HX-Trigger": told, "HX-Reswap": "none", "Cache-Control": "no-store"})


def _hand_over(request: Request, desk: Desk, who: Visitor, form: Form, given: Given) -> Response:
    """The page with what was asked for at its top: whole, or for htmx that part and a fresh nonce."""
    page = staff_page(desk, request, who, given)
    if not is_htmx(request):
        return page
    headers = {**PLACE, "HX-Trigger": _told(form, given.action, given.result), "Cache-Control": "no-store"}
    return HTMLResponse(f"{bytes(page.body).decode()}{_fresh(form)}", headers=headers)


def _told(form: Form, action: str, result: Mapping[str, Any]) -> str:
    """What htmx makes known on the page: the sentence, and that it is time to look again."""
    text = form.texts(outcome(action, result), **_readable(result))
    return json.dumps({"said": {"text": text}, "changed": {}})


def _refused(
    request: Request, desk: Desk, who: Visitor, form: Form, action: str, error: HuixiangError
) -> Response:  # fmt: skip
    """The sentence stands beside the button that was pressed; what was typed stays typed, or is given back."""
    if not is_htmx(request):
        return desk.failed(request, who, error, own_path(form.raw("back")), form.written)
    html = f"{escape(form.texts.refusal(error))}{_fresh(form)}"
    return HTMLResponse(html, error.http_status, headers={"Cache-Control": "no-store"})


def _fresh(form: Form) -> str:
    """The same form may be sent again, as a new event."""
    where = form.raw("form")
    if not (where.isascii() and where.replace("-", "").replace("_", "").isalnum()):
        return ""
    return f'<input type="hidden" name="once" value="{new_nonce()}" id="once-{where}" hx-swap-oob="true">'


def _readable(result: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts of an answer as people write them."""
    money = {name: write_yuan(value) for name, value in result.items() if name.endswith("_fen")}
    return {**result, **money}


def _digest(once: str, args: dict[str, Any]) -> str:
    """The same click twice is one event; other words under an old nonce are another."""
    whole = json.dumps([once, args], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
