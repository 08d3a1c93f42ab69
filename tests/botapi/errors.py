"""Telegram's refusals, word for word as its servers write them."""

from collections.abc import Mapping
from typing import Any, Literal

Cut = Literal["", "before", "after"]


class ApiError(Exception):
    """A call that is answered with `ok: false`, or (`cut`) whose connection dies before or after it took effect."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None, cut: Cut = "") -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})
        self.cut: Cut = cut

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad(reason: str) -> ApiError:
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized")


def server_error(code: int = 502, description: str = "Bad Gateway") -> ApiError:
    return ApiError(code, description)


def cut_before() -> ApiError:
    """The connection closes and nothing was done."""
    return ApiError(0, "connection closed before the call", cut="before")


def cut_after() -> ApiError:
    """The call takes effect and the connection closes before the answer."""
    return ApiError(0, "connection closed after the call", cut="after")


def moved(new_chat: int) -> ApiError:
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new_chat})
