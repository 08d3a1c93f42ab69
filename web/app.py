"""The FastAPI application: the routers, put together."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from domain.errors import HuixiangError
from web.chat import chat_router
from web.chat_headers import SafeHeaders
from web.chat_texts import STATIC
from web.embed import embed_router
from web.services import Services
from web.uploads import uploads_router


def create_app(services: Services) -> FastAPI:
    app = FastAPI(title="回响 Huixiang", docs_url=None, redoc_url=None)
    for router in (chat_router(services), uploads_router(services), embed_router(services)):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(SafeHeaders)
    app.add_exception_handler(HuixiangError, _answer_error)
    return app


def _answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Errors of ours carry their own sentence and status."""
    assert isinstance(error, HuixiangError)
    body = {"error": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.http_status)
