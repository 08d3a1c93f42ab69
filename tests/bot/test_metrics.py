"""What a company's figures say of what it lived through."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from bot.metrics import Counted, Metrics
from domain.errors import Busy
from tests.botapi import BotApi
from tests.harness import House, shared_reader
from tests.hostile.live import SOON, living

KEY = "a key for the figures"


def figures(text: str) -> dict[str, float]:
    """name{value,value} → figure; the labels stand in the order of their names."""
    found = {}
    for family in families(text):
        for sample in family.samples:
            labels = ",".join(value for _, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


async def test_a_complaint_is_seen_from_update_to_send(tmp_path: Path) -> None:
    async with BotApi() as api, living(tmp_path, api, HUIXIANG_METRICS_KEY=KEY) as live:
        user = api.user(7, "王女士")
        user.say("厨房油烟机根本没擦干净，我要求返工，电话13899997777")
        await user.expect("HX", timeout=SOON)
        await live.settled()
        assert (await live.get("/metrics")).status_code == 403
        text = await brought(live.url)
    seen = figures(text)
    assert seen["huixiang_turn_seconds_count{done,message}"] == 1
    assert seen["huixiang_understood_total{complaint,normal,quality}"] == 1
    assert seen["huixiang_send_seconds_count{telegram,sent}"] == len(user.inbox)
    assert seen["huixiang_round_seconds_count{commit}"] >= 2
    assert seen["huixiang_waiting{,event}"] == 0
    assert seen["process_resident_memory_bytes{}"] > 0
    assert not {"王女士", "13899997777", api.token.split(":")[1]} & set(text.replace('"', " ").split())


async def brought(url: str) -> str:
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as http:
        return (await http.get("/metrics")).raise_for_status().text


def test_what_waits_is_told_with_its_age(house: House, metrics: Metrics) -> None:
    customer, lead = house.customer(), house.supervisor()
    customer.says("厨房油烟机根本没擦干净，我要求返工")
    house.clock.advance(timedelta(seconds=90))
    seen = figures(metrics.written().decode())
    owed = len(customer.heard) + len(lead.heard)
    assert seen["huixiang_waiting{web,message}"] == owed
    assert seen["huixiang_waiting_seconds{web,message}"] == 90
    assert seen["huixiang_waiting_seconds{,timer}"] == 0
    house.advance(hours=2)
    seen = figures(metrics.written().decode())
    assert seen["huixiang_timer_late_seconds_count{ladder}"] >= 1


def test_a_database_that_does_not_answer_leaves_the_other_figures(house: House, metrics: Metrics) -> None:
    metrics.round_failed("Busy")
    house.database.close()
    house.database.read = _refuses  # type: ignore[method-assign]  # as a database that went away does
    seen = figures(metrics.written().decode())
    assert seen["huixiang_rounds_failed_total{Busy}"] == 1
    assert not any(name.startswith("huixiang_waiting") for name in seen)


def _refuses() -> None:
    raise Busy


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def house(tmp_path: Path, metrics: Metrics) -> House:
    house = House(tmp_path, Counted(shared_reader(), metrics), watcher=metrics)
    metrics.follow(house.database, house.clock)
    return house
