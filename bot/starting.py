"""Starting: what takes long begins at once, in a process beside this one; meanwhile the rest is imported.

Imports are most of a start, and nearly all of them are for what comes after. So little is imported here.
"""

import gc
import importlib
import sys
from collections.abc import Iterable

from bot.logs import set_up_logs
from bot.reading.place import reader_of
from bot.roles import Role
from bot.settings import given_values, load_settings, unknown_names


def start(roles: Iterable[Role], port: int | None = None) -> None:
    """A process with these roles, until it is told to stop. Raises `SettingsError` and `AlreadyRunning`."""
    gc.disable()  # what is imported stays, and would be walked through again and again
    roles = frozenset(roles)
    settings = load_settings()
    for sentence in unknown_names(given_values()):
        sys.stderr.write(f"提醒：{sentence}\n")
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    reader = reader_of(settings)
    if Role.WORKER in roles:
        reader.begin()
    importlib.import_module("bot.serving").run(settings, roles, reader)
