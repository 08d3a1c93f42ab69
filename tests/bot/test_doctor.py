"""`huixiang doctor` names what is stuck and since when; `--free` lets it go, once, whether the company serves or not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import errand
from bot.checks.examine import examine
from bot.settings import Settings, load_settings
from domain.errors import Forbidden
from domain.events import Incoming, StaffActed
from handlers.freeing import FREE
from handlers.troubles import note
from storage import inbox, timers
from storage.database import Database, Tx
from storage.inbox import Inbox
from storage.jobs import Job
from storage.migrating import migrate
from storage.outbox import Outbox
from storage.webhooks import Delivery
from tests import databases
from tests.bot.processes import huixiang
from tests.harness import House

NOW = datetime.now(UTC)
EARLIER, LATER = NOW - timedelta(hours=3), NOW + timedelta(hours=3)


@pytest.fixture(params=databases.KINDS)
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    given = {"HUIXIANG_DATA_DIR": str(tmp_path)}
    if request.param == databases.POSTGRES:
        given["HUIXIANG_DATABASE_URL"] = databases.server().fresh()
    settings = load_settings(given, tmp_path / "none")
    migrate(settings.url)
    yield settings
    databases.drop(settings.url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.url)
    yield database
    database.close()


def spoil(tx: Tx) -> None:
    """One of everything that can be stuck."""
    note(tx, "telegram", "another process is polling", datetime.now(UTC))
    event = {"source": "test", "lane": "x", "album": "", "fingerprint": "", "received_at": EARLIER, "ready_at": EARLIER}
    body = '{"job":"nobody_knows","args":{},"kind":"job"}'
    inbox.insert_once(tx, key="1", body=body, state="parked", **event)
    timers.set_timer(tx, "coupon_expiry", "coupon:1", EARLIER)
    message = {"event_id": 1, "chat": "1", "text": "", "created_at": EARLIER}
    tx.add(Outbox, channel="telegram", token="a", not_before=LATER, error="HTTP 500", **message)
    tx.add(Outbox, channel="telegram", token="b", not_before=LATER, **message)
    tx.add(Outbox, channel="telegram", token="c", not_before=EARLIER, state="dead", error="gone: blocked", **message)
    tx.add(
        Delivery, message_id="m", kind="k", body="{}", state="dead", attempts=10, next_at=EARLIER, created_at=EARLIER
    )
    tx.add(Delivery, message_id="n", kind="k", body="{}", attempts=3, next_at=LATER, created_at=EARLIER)
    tx.add(Job, kind="read_again", about="entry:1", event_id=1, attempts=1, next_at=LATER, created_at=EARLIER)


def said(settings: Settings) -> str:
    return "\n".join(f"{finding.ok} {finding.what} {finding.advice}" for finding in examine(settings))


def test_everything_that_is_stuck_is_named_with_a_way_out(settings: Settings, database: Database) -> None:
    assert "没能送达" not in said(settings)
    with database.write() as tx:
        spoil(tx)
    found = said(settings)
    for what in (
        "False telegram 收不到消息，已经 0 分钟：another process is polling",
        "False 1 件到点的事还没做，最早的等了 3 小时",
        "False 1 件事处理失败，搁置了，最早的等了 3 小时",
        "True 1 条消息等着再发（telegram）",
        "True 1 条消息没能送达（telegram）：渠道不收",
        "False 1 条通知公司系统的消息没送到",
        "False 1 条通知试完了所有次数",
        "True 1 件请模型做的事没做成",
    ):
        assert what in found, found
    assert "huixiang doctor --free" in found


def free(settings: Settings) -> dict[str, object]:
    return errand.run_one(settings, Incoming("cli", str(datetime.now(UTC)), "doctor", StaffActed(FREE, None)))


def test_freeing_tries_everything_anew_and_twice_does_no_more_than_once(settings: Settings, database: Database) -> None:
    with database.write() as tx:
        spoil(tx)
    assert free(settings) == {"events": 1, "messages": 1, "webhooks": 2, "jobs": 1}
    with database.write() as tx:
        tx.change(Inbox, 1, state="done")
    assert free(settings) == {"events": 0, "messages": 0, "webhooks": 0, "jobs": 0}
    with database.read() as tx:
        held = [
            row[0] for row in tx.driver.execute("SELECT token FROM outbox WHERE not_before > created_at").fetchall()
        ]
        assert sorted(held) == ["a", "b"], "one may go now, the other was meant for later"
        dead = tx.driver.execute("SELECT count(*) FROM outbox WHERE state = 'dead'").fetchone()[0]
    assert dead == 1, "who blocked us is left alone"


def test_the_command_asks_before_it_frees(tmp_path: Path) -> None:
    refused = huixiang(tmp_path, "doctor", "--free", given="n\n")
    assert refused.returncode == 1
    assert "什么都没有动" in refused.stderr


def test_only_those_in_charge_free(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert isinstance(house.act(house.supervisor(), FREE).error, Forbidden)
    assert house.act(house.owner(), FREE).error is None
    house.close()
