"""Webhooks out, against a real HTTP server that does what servers do."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from domain.errors import Forbidden, NotFound
from domain.events import Incoming, StaffActed
from handlers.engine import Engine
from handlers.handled import Handled
from handlers.turn import Turn
from handlers.webhooks.sender import SCHEDULE, WebhookSender
from handlers.webhooks.webhooks import emit
from storage import webhooks
from storage.webhooks import Delivery
from tests.handlers.receiver import Answer, Receiver, drip, flood, garbage, hang, receiving, status
from tests.harness import Guest, House

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


class Sending:
    """A house whose writer runs for real, a receiver, and the sender between them."""

    def __init__(self, house: House, engine: Engine, sender: WebhookSender, receiver: Receiver) -> None:
        self.house = house
        self.engine = engine
        self.sender = sender
        self.receiver = receiver

    async def emits(self, kind: str = "case.opened") -> None:
        now = self.house.clock.now()
        await self.engine.call(lambda tx: emit(Turn(self.house.world, tx, 1, now), kind, {"case": "A1001"}))

    @property
    def rows(self) -> list[Delivery]:
        with self.house.tx() as tx:
            return webhooks.latest(tx, 10)

    async def replays(self, who: Guest, delivery: int) -> Handled:
        event = StaffActed("replay_webhook", who.person_id, {"delivery": delivery})
        return await self.engine.submit(Incoming("desk", f"r{next(self.house.numbers)}", "desk", event))

    async def handled(self) -> None:
        """What the sender told the company has been handled."""
        event = StaffActed("on_duty", self.house.owner("有人").person_id, {})
        await self.engine.submit(Incoming("test", f"n{next(self.house.numbers)}", "webhooks", event))


@asynccontextmanager
async def sending(folder: Path, *answers: Answer, seconds: float = 10.0) -> AsyncIterator[Sending]:
    house = House(folder, webhooks=True)
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    async with receiving(*answers) as receiver, httpx.AsyncClient() as client:
        sender = WebhookSender(engine, house.clock, receiver.url, SECRET, client, whole_seconds=seconds)
        yield Sending(house, engine, sender, receiver)
    await engine.stop()


async def test_a_message_arrives_signed_and_is_sent_once(tmp_path: Path) -> None:
    async with sending(tmp_path, status(204)) as company:
        await company.emits()
        await company.sender.send_due()
        await company.sender.send_due()

        ((path, headers, body),) = company.receiver.got
        expected = Webhook(SECRET).sign(headers["webhook-id"], company.house.clock.now(), body.decode())
        assert path == "/hook"
        assert headers["webhook-signature"] == expected
        assert headers["webhook-timestamp"] == str(int(company.house.clock.now().timestamp()))
        assert json.loads(body) == {
            "type": "case.opened", "timestamp": company.house.clock.now().isoformat(), "data": {"case": "A1001"},
        }  # fmt: skip
        assert [(row.state, row.attempts, row.last_status) for row in company.rows] == [("sent", 1, 204)]


async def test_nothing_is_queued_when_no_other_system_is_set(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.writing() as tx:
        emit(Turn(house.world, tx, 1, house.clock.now()), "case.opened", {})
        assert webhooks.latest(tx, 1) == []


async def test_a_failing_receiver_is_tried_again_by_the_schedule_under_the_same_id(tmp_path: Path) -> None:
    async with sending(tmp_path, status(500), status(503), status(200)) as company:
        await company.emits()
        for pause in SCHEDULE[:2]:
            await company.sender.send_due()
            (row,) = company.rows
            assert row.state == "queued"
            assert row.next_at == company.house.clock.now() + pause
            assert await company.sender.send_due() == 0
            company.house.clock.advance(pause)
        await company.sender.send_due()

        assert [(row.state, row.attempts) for row in company.rows] == [("sent", 3)]
        assert len({headers["webhook-id"] for _, headers, _ in company.receiver.got}) == 1


async def test_after_the_last_try_it_is_dead_and_those_in_charge_are_told(tmp_path: Path) -> None:
    async with sending(tmp_path, status(500)) as company:
        owner = company.house.owner()
        await company.emits()
        for _ in range(len(SCHEDULE) + 1):
            await company.sender.send_due()
            company.house.clock.advance(timedelta(days=1))
        await company.handled()

        assert [(row.state, row.attempts) for row in company.rows] == [("dead", len(SCHEDULE) + 1)]
        assert await company.sender.send_due() == 0
        assert "HTTP 500" in owner.heard[-1].text


async def test_a_receiver_that_is_gone_is_not_tried_again(tmp_path: Path) -> None:
    async with sending(tmp_path, status(410)) as company:
        owner = company.house.owner()
        await company.emits()
        await company.sender.send_due()
        await company.handled()

        assert [(row.state, row.last_status) for row in company.rows] == [("dead", 410)]
        assert owner.heard


async def test_a_redirect_is_a_failure_and_is_not_followed(tmp_path: Path) -> None:
    async with sending(tmp_path, status(302, location="/elsewhere")) as company:
        await company.emits()
        await company.sender.send_due()

        assert [path for path, _, _ in company.receiver.got] == ["/hook"]
        assert company.rows[0].last_error == "HTTP 302"


@pytest.mark.parametrize("answer", [hang, drip])
async def test_a_slow_receiver_has_one_time_for_all_of_it(tmp_path: Path, answer: Any) -> None:
    async with sending(tmp_path, answer, seconds=0.3) as company:
        await company.emits()
        async with asyncio.timeout(5):
            await company.sender.send_due()

        assert [(row.state, row.last_error) for row in company.rows] == [("queued", "timeout")]


async def test_an_endless_answer_is_read_only_so_far(tmp_path: Path) -> None:
    async with sending(tmp_path, flood, seconds=5) as company:
        await company.emits()
        async with asyncio.timeout(3):
            await company.sender.send_due()

        assert [row.state for row in company.rows] == ["sent"]


async def test_a_receiver_that_is_down_for_a_day_hears_everything_once_it_is_back(tmp_path: Path) -> None:
    async with sending(tmp_path, status(200)) as company:
        here, company.sender._url = company.sender._url, "http://127.0.0.1:9/hook"
        for kind in ("case.opened", "case.escalated", "case.closed"):
            await company.emits(kind)
        for _ in range(24):
            await company.sender.send_due()
            company.house.clock.advance(timedelta(hours=1))
        assert {(row.state, row.last_error) for row in company.rows} == {("queued", "ConnectError")}
        company.sender._url = here
        company.house.clock.advance(timedelta(days=1))
        await company.sender.send_due()
        assert {row.state for row in company.rows} == {"sent"}
        kinds = [json.loads(body)["type"] for _, _, body in company.receiver.got]
        assert sorted(kinds) == ["case.closed", "case.escalated", "case.opened"]


async def test_nonsense_and_a_closed_port_are_failures_like_others(tmp_path: Path) -> None:
    async with sending(tmp_path, garbage) as company:
        await company.emits()
        await company.sender.send_due()
        assert company.rows[0].last_error == "RemoteProtocolError"


async def test_what_was_being_sent_at_a_crash_is_sent_again(tmp_path: Path) -> None:
    async with sending(tmp_path, status(200)) as company:
        await company.emits()
        await company.engine.call(lambda tx: webhooks.mark_sending(tx, company.rows[0].id or 0))
        await company.sender.send_due()

        assert [(row.state, row.attempts) for row in company.rows] == [("sent", 2)]


async def test_the_sender_keeps_sending_in_the_background_until_it_is_stopped(tmp_path: Path) -> None:
    async with sending(tmp_path, status(200)) as company:
        await company.emits()
        company.sender.start()
        async with asyncio.timeout(5):
            while not company.receiver.got:
                await asyncio.sleep(0.01)
        await company.sender.stop()


async def test_a_dead_message_can_be_sent_again_by_those_who_may(tmp_path: Path) -> None:
    async with sending(tmp_path, status(410), status(200)) as company:
        owner, cleaner = company.house.owner(), company.house.cleaner()
        await company.emits()
        await company.sender.send_due()
        await company.handled()
        delivery = company.rows[0].id or 0

        refused = await company.replays(cleaner, delivery)
        done = await company.replays(owner, delivery)
        await company.sender.send_due()

        assert isinstance(refused.error, Forbidden)
        assert done.error is None
        assert [row.state for row in company.rows] == ["sent"]
        assert isinstance((await company.replays(owner, 99)).error, NotFound)
