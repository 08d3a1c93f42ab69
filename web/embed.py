"""The chat on a company's own page: one script tag, a round button, and the chat in a frame behind it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from web.chat import TEMPLATES
from web.chat_headers import page_headers
from web.chat_texts import DEFAULT_LOCALE, LOCALES, load_texts
from web.services import Services

_SCRIPT_HEADERS = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}


def embed_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["chat"], include_in_schema=False)
    templates, texts = Jinja2Templates(TEMPLATES), load_texts()

    @router.get("/embed.js")
    def script(request: Request, lang: str = DEFAULT_LOCALE) -> Response:
        locale = lang if lang in LOCALES else DEFAULT_LOCALE
        words = texts.of(locale)
        boot = {
            "locale": locale,
            "open": words["embed_open"].format(company=services.company),
            "close": words["embed_close"],
            "unread": words["embed_unread"],
        }
        return templates.TemplateResponse(
            request, "chat_embed.js", {"boot": boot}, media_type="text/javascript", headers=_SCRIPT_HEADERS
        )

    @router.get("/embed-demo", response_class=HTMLResponse)
    def demo(request: Request) -> HTMLResponse:
        context = {"company": services.company, "t": texts.of(DEFAULT_LOCALE), "locale": DEFAULT_LOCALE}
        return templates.TemplateResponse(request, "chat_embed_demo.html", context, headers=page_headers("'self'"))

    return router
