"""Migrations: an empty file becomes today's database, whole or not at all."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from domain.errors import SettingsError
from storage.migrating import CURRENT, NEW, migrate, standing
from storage.migrations import HEAD
from storage.migrations.upgrade import config_for, upgrade
from storage.tables import TABLES, metadata


def test_an_empty_database_gets_every_table(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "new.db"
    assert standing(file) == NEW
    migrate(f"sqlite:///{file}", file)
    assert standing(file) == CURRENT
    names = set(inspect(create_engine(f"sqlite:///{file}")).get_table_names())
    assert {str(table.__tablename__) for table in TABLES} <= names


def test_the_tables_in_code_are_those_of_the_migrations(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_migrated_and_directly_created_columns_are_the_same(tmp_path: Path) -> None:
    """Alembic does not compare everything; the columns as SQLite lists them do."""
    upgrade(f"sqlite:///{tmp_path / 'migrated.db'}")
    metadata.create_all(create_engine(f"sqlite:///{tmp_path / 'created.db'}"))
    for table in TABLES:
        columns = []
        for name in ("migrated", "created"):
            with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection:
                columns.append(connection.execute(f"PRAGMA table_info({table.__tablename__})").fetchall())
        assert columns[0] == columns[1]


def test_the_named_head_is_the_last_step() -> None:
    assert ScriptDirectory.from_config(config_for(None)).get_current_head() == HEAD


def test_an_up_to_date_start_does_not_import_alembic(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    migrate(f"sqlite:///{file}", file)
    code = (
        "import sys, pathlib; from storage.migrating import migrate; file = pathlib.Path(sys.argv[1]);"
        "migrate(f'sqlite:///{file}', file); print('alembic' in sys.modules)"
    )
    asked = [sys.executable, "-c", code, str(file)]
    assert subprocess.run(asked, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout == "False\n"


def test_a_failed_upgrade_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE timer (id INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        upgrade(f"sqlite:///{file}")
    assert inspect(create_engine(f"sqlite:///{file}")).get_table_names() == ["timer"]


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_text("this is a letter, not a database " * 50)
    with pytest.raises(SettingsError, match="HUIXIANG_DATABASE_URL"):
        migrate(f"sqlite:///{file}", file)


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    upgrade(f"sqlite:///{file}")
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="升级程序"):
        migrate(f"sqlite:///{file}", file)
