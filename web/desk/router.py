"""The desk, put together."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from web.desk.acting import add_acting
from web.desk.base import HOME, Desk, NeedsLogin, desk_route
from web.desk.case_pages import add_cases
from web.desk.files import add_files
from web.desk.link_pages import add_links
from web.desk.list_pages import add_lists
from web.desk.live import Changes
from web.desk.login import add_login
from web.desk.staff_page import add_staff
from web.office import Office
from web.services import Services

LIVE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def desk_router(services: Services, office: Office) -> APIRouter:
    desk, changes = Desk(services, office), Changes()
    office.engine.on_commit.append(changes.committed)
    router = APIRouter(prefix="/desk", include_in_schema=False, route_class=desk_route(desk))

    @router.get("")
    def home() -> Response:
        return RedirectResponse(HOME, 303)

    @router.get("/live")
    async def live(request: Request) -> Response:
        await asyncio.to_thread(desk.visitor, request)

        async def still() -> bool:
            """Whoever logged out or lost the role hears nothing more."""
            try:
                await asyncio.to_thread(desk.visitor, request)
            except NeedsLogin:
                return False
            return True

        stream = changes.stream(services.clock, still)
        return StreamingResponse(stream, media_type="text/event-stream", headers=LIVE_HEADERS)

    for add in (add_login, add_cases, add_lists, add_links, add_staff, add_files):
        add(router, desk)
    add_acting(router, desk, changes)
    return router
