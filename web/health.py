"""`/healthz`: the process lives. `/readyz`: every part does its work, and a load balancer may send people here."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from web.office import Office

NO_STORE = {"Cache-Control": "no-store"}


def health_router(office: Office) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="进程还活着")
    async def healthz() -> JSONResponse:
        return JSONResponse({"ok": True}, headers=NO_STORE)

    @router.get("/readyz", summary="数据库、定时、各渠道是否正常")
    async def readyz() -> JSONResponse:
        """200 when people can be served, 503 when not; either way with each part."""
        ready = await office.ready()
        return JSONResponse(ready.as_json(), 200 if ready.ok else 503, headers=NO_STORE)

    return router
