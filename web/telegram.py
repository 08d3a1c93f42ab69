"""Where Telegram posts its updates in webhook mode. The channel checks the secret and stores before it answers."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from web.bodies import read_body

MOST_BYTES = 1024 * 1024
SECRET = "X-Telegram-Bot-Api-Secret-Token"


def telegram_router(take: Callable[[str, bytes], Awaitable[int]]) -> APIRouter:
    """`take` gets the secret header and the body; its answer is the HTTP status."""
    router = APIRouter(include_in_schema=False)

    @router.post("/hooks/telegram")
    async def hook(request: Request) -> Response:
        body = await read_body(request, MOST_BYTES)
        return Response(status_code=await take(request.headers.get(SECRET, ""), body))

    return router
