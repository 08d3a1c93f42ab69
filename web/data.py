"""我的数据: the page behind the link from the chat, and the copy itself.

Looking at the page uses nothing up, so that a preview of the link takes nobody's copy; pressing its button does.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.people.handing import PAGE, LinkOver, hand_over, waiting
from storage.database import Tx
from web.chat import TEMPLATES
from web.chat_headers import page_headers
from web.desk.texts import DeskTexts
from web.language import wished
from web.office import Office
from web.services import Services

Code = Annotated[str, Query(alias="c", max_length=64)]
FILE_NAME = "my-data.json"


def data_router(services: Services, office: Office) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    show = _page(services, office)

    @router.get(PAGE)
    def page(request: Request, code: Code = "") -> Response:
        try:
            with services.database.read() as tx:
                person = waiting(tx, code, services.clock.now())
        except LinkOver:
            return show(wished(request), "", LinkOver.http_status)
        return show(person.locale, code, 200)

    @router.post(PAGE)
    async def take(request: Request, code: Code = "") -> Response:
        now = services.clock.now()

        def work(tx: Tx) -> dict[str, Any]:
            return hand_over(tx, code, now)

        try:
            copy = await office.engine.call(work)
        except LinkOver:
            return show(wished(request), "", LinkOver.http_status)
        return await asyncio.to_thread(_file, copy, now)

    return router


def _page(services: Services, office: Office) -> Callable[[str, str, int], Response]:
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)

    def show(locale: str, code: str, status: int) -> Response:
        """Without a code: that there is nothing any more."""
        texts = DeskTexts(office.texts, locale)
        html = templates.get_template("data.html").render(t=texts, company=services.company, code=code, page=PAGE)
        return HTMLResponse(html, status, headers=page_headers("'none'"))

    return show


def _file(copy: dict[str, Any], now: datetime) -> Response:
    content = json.dumps({"at": now.isoformat(), **copy}, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)
