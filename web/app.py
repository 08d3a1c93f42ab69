"""The FastAPI application: the routers, put together."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from domain.errors import HuixiangError
from web.api import api_router
from web.chat import chat_router
from web.chat_headers import SafeHeaders
from web.chat_texts import STATIC
from web.data import data_router
from web.demo import demo_router
from web.desk import desk_router
from web.embed import embed_router
from web.health import health_router
from web.metrics import metrics_router
from web.missing import add_missing
from web.office import Office
from web.services import Services
from web.telegram import telegram_router
from web.uploads import uploads_router


def create_app(services: Services, office: Office | None = None) -> FastAPI:
    """The chat alone, or with an `office` the whole house: desk, API, front page, health, Telegram's hook."""
    app = FastAPI(title="回响 Huixiang", docs_url=None, redoc_url=None)
    for router in (chat_router(services), uploads_router(services), embed_router(services)):
        app.include_router(router)
    for router in _office_routers(services, office) if office is not None else ():
        app.include_router(router)
    if office is not None:
        add_missing(app, services, office)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(SafeHeaders)
    app.add_exception_handler(HuixiangError, _answer_error)
    return app


def create_health_app(office: Office) -> FastAPI:
    """For a process that serves nobody else: whether it lives, how its parts are, its figures."""
    app = FastAPI(title="回响 Huixiang", docs_url=None, redoc_url=None, openapi_url=None)
    for router in _health_routers(office):
        app.include_router(router)
    return app


def _office_routers(services: Services, office: Office) -> list[APIRouter]:
    routers = [desk_router(services, office), api_router(services, office), demo_router(services, office)]
    routers += [data_router(services, office), *_health_routers(office)]
    if office.telegram is not None:
        routers.append(telegram_router(office.telegram))
    return routers


def _health_routers(office: Office) -> list[APIRouter]:
    routers = [health_router(office)]
    if office.metrics is not None:
        routers.append(metrics_router(office.metrics, office.metrics_key))
    return routers


def _answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Errors of ours carry their own sentence and status."""
    assert isinstance(error, HuixiangError)
    body = {"error": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.http_status)
