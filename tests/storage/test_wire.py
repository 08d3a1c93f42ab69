"""PostgreSQL is asked in as few messages as can be: what is put off fails where it belongs, and nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import bindparam, select

from domain.errors import Collided
from storage.cases import Case
from storage.database import Database, Tx
from storage.people import Person
from storage.statement import Statement, core
from storage.wire import FIRST_TIME, MOST_PREPARED
from tests import databases

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NAMES = Statement(select(core(Person).c.name).order_by(core(Person).c.id))
NAMED = Statement(select(core(Person).c.id).where(core(Person).c.name == bindparam("name")))


@pytest.fixture
def database() -> Iterator[Database]:
    url = databases.address(databases.POSTGRES, databases.server().folder)
    database = Database(url, patience=1.0)
    yield database
    database.close()
    databases.drop(url)


def put(tx: Tx, name: str) -> None:
    tx.put(Person, name=name, created_at=NOW)


def put_case(tx: Tx, number: str) -> None:
    tx.put(Case, number=number, customer_id=1, opened_at=NOW, respond_by=NOW, resolve_by=NOW)


def names(database: Database) -> list[str]:
    with database.read() as tx:
        return [row.name for row in tx.all(NAMES)]


def twice(tx: Tx) -> None:
    put(tx, "ghost")
    put_case(tx, "HX1")
    put_case(tx, "HX1")


def twice_and_ask(tx: Tx) -> None:
    twice(tx)
    tx.all(NAMES)


def test_what_was_put_off_fails_within_its_own_part_and_the_others_stand(database: Database) -> None:
    with database.write() as tx:
        with tx.savepoint():
            put(tx, "一")
        with pytest.raises(psycopg.errors.UniqueViolation), tx.savepoint():
            twice(tx)
        with tx.savepoint():
            put(tx, "二")
        with pytest.raises(psycopg.errors.UniqueViolation), tx.savepoint():
            twice_and_ask(tx)
        put(tx, "三")
    assert names(database) == ["一", "二", "三"]


def test_what_was_put_off_before_a_part_is_not_laid_at_its_door(database: Database) -> None:
    begun: list[str] = []

    def then_a_part(tx: Tx) -> None:
        twice(tx)
        with tx.savepoint():
            begun.append("part")

    with pytest.raises(psycopg.errors.UniqueViolation), database.write() as tx:
        then_a_part(tx)
    assert begun == []
    assert names(database) == []


def test_what_was_put_off_last_fails_with_the_commit(database: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), database.write() as tx:
        twice(tx)
    assert names(database) == []


def stops(tx: Tx, name: str, *, asked: bool) -> None:
    put(tx, name)
    if asked:
        tx.all(NAMES)
    raise KeyError


@pytest.mark.parametrize("asked", [False, True])
def test_a_part_that_is_undone_takes_what_was_put_off_in_it_and_no_more(database: Database, asked: bool) -> None:
    with database.write() as tx, tx.savepoint():
        put(tx, "一")
        with pytest.raises(KeyError), tx.savepoint():
            stops(tx, "ghost", asked=asked)
        put(tx, "二")
    assert names(database) == ["一", "二"]


def test_who_collides_by_what_was_put_off_is_told_at_the_commit(database: Database) -> None:
    with database.write() as tx:
        row_id = tx.add(Person, name="一", created_at=NOW)
    other = Database(database.url, patience=1.0)

    def too_late(late: Tx) -> None:
        late.all(NAMES)
        with database.write() as tx:
            tx.change(Person, row_id, name="二")
        late.change(Person, row_id, name="ghost")

    with pytest.raises(Collided), other.write() as late:
        too_late(late)
    other.close()
    assert names(database) == ["二"]


def test_a_word_that_cannot_be_written_is_the_mistake_of_who_says_it(database: Database) -> None:
    with database.write() as tx:
        put(tx, "一")
        with pytest.raises(UnicodeEncodeError):
            put(tx, "\ud800")
        put(tx, "二")
    assert names(database) == ["一", "二"]


def test_a_statement_that_failed_may_be_asked_again(database: Database) -> None:
    asked = "SELECT name FROM person JOIN later ON true"
    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable), database.write() as tx:
            tx.driver.execute(asked)
    with database.write() as tx:
        tx.driver.execute("CREATE TABLE later (n INTEGER)")
        assert tx.driver.execute(asked).fetchall() == []


def test_more_goes_in_one_message_than_is_read_at_once(database: Database) -> None:
    with database.write() as tx:
        for number in range(2_000):
            put(tx, f"{number}" * 200)
    assert len(names(database)) == 2_000


def test_what_is_put_together_for_each_search_is_forgotten_in_time(database: Database) -> None:
    with database.read() as tx:
        for number in range(MOST_PREPARED + 10):
            assert tx.driver.execute(f"SELECT {number}").fetchone() == (number,)
        assert tx.value(NAMED, name="一") is None
        assert tx.driver.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()[0] < MOST_PREPARED


def test_plans_are_made_anew_within_a_transaction_like_any_other(database: Database) -> None:
    for _ in range(FIRST_TIME + 1):
        with database.write() as tx:
            assert tx.driver.execute("SHOW transaction_isolation").fetchone() == ("repeatable read",)
            assert tx.value(NAMED, name="一") is None
