"""Transactions: what both databases promise, each with its own means."""

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, update

from domain.errors import Busy, Collided
from storage import cases, facts, inbox, outbox, timers
from storage.cases import Case
from storage.database import Database, Tx
from storage.inbox import Inbox
from storage.people import Person
from storage.statement import Statement, core, holds
from tests import databases
from tests.databases import Server

NOW = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
SHANGHAI = timezone(timedelta(hours=8))
PEOPLE = Statement(select(core(Person)).order_by(core(Person).c.id))
SEEN = Statement(select(func.count()).select_from(core(Person)))


@pytest.fixture
def database(tables: str) -> Iterator[Database]:
    database = Database(tables, patience=1.0)
    yield database
    database.close()


@pytest.fixture
def pair() -> Iterator[tuple[Database, Database]]:
    """Two processes on one PostgreSQL."""
    url = databases.address(databases.POSTGRES, databases.server().folder)
    both = Database(url, patience=1.0), Database(url, patience=1.0)
    yield both
    for one in both:
        one.close()
    databases.server().drop(url)


def person(tx: Tx, name: str = "王女士", phone: str = "") -> int:
    return tx.add(Person, name=name, phone=phone, created_at=NOW)


def a_case(tx: Tx, customer: int) -> int:
    return tx.add(Case, number=f"HX{customer}", customer_id=customer, opened_at=NOW, respond_by=NOW, resolve_by=NOW)


def test_a_row_comes_back_as_it_was_written(database: Database) -> None:
    with database.write() as tx:
        row_id = tx.add(Person, name="李‘; DROP--😀%s\\", profile={"needs": ["花粉过敏"]}, created_at=NOW, muted=True)
    with database.read() as tx:
        row = tx.get(Person, row_id)
    assert (row.name, row.created_at, row.muted) == ("李‘; DROP--😀%s\\", NOW, True)
    assert row.profile == {"needs": ["花粉过敏"]}
    assert row.erased_at is None
    assert row.created_at.utcoffset() == NOW.utcoffset()


def test_a_character_nobody_can_see_does_not_keep_a_message_out(database: Database) -> None:
    with database.write() as tx:
        row_id = person(tx, "王\0女士")
    with database.read() as tx:
        assert tx.get(Person, row_id).name.replace("\0", "") == "王女士"


def fails(tx: Tx, name: str) -> None:
    person(tx, name)
    raise KeyError


def test_what_fails_takes_everything_with_it_and_a_savepoint_only_its_own(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as tx:
        fails(tx, "零")
    with database.write() as tx:
        person(tx, "一")
        with pytest.raises(KeyError), tx.savepoint():
            fails(tx, "二")
        a_case(tx, 1)
        with pytest.raises(Exception, match=r"(?i)unique"), tx.savepoint():
            a_case(tx, 1)
        person(tx, "三")
    with database.read() as tx:
        assert [row.name for row in tx.all(PEOPLE)] == ["一", "三"]
        assert len(cases.of_customer(tx, 1)) == 1


def test_a_reader_sees_one_moment_and_cannot_write(database: Database) -> None:
    with database.write() as tx:
        person(tx)
    with database.read() as reading:
        assert reading.value(SEEN) == 1
        with database.write() as tx:
            person(tx)
        reading._answers.clear()
        assert reading.value(SEEN) == 1
        with pytest.raises(Busy):
            person(reading)
    with database.read() as reading:
        assert reading.value(SEEN) == 2


def test_ids_and_numbers_made_of_them_are_never_given_twice(database: Database) -> None:
    with database.write() as tx:
        first = tx.next_id(Person)
        assert tx.add(Person, id=first, name="一", created_at=NOW) == first
        second = tx.next_id(Person)
        tx.add(Person, id=second, name="二", created_at=NOW)
        assert len({first, second, person(tx, "三")}) == 3


def test_an_event_is_stored_once_and_a_timer_moves(database: Database) -> None:
    row = {"lane": "l", "album": "", "body": "{}", "fingerprint": "f", "state": "new"}
    with database.write() as tx:
        ids = [inbox.insert_once(tx, source="s", key="k", **row, received_at=NOW, ready_at=NOW) for _ in range(2)]
        timers.set_timer(tx, "ping", "case:1", NOW)
        timers.set_timer(tx, "ping", "case:1", NOW, {"level": 2})
        (timer,) = timers.due(tx, NOW, 10)
        assert (timer.revision, timer.args) == (2, {"level": 2})
        assert [timers.fire(tx, timer, NOW) for _ in range(2)] == [True, False]
        facts.write(tx, "a", "1")
        facts.write(tx, "a", "2")
        assert facts.read(tx, "a") == "2"
    assert ids[0] is not None
    assert ids[1] is None


def test_a_row_that_cannot_exist_is_not_there(database: Database) -> None:
    with database.read() as tx:
        assert [tx.find(Person, row_id) for row_id in (-1, 0, 2**31, 2**62)] == [None] * 4


def test_words_are_looked_for_as_they_are(database: Database) -> None:
    table = core(Inbox)
    with database.write() as tx:
        row = {"lane": "l", "album": "", "fingerprint": "", "state": "new", "received_at": NOW, "ready_at": NOW}
        for key, body in (("a", 'she said \\"100%\\"\\n'), ("b", "she said 1000")):
            inbox.insert_once(tx, source="s", key=key, body=body, **row)
        found = tx.all(Statement(select(table).where(holds(table.c.body, '\\"100%\\"\\n'))))
        assert [one.key for one in found] == ["a"]
        assert outbox.files_shown(tx, 1, 1) == set()


def race(pair: tuple[Database, Database], first: Callable[[Tx], object], second: Callable[[Tx], object]) -> None:
    """The second looks before the first is there, and writes when it is."""
    with pair[1].write() as late:
        late.value(SEEN)
        with pair[0].write() as tx:
            first(tx)
        second(late)


def test_the_second_of_two_that_change_one_row_is_told_and_leaves_nothing(pair: tuple[Database, Database]) -> None:
    with pair[0].write() as tx:
        row_id = person(tx)

    def second(late: Tx) -> None:
        person(late, "ghost")
        late.change(Person, row_id, name="乙")

    with pytest.raises(Collided):
        race(pair, lambda tx: tx.change(Person, row_id, name="甲"), second)
    with pair[0].read() as tx:
        assert [row.name for row in tx.all(PEOPLE)] == ["甲"]
    with pair[1].write() as again:
        again.change(Person, row_id, name="乙")


def test_two_that_look_find_nothing_and_insert_collide_where_both_touch(pair: tuple[Database, Database]) -> None:
    with pair[0].write() as tx:
        customer = person(tx)

    def open_one(tx: Tx) -> None:
        assert cases.of_customer(tx, customer) == []
        tx.touch(Person, customer)
        a_case(tx, customer)

    with pytest.raises(Collided):
        race(pair, open_one, open_one)
    with pytest.raises(Collided):
        race(pair, lambda tx: facts.touch(tx, "budget"), lambda tx: facts.touch(tx, "budget"))
    with pair[0].read() as tx:
        (case,) = cases.of_customer(tx, customer)
    with pytest.raises(Collided):
        race(
            pair,
            lambda tx: cases.note(tx, case.id or 0, NOW, "closed"),
            lambda tx: cases.note(tx, case.id or 0, NOW, "said"),
        )
    with pair[0].read() as tx:
        assert [entry.kind for entry in cases.entries(tx, case.id or 0)] == ["closed"]


def test_on_a_database_of_our_own_touching_costs_nothing(database: Database) -> None:
    with database.write() as tx:
        row_id = person(tx)
        tx.touch(Person, row_id)
        facts.touch(tx, "budget")
        assert (facts.read(tx, "touched:budget", "no") == "no") is not database.shared


def test_a_lock_that_somebody_holds_too_long_is_busy(pair: tuple[Database, Database]) -> None:
    one, other = pair
    with one.write() as tx:
        row_id = person(tx)
    with one.write() as holder:
        holder.change(Person, row_id, name="甲")
        assert holder.value(SEEN) == 1
        with pytest.raises(Busy), other.write() as late:
            late.change(Person, row_id, name="乙")


def test_a_statement_that_failed_unseen_does_not_pass_for_a_commit(pair: tuple[Database, Database]) -> None:
    def swallowed(tx: Tx) -> None:
        person(tx)
        with pytest.raises(Exception, match="no_such"):
            tx.driver.execute("SELECT no_such_thing")

    with pytest.raises(Busy), pair[0].write() as tx:
        swallowed(tx)
    with pair[0].read() as tx:
        assert tx.all(PEOPLE) == []


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that a test may stop."""
    server = Server(databases.binaries())
    server.start()
    yield server
    server.remove()


def test_a_server_that_stops_is_busy_and_everything_goes_on_when_it_is_back(own: Server) -> None:
    database = Database(own.url("postgres"), patience=2.0)
    with database.write() as tx:
        tx.driver.execute("CREATE TABLE t (n INTEGER)")
    with database.read(), database.read():
        pass

    def cut_off(tx: Tx) -> None:
        tx.driver.execute("INSERT INTO t VALUES (1)")
        own.stop(signal.SIGQUIT)
        with tx.savepoint():
            tx.value(Statement(select(func.count())))

    with pytest.raises(Busy), database.write() as tx:
        cut_off(tx)
    with pytest.raises(Busy), database.write():
        pass
    own.start()
    with database.write() as tx:
        tx.driver.execute("INSERT INTO t VALUES (2)")
    for _ in range(3):
        with database.read() as tx:
            assert tx.driver.execute("SELECT n FROM t").fetchall() == [(2,)]
    database.close()


def test_commits_are_on_the_disk_whatever_the_server_is_told(pair: tuple[Database, Database]) -> None:
    with pair[0].write() as tx:
        assert tx.driver.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert tx.driver.execute("SHOW transaction_isolation").fetchone() == ("repeatable read",)


def test_a_row_that_was_written_here_is_what_would_be_read(database: Database) -> None:
    with database.write() as tx:
        row_id = tx.add(Person, name="王女士", profile={"needs": ("花粉过敏",)}, created_at=NOW.astimezone(SHANGHAI))
        first = tx.get(Person, row_id)
        tx.change(Person, row_id, muted=True, erased_at=NOW, profile={"needs": []})
        second = tx.get(Person, row_id)
        with pytest.raises(KeyError), tx.savepoint():
            renames(tx, row_id)
        assert tx.get(Person, row_id) == second
        tx.run(Statement(update(core(Person)).values(name="李女士")))
        third = tx.get(Person, row_id)
        assert tx.find(Person, row_id + 1) is None
    with database.read() as tx:
        read = tx.get(Person, row_id)
    assert third == read
    assert second == read._replace(name="王女士")
    assert first == second._replace(muted=False, erased_at=None, profile={"needs": ["花粉过敏"]})
    assert [type(value) for value in second] == [type(value) for value in read]


def renames(tx: Tx, row_id: int) -> None:
    tx.change(Person, row_id, name="ghost")
    assert tx.get(Person, row_id).name == "ghost"
    raise KeyError
