"""Bodies of requests, read only as far as they may be long."""

from fastapi import Request

from domain.errors import HuixiangError


class TooLarge(HuixiangError):
    """内容太长了，请精简后再提交。"""

    code = "too_large"
    http_status = 413


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, given up as soon as it is longer than `limit` bytes, whatever length was announced."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise TooLarge
    return bytes(content)
