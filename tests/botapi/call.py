"""One call to the Bot API, read from a query, a form, JSON or multipart as Telegram's server reads it."""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.botapi.errors import ApiError, bad

UPLOAD_LIMIT = 50 * 1024 * 1024
NOT_UTF8 = "strings must be encoded in UTF-8"


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    mime: str


@dataclass(frozen=True)
class Call:
    """`params` hold strings (forms) or JSON values; the accessors take both."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "yes")

    def json(self, name: str, refusal: str) -> Any:
        """The parameter as JSON value, None when absent; `refusal` is Telegram's word for what is not JSON."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(refusal) from None


async def read_call(request: web.BaseRequest, method: str) -> Call:
    """Raises `ApiError` for bodies that Telegram's HTTP reader refuses."""
    params: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, params, files)
    elif request.body_exists:
        params.update(_read_plain(request.content_type, await request.read()))
    return Call(method, params, files)


def _read_plain(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type == "application/x-www-form-urlencoded":
        try:
            return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
        except UnicodeDecodeError:
            raise bad(NOT_UTF8) from None
    if content_type != "application/json" or not body:
        return {}
    try:
        data = json.loads(body)
        body.decode()
        json.dumps(data, ensure_ascii=False).encode()
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(data, dict):
        raise bad("expected JSON object")
    return data


async def _read_multipart(request: web.BaseRequest, params: dict[str, Any], files: dict[str, Upload]) -> None:
    try:
        form = await request.clone(client_max_size=UPLOAD_LIMIT).post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except (ValueError, KeyError, AssertionError, web.HTTPException):
        raise bad("can't parse multipart form data") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as content:
                files[name] = Upload(value.filename, content.read(), value.content_type)
        else:
            params[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
