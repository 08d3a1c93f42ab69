"""Migrations: an empty file becomes today's database, whole or not at all."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from domain.errors import Busy, Collided, SettingsError
from storage import inbox
from storage.address import file_of, for_sqlalchemy, is_postgres
from storage.database import Database
from storage.migrating import CURRENT, NEW, NEWER, OLD, migrate, standing
from storage.migrations import HEAD
from storage.migrations.procrastinate_tables import LEVEL, is_ours, known, missing
from storage.migrations.upgrade import config_for, upgrade
from storage.tables import TABLES, metadata
from storage.timers import Timer
from tests import databases

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFTEN = 8
"""After five times psycopg has a statement prepared."""


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """SQLAlchemy's own connection; what is done on it is committed."""
    engine = create_engine(for_sqlalchemy(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def prepared(url: str, sql: str) -> None:
    if not is_postgres(url):
        file_of(url).parent.mkdir(parents=True, exist_ok=True)
    with opened(url) as connection:
        connection.execute(text(sql))


def names_in(url: str) -> set[str]:
    with opened(url) as connection:
        return set(inspect(connection).get_table_names())


def described(connection: Connection) -> dict[str, list[tuple[str, str, bool, object]]]:
    """Of every table each column's name, type, whether it may be empty, and its default."""
    look = inspect(connection)
    return {
        name: [(one["name"], str(one["type"]), one["nullable"], one["default"]) for one in look.get_columns(name)]
        for name in metadata.tables
    }


def test_an_empty_database_gets_every_table(empty: str) -> None:
    assert standing(empty) == NEW
    migrate(empty)
    assert standing(empty) == CURRENT
    assert {str(table.__tablename__) for table in TABLES} <= names_in(empty)


def test_the_tables_in_code_are_those_of_the_migrations(empty: str) -> None:
    migrate(empty)
    with opened(empty) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_the_columns_are_those_that_the_tables_in_code_would_make(empty: str) -> None:
    """Alembic does not compare everything; the columns as the database describes them do."""
    migrate(empty)
    with opened(empty) as connection:
        migrated = described(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert described(connection) == migrated


def test_the_named_head_is_the_last_step() -> None:
    assert ScriptDirectory.from_config(config_for(None)).get_current_head() == HEAD


def test_an_up_to_date_start_does_not_import_alembic(empty: str) -> None:
    migrate(empty)
    code = (
        "import sys; from storage.migrating import migrate;"
        "migrate(sys.argv[1]); print('alembic' in sys.modules, 'psycopg' in sys.modules)"
    )
    asked = [sys.executable, "-c", code, empty]
    heard = subprocess.run(asked, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout
    assert heard == f"False {is_postgres(empty)}\n"


def test_a_failed_upgrade_leaves_nothing_behind(empty: str) -> None:
    prepared(empty, "CREATE TABLE timer (id INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        upgrade(empty)
    assert names_in(empty) == {"timer"}


def test_of_many_that_start_at_once_on_one_server_each_finds_the_tables() -> None:
    url = databases.server().fresh()
    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(migrate, [url] * 3))
    assert standing(url) == CURRENT
    databases.server().drop(url)


def test_a_server_gets_the_tables_of_procrastinate_and_a_file_does_not(empty: str) -> None:
    migrate(empty)
    assert ("procrastinate_jobs" in names_in(empty)) is is_postgres(empty)


def test_tables_made_before_procrastinate_was_used_get_its_own_at_the_next_start() -> None:
    url = databases.server().fresh()
    with opened(url) as connection:
        command.upgrade(config_for(connection), "head")
    assert standing(url) == OLD
    migrate(url)
    assert standing(url) == CURRENT
    with opened(url) as connection:
        assert connection.scalar(text(LEVEL)) == known()[-1]
    databases.server().drop(url)


def test_steps_of_procrastinate_that_take_something_away_wait_for_its_next_version() -> None:
    first = ["03.04.00_01_pre_a", "03.04.00_50_post_a"]
    second = [*first, "03.05.00_01_pre_b", "03.05.00_02_b", "03.05.00_50_post_b"]
    third = [*second, "03.06.01_01_pre_c", "03.06.01_50_post_c"]
    assert missing("03.04.00_50_post_a", first) == []
    assert missing("03.04.00_50_post_a", second) == ["03.05.00_01_pre_b", "03.05.00_02_b"]
    assert missing("03.05.00_02_b", second) == []
    assert missing("03.05.00_02_b", third) == ["03.05.00_50_post_b", "03.06.01_01_pre_c"]
    assert missing("03.06.01_01_pre_c", first) == []


def test_tables_of_another_program_that_uses_procrastinate_are_left_alone() -> None:
    url = databases.server().fresh()
    prepared(url, "CREATE TABLE procrastinate_jobs (id INTEGER)")
    with pytest.raises(SettingsError, match="单独一个库"):
        migrate(url)
    assert names_in(url) == {"procrastinate_jobs"}
    databases.server().drop(url)


def test_a_step_back_and_forth_ends_where_it_began(empty: str) -> None:
    migrate(empty)
    with opened(empty) as connection:
        before = described(connection)
        command.downgrade(config_for(connection), "0001")
        command.upgrade(config_for(connection), "head")
        assert described(connection) == before


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_text("this is a letter, not a database " * 50)
    with pytest.raises(SettingsError, match="HUIXIANG_DATABASE_URL"):
        migrate(f"sqlite:///{file}")


def test_a_database_of_a_later_version_is_left_alone(empty: str) -> None:
    migrate(empty)
    prepared(empty, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SettingsError, match="升级程序"):
        migrate(empty)


def test_a_server_may_be_one_step_ahead_of_us_and_a_file_may_not(empty: str) -> None:
    migrate(empty)
    prepared(empty, f"UPDATE alembic_version SET version_num = '{int(HEAD) + 1:04d}'")
    assert standing(empty) == (CURRENT if is_postgres(empty) else NEWER)


def test_a_program_at_work_goes_on_when_a_newer_one_changes_the_tables() -> None:
    """PostgreSQL keeps plans of what is asked often, and refuses those whose columns are of another kind since."""
    url = databases.server().fresh()
    migrate(url)
    with opened(url) as connection:
        command.downgrade(config_for(connection), "0004")
    at_work = Database(url, patience=5.0)
    for _ in range(OFTEN):
        accept(at_work)
    upgrade(url)
    accepted = [accept(at_work) for _ in range(OFTEN)]
    assert accepted == sorted(set(accepted))
    at_work.close()
    databases.server().drop(url)


def accept(database: Database) -> int:
    """An event is stored and found; as an engine does, again when it must be. Its id."""
    key = secrets.token_hex(8)
    row = {"lane": "l", "album": "", "body": "{}", "fingerprint": "f", "state": "new"}
    for _ in range(2):
        with suppress(Collided), database.write() as tx:
            inbox.insert_once(tx, source="s", key=key, **row, received_at=NOW, ready_at=NOW)
    for _ in range(2):
        with suppress(Collided), database.read() as tx:
            found = inbox.known(tx, "s", key)
    assert found is not None
    return int(found.id or 0)


def test_ids_go_on_beyond_32_bits(empty: str) -> None:
    migrate(empty)
    database = Database(empty)
    with database.write() as tx:
        first = tx.add(Timer, id=2**31 - 1, what="w", about="0", due_at=NOW)
        if is_postgres(empty):
            tx.driver.execute(f"SELECT setval(pg_get_serial_sequence('timer', 'id'), {first})")
        assert tx.add(Timer, what="w", about="1", due_at=NOW) == 2**31
    database.close()


def test_a_server_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    databases.binaries()
    with pytest.raises(Busy, match="连不上 PostgreSQL") as refused:
        migrate(f"postgresql://huixiang:a-secret-word@/nowhere?host={tmp_path}")
    assert "a-secret-word" not in refused.value.message
