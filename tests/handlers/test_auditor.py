"""The auditor: each thing that should have happened and did not is put into the rows by hand, and found."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.auditing import Auditing
from bot.heartbeat import Heartbeat
from handlers import auditor
from handlers.auditor import Auditor, look
from handlers.engine import Engine
from handlers.health import readiness
from storage import inbox, timers
from storage.database import Tx
from storage.jobs import Job
from storage.outbox import Outbox
from storage.webhooks import Delivery
from tests.handlers.receiver import Receiver, hang, receiving, status
from tests.harness import START, Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
LONG_AGO = START - timedelta(hours=2)
BODY = '{"job":"nothing","args":{},"kind":"job"}'


def timer(tx: Tx) -> None:
    timers.set_timer(tx, "ladder", "case:99", LONG_AGO)


def event(tx: Tx, state: str = "new") -> None:
    inbox.insert_once(
        tx, source="test", key="1", lane="test", album="", body=BODY, fingerprint="", state=state,
        received_at=LONG_AGO, ready_at=LONG_AGO,
    )  # fmt: skip


def parked(tx: Tx) -> None:
    event(tx, "parked")


def message(tx: Tx) -> None:
    tx.add(
        Outbox, event_id=1, channel="telegram", chat="1", token="t", text="", not_before=LONG_AGO, created_at=LONG_AGO
    )


def webhook(tx: Tx) -> None:
    tx.add(
        Delivery, message_id="m", kind="case.opened", body="{}", next_at=START + timedelta(days=1), created_at=LONG_AGO
    )


def job(tx: Tx) -> None:
    tx.add(Job, kind="read_again", about="entry:1", event_id=1, next_at=LONG_AGO, created_at=LONG_AGO)


@pytest.mark.parametrize(
    ("fault", "name", "well"),
    [
        (timer, "timers", False),
        (event, "events", False),
        (message, "messages", False),
        (webhook, "webhooks", True),
        (job, "jobs", True),
        (parked, "parked", True),
    ],
)
def test_what_waits_too_long_is_found(house: House, fault: Callable[[Tx], None], name: str, well: bool) -> None:
    with house.writing() as tx:
        assert look(tx, START).found == {}
        fault(tx)
        report = look(tx, START)
    assert report.found == {name: 1}
    assert report.well is well
    house.close()


def test_a_channel_where_nothing_goes_is_found_in_a_minute_and_a_busy_one_is_given_time(house: House) -> None:
    """As when the process that sends hangs: its lock is held, and nobody else may."""
    later = START + timedelta(minutes=2)
    with house.writing() as tx:
        for number in range(3):
            tx.add(
                Outbox, event_id=1, channel="telegram", chat="1", token=str(number), text="",
                not_before=START, created_at=START,
            )  # fmt: skip
        assert look(tx, START + timedelta(seconds=50)).found == {}
        assert look(tx, later).found == {"messages": 3}
        tx.change(Outbox, 1, state="sent", sent_at=START)
        assert look(tx, later).found == {"messages": 2}, "what went before does not count"
        tx.add(
            Outbox, event_id=1, channel="telegram", chat="2", token="x", text="", state="sent",
            not_before=later, created_at=later, sent_at=later,
        )  # fmt: skip
        assert look(tx, later).found == {}
    house.close()


class Company:
    """A house whose engine runs, a case in it, and an auditor who may look as often as the clock allows."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        self.owner, self.lead, self.customer = self.house.owner(), self.house.supervisor(), self.house.customer()
        self.customer.says(COMPLAINT)
        self.engine = Engine(self.house.database, self.house.world, self.house.clock)
        self.auditor = Auditor(self.engine, self.house.clock)

    def spoil(self, sql: str, *params: Any) -> None:
        with self.house.writing() as tx:
            tx.driver.execute(sql, params)

    async def audited(self) -> dict[str, int]:
        """What a look finds, once what follows from it is done. What was owed until now has been sent."""
        self.spoil("UPDATE outbox SET state = 'sent'")
        self.house.clock.advance(timedelta(minutes=1))
        report = await self.auditor.look()
        assert report is not None
        await self.engine.call(lambda tx: None)
        return dict(report.found)

    def told(self, guest: Guest) -> list[str]:
        return [heard.key for heard in guest.heard if heard.key.startswith(("audit.", "escalation."))]

    def value(self, sql: str) -> Any:
        with self.house.tx() as tx:
            return tx.driver.execute(sql).fetchone()[0]


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    company = Company(tmp_path)
    company.engine.start()
    yield company
    await company.engine.stop()
    company.house.close()


async def test_a_house_where_all_is_done_is_well(company: Company) -> None:
    assert await company.audited() == {}
    assert company.told(company.owner) == []


async def test_a_climb_without_a_timer_goes_on(company: Company) -> None:
    company.spoil("DELETE FROM timer")
    assert await company.audited() == {"stopped": 1}
    assert company.told(company.lead) == ["escalation.ping", "escalation.ping"]
    assert company.value("SELECT count(*) FROM timer WHERE what = 'ladder' AND fired_at IS NULL") == 1
    assert await company.audited() == {}


async def test_a_timer_that_became_an_event_is_no_finding_while_that_waits(company: Company) -> None:
    company.spoil("UPDATE timer SET fired_at = due_at")
    with company.house.writing() as tx:
        later = company.house.clock.now() + timedelta(hours=1)
        inbox.insert_once(
            tx, source="timer", key="x", lane="case:1", album="", body=BODY, fingerprint="", state="new",
            received_at=later, ready_at=later,
        )  # fmt: skip
    assert await company.audited() == {}


async def test_whoever_has_it_is_watched_again(company: Company) -> None:
    await company.engine.stop()
    company.lead.taps("接单")
    company.spoil("DELETE FROM timer")
    with company.house.writing() as tx:
        assert look(tx, company.house.clock.now()).found["stopped"] == 1
    company.engine = Engine(company.house.database, company.house.world, company.house.clock)
    company.engine.start()
    company.auditor = Auditor(company.engine, company.house.clock)
    await company.audited()
    assert company.value("SELECT count(*) FROM timer WHERE what = 'idle' AND fired_at IS NULL") == 1


async def test_a_case_that_nobody_is_called_about_is_called_about(company: Company) -> None:
    company.spoil("DELETE FROM escalation")
    company.spoil("DELETE FROM timer")
    assert await company.audited() == {"unwatched": 1}
    assert company.told(company.lead)[-1] == "escalation.ping"
    assert await company.audited() == {}


async def test_a_case_of_somebody_who_is_staff_no_more_is_somebody_elses(company: Company) -> None:
    await company.engine.stop()
    company.lead.taps("接单")
    second = company.house.supervisor("黄主管")
    company.spoil("UPDATE person SET role = 'customer' WHERE id = ?", company.lead.person_id)
    company.engine = Engine(company.house.database, company.house.world, company.house.clock)
    company.engine.start()
    company.auditor = Auditor(company.engine, company.house.clock)
    assert await company.audited() == {"orphaned": 1}
    assert company.value("SELECT status FROM cases") == "open"
    assert company.told(second) == ["escalation.ping"]
    assert await company.audited() == {}


async def test_staff_hear_of_a_finding_once_while_it_lasts_and_again_when_it_comes_back(company: Company) -> None:
    with company.house.writing() as tx:
        job(tx)
    for _ in range(3):
        assert await company.audited() == {"jobs": 1}
    assert company.told(company.owner) == ["audit.jobs"]
    assert "1 件" in company.owner.heard[-1].text
    company.spoil("UPDATE job SET ended_at = next_at")
    assert await company.audited() == {}
    company.spoil("UPDATE job SET ended_at = NULL")
    await company.audited()
    assert company.told(company.owner) == ["audit.jobs", "audit.jobs"]


async def test_of_all_processes_one_looks_each_minute_whatever_the_clock_did(company: Company) -> None:
    other = Auditor(company.engine, company.house.clock)
    assert await company.auditor.look() is not None
    assert await other.look() is None
    company.house.clock.advance(timedelta(days=-1))
    assert await other.look() is not None, "the last look lies in the future"


async def test_only_the_companys_own_systems_may_have_it_followed(company: Company) -> None:
    await company.engine.stop()
    assert company.house.act(company.customer, auditor.AUDIT, news={}).error is not None


async def beats(company: Company, receiver: Receiver, minutes: int = 1) -> int:
    auditing = Auditing(company.engine, company.house.clock, f"{receiver.url}?code=secret")
    for _ in range(minutes):
        company.house.clock.advance(timedelta(minutes=1))
        await auditing.run()
    return len(receiver.got)


async def test_when_all_is_well_the_address_outside_hears_it_and_nothing_else(company: Company) -> None:
    async with receiving(status(200)) as receiver:
        company.spoil("UPDATE outbox SET state = 'sent'")
        assert await beats(company, receiver, minutes=2) == 2
    path, headers, body = receiver.got[0]
    assert (path, body) == ("/hook?code=secret", b"")
    assert not {"cookie", "authorization", "x-api-key"} & headers.keys()


async def test_with_something_undone_the_heart_stops_until_it_is_done(company: Company) -> None:
    async with receiving(status(200)) as receiver:
        company.spoil("UPDATE outbox SET not_before = ?", LONG_AGO.replace(tzinfo=None).isoformat(" "))
        assert await beats(company, receiver) == 0
        company.spoil("UPDATE outbox SET state = 'sent'")
        assert await beats(company, receiver) == 1


async def test_an_address_that_fails_is_told_of_once_and_without_its_secret(company: Company) -> None:
    company.spoil("UPDATE outbox SET state = 'sent'")
    async with receiving(status(500), status(500), status(200)) as receiver:
        with capture_logs() as logs:
            await beats(company, receiver, minutes=3)
    assert [line["event"] for line in logs if line["event"].startswith("heartbeat")] == [
        "heartbeat_failed", "heartbeat_works_again",
    ]  # fmt: skip
    assert "secret" not in str(logs)


async def test_an_address_that_hangs_is_left_in_time() -> None:
    async with receiving(hang) as receiver:
        async with asyncio.timeout(3):
            await Heartbeat(receiver.url, seconds=0.3).beat()
        assert len(receiver.got) == 1


async def test_an_engine_that_hangs_while_the_process_lives_is_seen(company: Company) -> None:
    """The heart stops, and `/readyz` says why, though every web request is answered."""
    go_on = threading.Event()
    hanging = asyncio.ensure_future(company.engine.call(lambda tx: go_on.wait(20)))
    await asyncio.sleep(0.05)
    try:
        with pytest.raises(TimeoutError):
            await Auditor(company.engine, company.house.clock, patience=0.2).look()
        ready = await readiness(company.engine, {}, company.house.clock)
    finally:
        go_on.set()
        await hanging
    assert not ready.ok
    assert ready.as_json()["database"] == {"ok": False, "detail": "TimeoutError"}
    assert (await readiness(company.engine, {}, company.house.clock)).ok


async def test_readiness_names_the_finding_and_goes_on_serving(company: Company) -> None:
    with company.house.writing() as tx:
        parked(tx)
    assert await company.audited() == {"parked": 1}
    ready = (await readiness(company.engine, {}, company.house.clock)).as_json()
    assert (ready["ok"], ready["degraded"]) == (True, True)
    assert ready["audit"] == {"ok": False, "detail": "parked 1"}
    company.house.clock.advance(timedelta(minutes=10))
    await company.engine.call(lambda tx: None)
    ready = (await readiness(company.engine, {}, company.house.clock)).as_json()
    assert ready["audit"] == {"ok": False, "detail": "late"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
