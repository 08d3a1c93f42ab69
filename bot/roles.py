"""What a process does for the company: everything, or with PostgreSQL one part of it beside others."""

from enum import StrEnum

from bot.settings import Settings
from domain.errors import SettingsError


class Role(StrEnum):
    """`web` serves pages and takes webhooks, `worker` takes turns and sends, `poll` fetches from Telegram."""

    WEB = "web"
    WORKER = "worker"
    POLL = "poll"


ALL = frozenset(Role)


def check(settings: Settings, roles: frozenset[Role]) -> None:
    """Raises `SettingsError` when this process could not do its part."""
    if roles == ALL:
        return
    if not settings.on_postgres:
        raise SettingsError(
            "SQLite 只能由一个进程使用：请运行 huixiang serve，或把 HUIXIANG_DATABASE_URL 换成 postgresql://…。"
        )
    if roles == {Role.POLL} and not settings.telegram_token.get_secret_value():
        raise SettingsError("HUIXIANG_TELEGRAM_TOKEN 缺少：huixiang poll 要有它才知道收谁的消息。")
    if roles == {Role.POLL} and settings.telegram_mode != "polling":
        raise SettingsError("HUIXIANG_TELEGRAM_MODE=webhook 时消息由 huixiang web 接收，不用 huixiang poll。")
