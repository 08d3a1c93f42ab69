"""The chat page and its socket."""

from pathlib import Path

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from web.chat_headers import page_headers
from web.chat_pace import Pace
from web.chat_socket import ChatSocket
from web.chat_texts import load_texts
from web.language import asked, wished
from web.services import Services

TEMPLATES = Path(__file__).parent / "templates"


def chat_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["chat"])
    templates, texts = Jinja2Templates(TEMPLATES), load_texts()
    pace = Pace(services.clock)
    headers = page_headers(services.frame_ancestors, services.public_url)

    @router.get("/chat", response_class=HTMLResponse, include_in_schema=False)
    def page(request: Request, lang: str = "") -> HTMLResponse:
        """In the language asked for, or the browser's; whoever was here before is followed by the page itself."""
        chosen = asked(lang)
        locale = chosen or wished(request)
        words = texts.of(locale)
        boot = {
            "company": services.company,
            "locale": locale,
            "chosen": bool(chosen),
            "zone": services.timezone,
            "texts": words,
        }
        context = {"boot": boot, "company": services.company, "locale": locale, "t": words}
        return templates.TemplateResponse(request, "chat.html", context, headers=headers)

    @router.websocket("/chat/ws")
    async def socket(socket: WebSocket) -> None:
        await ChatSocket(services, texts, pace, socket).run()

    return router
