"""What a browser gets where there is no page, or where one failed: a page. Whoever asks for anything else gets JSON."""

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from domain.errors import HuixiangError
from web.api.refusals import no_route
from web.chat import TEMPLATES
from web.chat_headers import page_headers
from web.desk.texts import DeskTexts
from web.language import wished
from web.office import Office
from web.services import Services

FAILED = 500
ROUTING = (404, 405)


def add_missing(app: FastAPI, services: Services, office: Office) -> None:
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)

    def page(request: Request, title: str, hint: str, status: int) -> Response:
        texts = DeskTexts(office.texts, wished(request))
        shown = {"t": texts, "company": services.company, "title": texts(title), "hint": texts(hint)}
        html = templates.get_template("missing.html").render(shown)
        return Response(html, status, page_headers("'self'"), media_type="text/html")

    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and _wants_page(request):
            return page(request, "errors.no_page", "errors.no_page_hint", error.status_code)
        if error.status_code in ROUTING and request.url.path.startswith("/api/"):
            return no_route(office, error.status_code, (error.headers or {}).get("Allow", ""))
        return await http_exception_handler(request, error)

    async def failed(request: Request, _error: Exception) -> Response:
        if _wants_page(request):
            return page(request, "errors.broken", "errors.error", FAILED)
        error = HuixiangError()
        return JSONResponse({"error": error.code, "message": error.message}, FAILED)

    app.add_exception_handler(HTTPException, missing)
    app.add_exception_handler(FAILED, failed)


def _wants_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")
