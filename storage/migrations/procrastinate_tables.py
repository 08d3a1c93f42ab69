"""The tables of procrastinate, which wakes the engines on PostgreSQL. They are its own, in the schema where ours are.

Its package brings the whole schema for a new database, and every step that ever led to it. How far we are is written on
its table as a comment, so that a dump takes it along. Steps named `post` take away what the version before still uses:
they wait until the next version comes (expand, then contract). Nothing of procrastinate is imported here.
"""

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import SettingsError

TABLE = "procrastinate_jobs"
LEVEL = f"SELECT coalesce(obj_description(to_regclass('{TABLE}')), '')"
_THERE = f"SELECT to_regclass('{TABLE}') IS NOT NULL"
_STEP = re.compile(r"(?P<version>[\d.]+)_\d+_(?P<post>post_)?")


def bring_up(driver: Any) -> None:
    """Make the tables or take the steps they lack, in the transaction of psycopg's `driver`.

    Raises `SettingsError` when another program's procrastinate lives in this schema.
    """
    folder, steps = _sql(), known()
    level = str(driver.execute(LEVEL).fetchone()[0])
    if level:
        files = [folder / "migrations" / f"{step}.sql" for step in missing(level, steps)]
    elif driver.execute(_THERE).fetchone()[0]:
        raise SettingsError("HUIXIANG_DATABASE_URL：这个库里已经有别的程序的 procrastinate 表，请给回响单独一个库。")
    else:
        files = [folder / "schema.sql"]
    for file in files:
        driver.execute(file.read_text("utf-8"))
    reached = steps[-1] if not level else max([level, *(file.stem for file in files)])
    driver.execute(f"COMMENT ON TABLE {TABLE} IS '{reached}'")


def missing(level: str, steps: Sequence[str]) -> list[str]:
    """The steps to take from `level`, in order; the `post` steps of the last version are left for the next."""
    newest = _version(steps[-1])
    return [step for step in steps if step > level and not (_is_post(step) and _version(step) == newest)]


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic is to look at it: not at the tables of another library."""
    return kind != "table" or name is None or not name.startswith("procrastinate_")


def known() -> list[str]:
    """The steps that the installed package brings, by name, in order."""
    return sorted(file.stem for file in (_sql() / "migrations").glob("*.sql"))


def _sql() -> Path:
    found = importlib.util.find_spec("procrastinate")
    if found is None or found.origin is None:
        raise SettingsError("用 PostgreSQL 还要装 procrastinate：pip install 'huixiang[postgres]'。")
    return Path(found.origin).parent / "sql"


def _is_post(step: str) -> bool:
    found = _STEP.match(step)
    return found is not None and found["post"] is not None


def _version(step: str) -> str:
    found = _STEP.match(step)
    return found["version"] if found is not None else step
