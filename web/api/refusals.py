"""Errors of the API: always the same shape, in words, and never a trace."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from hmac import compare_digest
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import Message

from domain.errors import Busy, HuixiangError, Invalid, NotFound
from handlers.texts import DEFAULT_LOCALE
from web.bodies import TooLarge, read_body
from web.office import Office

log = structlog.get_logger()
MOST_BYTES = 64 * 1024
RETRY_SECONDS = 2
WHYS = {
    "missing": "missing",
    "extra_forbidden": "extra",
    "enum": "enum",
    "string_too_long": "string_long",
    "string_too_short": "string_short",
    "string_type": "string",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "timezone_aware": "timezone",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
}
OWN = {
    "a phone number has 5 to 15 digits": "phone",
    "a customer needs a phone number": "customer",
    "ends_at must be after starts_at": "ends",
    "a new order needs this": "needed",
    "no such customer": "no_customer",
    "no such cleaner": "no_cleaner",
    "more than one of this name": "many_cleaners",
    "no such branch code": "no_branch",
    "a moved order needs its new time": "moved",
    "an assigned order needs its cleaner": "assigned",
}


class Off(HuixiangError):
    """接口还没有开放。"""

    code = "api_off"
    http_status = 503


class NoMethod(HuixiangError):
    """这个地址不接受这样的请求。"""

    code = "method_not_allowed"
    http_status = 405


class Unauthorized(HuixiangError):
    """X-API-Key 不对。"""

    code = "unauthorized"
    http_status = 401


def api_route(office: Office) -> type[APIRoute]:
    """Routes that look at the key, then at the length, and answer every error in one shape."""

    class ApiRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    _check_key(office, request)
                    return await handle(await _limited(request))
                except RequestValidationError as error:
                    return refusal(_invalid(office, error.errors()))
                except TooLarge as error:
                    error.message = say(office, "too_large", most=MOST_BYTES // 1024)
                    return refusal(error)
                except HuixiangError as error:
                    return refusal(_in_words(office, error))
                except Exception as error:
                    log.error("api_failed", path=self.path, error=type(error).__name__)
                    return refusal(HuixiangError(), status=500)

            return answered

    return ApiRoute


def refusal(error: HuixiangError, status: int = 0) -> JSONResponse:
    body = {"error": error.code, "message": error.message, "details": _plain(error.details)}
    headers = {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, Busy) else {}
    return JSONResponse(body, status or error.http_status, headers=headers)


def no_route(office: Office, status: int, allowed: str) -> JSONResponse:
    """For a path of the API that nothing answers, or not in this way. `allowed` are the methods that it takes."""
    if status != NoMethod.http_status:
        return refusal(NotFound(say(office, "no_route")))
    answer = refusal(NoMethod(say(office, "no_method", allowed=allowed)))
    answer.headers["Allow"] = allowed
    return answer


def say(office: Office, key: str, **args: object) -> str:
    return office.texts.render(f"api.{key}", args, DEFAULT_LOCALE)


def _check_key(office: Office, request: Request) -> None:
    """In constant time; without a key of ours nobody gets in."""
    if not office.api_key:
        raise Off(say(office, "off"))
    given = request.headers.get("X-API-Key", "").encode("utf-8", "replace")
    if not compare_digest(given, office.api_key.encode()):
        raise Unauthorized(say(office, "key_wrong"))


async def _limited(request: Request) -> Request:
    """The same request with its body read, no further than it may be long."""
    body = await read_body(request, MOST_BYTES)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)


def _invalid(office: Office, errors: Sequence[Mapping[str, Any]]) -> HuixiangError:
    """Which field, and why."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Invalid(say(office, "not_json"))
    fields = {_field(error): _why(office, error) for error in errors}
    return _named(office, fields)


def _in_words(office: Office, error: HuixiangError) -> HuixiangError:
    """The turn names fields as well; its reasons are put into words here. Storage details stay inside."""
    if isinstance(error, Busy):
        return Busy()
    fields = error.details.get("fields")
    if not isinstance(error, Invalid) or not isinstance(fields, dict):
        return error
    reasons = {name: _own(office, str(why)) for name, why in fields.items()}
    return error if None in reasons.values() else _named(office, {name: why or "" for name, why in reasons.items()})


def _named(office: Office, fields: Mapping[str, str]) -> Invalid:
    listed = (say(office, "field", field=name or say(office, "body"), why=why) for name, why in fields.items())
    return Invalid(say(office, "fields_wrong", fields="；".join(listed)), fields=dict(fields))


def _field(error: Mapping[str, Any]) -> str:
    """`customer.phone`; empty for the body as a whole. What pydantic adds for unions is left out."""
    steps = [str(step) for step in error["loc"] if step not in ("body", "CleanerIn", "constrained-str")]
    return ".".join(steps)


def _why(office: Office, error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "value_error":
        return _own(office, str(context.get("error", ""))) or say(office, "why_other")
    start = kind.partition("_")[0]
    name = WHYS.get(kind) or (start if start in ("int", "datetime") else "other")
    told = {key: str(value).replace(" or ", ", ") for key, value in context.items()}
    return say(office, f"why_{name}", **told)


def _own(office: Office, why: str) -> str | None:
    """Our own rules' reasons in the reader's language; None for one that has no translation."""
    if why in OWN:
        return say(office, f"why_{OWN[why]}")
    return why if why and not why.isascii() else None


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if isinstance(value, str | int | float | list | dict)}
