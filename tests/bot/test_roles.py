"""What a process may do depends on the database."""

from pathlib import Path

import pytest

from bot.roles import ALL, Role, check
from bot.settings import Settings, load_settings
from domain.errors import SettingsError

POSTGRES = "postgresql://huixiang@db/huixiang"


def settings(**more: str) -> Settings:
    return load_settings({f"HUIXIANG_{name.upper()}": value for name, value in more.items()}, Path("/nowhere/.env"))


@pytest.mark.parametrize("role", list(Role))
def test_a_file_is_for_one_process_that_does_everything(role: Role) -> None:
    check(settings(), ALL)
    with pytest.raises(SettingsError, match="huixiang serve"):
        check(settings(), frozenset({role}))


def test_a_server_is_for_any_number_of_any_kind() -> None:
    for roles in (ALL, frozenset({Role.WEB}), frozenset({Role.WORKER})):
        check(settings(database_url=POSTGRES), roles)
    check(settings(database_url=POSTGRES, telegram_token="1:a"), frozenset({Role.POLL}))


def test_polling_needs_something_to_poll() -> None:
    with pytest.raises(SettingsError, match="HUIXIANG_TELEGRAM_TOKEN"):
        check(settings(database_url=POSTGRES), frozenset({Role.POLL}))
