"""One family of errors. The docstring of a class is the sentence its reader gets."""

import traceback
from pathlib import Path
from typing import Any

FRAMES = 6


class HuixiangError(Exception):
    """Something went wrong."""

    code = "error"
    http_status = 400

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.details = details
        super().__init__(self.message)


class Forbidden(HuixiangError):
    """这个操作需要相应的权限。"""

    code = "forbidden"
    http_status = 403


class NotFound(HuixiangError):
    """没有找到对应的记录。"""

    code = "not_found"
    http_status = 404


class Conflict(HuixiangError):
    """这个编号已经用在另一份不同的内容上。"""

    code = "conflict"
    http_status = 409


class Invalid(HuixiangError):
    """内容不完整或格式不对。"""

    code = "invalid"
    http_status = 422


class Busy(HuixiangError):
    """系统正忙，请稍后再试。"""

    code = "busy"
    http_status = 503


class Collided(Busy):
    """刚好有人在改同一处，请再试一次。"""


class SettingsError(HuixiangError):
    """配置有误。"""

    code = "settings"


class AlreadyRunning(HuixiangError):
    """已有一个进程在使用这个数据库。"""

    code = "already_running"


def where(error: BaseException) -> str:
    """The way to a mistake, innermost first. The error's message stays out: it may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in reversed(frames))
