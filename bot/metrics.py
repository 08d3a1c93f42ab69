"""Figures for Prometheus: how the company works, in a registry of its own.

What a label says comes from code, tables and the taxonomy, never from what somebody wrote: no figure names a person.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

from domain.clock import Clock
from domain.errors import HuixiangError
from domain.understanding import Reader, Understanding
from handlers.troubles import Trouble, troubles
from handlers.watching import End
from storage import waiting
from storage.database import Database, Tx
from storage.waiting import Queue

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LATE = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 600.0, 3600.0)


class _By:
    """A metric's children. Asking the library for one takes longer than counting with it, so they are kept."""

    def __init__(self, metric: Any) -> None:
        self._metric = metric
        self._known: dict[tuple[str, ...], Any] = {}

    def __call__(self, *labels: str) -> Any:
        known = self._known.get(labels)
        if known is None:
            known = self._known[labels] = self._metric.labels(*labels)
        return known


class Metrics:
    """A `handlers.watching.Watcher`. Times in seconds; everything since the process began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._turns = self._histogram(
            "turn_seconds", "One try of a turn, by kind of event and end.", QUICK, "kind", "end"
        )
        self._late = self._histogram("timer_late_seconds", "How late timers fired.", LATE, "what")
        self._rounds = self._histogram(
            "round_seconds", "A round: begin (wait for the database), work, commit.", QUICK, "part"
        )
        self._failures = self._counter("rounds_failed", "Rounds of which nothing stayed, tried again.", "reason")
        self._sends = self._histogram(
            "send_seconds", "One try to send, by channel and result.", SLOW, "channel", "result"
        )
        self._calls = self._histogram("model_seconds", "One call of a model elsewhere.", SLOW, "work", "result")
        self._read = self._counter("understood", "Messages by what they were read as.", "intent", "type", "priority")

    def turn(self, kind: str, seconds: float, end: End) -> None:
        self._turns(kind, end).observe(seconds)

    def fired(self, what: str, late: float) -> None:
        self._late(what).observe(late)

    def round(self, begin: float, work: float, commit: float) -> None:
        self._rounds("begin").observe(begin)
        self._rounds("work").observe(work)
        self._rounds("commit").observe(commit)

    def round_failed(self, reason: str) -> None:
        self._failures(reason).inc()

    def sent(self, channel: str, result: str, seconds: float) -> None:
        self._sends(channel, result).observe(seconds)

    def asked(self, work: str, result: str, seconds: float) -> None:
        self._calls(work, result).observe(seconds)

    def understood(self, reading: Understanding) -> None:
        self._read(reading.intent.value, str(reading.primary or ""), str(reading.priority or "")).inc()

    def follow(self, database: Database, clock: Clock) -> None:
        """Ask this database for what waits, at each look."""
        self.registry.register(Queues(database, clock))

    def written(self) -> bytes:
        """All figures as Prometheus reads them. Asks the database: not for the event loop."""
        return generate_latest(self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> _By:
        return _By(Histogram(f"huixiang_{name}", about, labels, buckets=buckets, registry=self.registry))

    def _counter(self, name: str, about: str, *labels: str) -> _By:
        return _By(Counter(f"huixiang_{name}", about, labels, registry=self.registry))


class Queues:
    """What waits and for how long; nothing is said of it while the database does not answer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked when the process begins."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock.now()
        try:
            with self._database.read() as tx:
                queues, troubled = list(_queues(tx, now)), troubles(tx, now)
        except HuixiangError:
            return
        count = GaugeMetricFamily("huixiang_waiting", "How many wait in a queue.", labels=("queue", "of"))
        age = GaugeMetricFamily("huixiang_waiting_seconds", "How long the oldest has waited.", labels=("queue", "of"))
        for name, queue in queues:
            count.add_metric((name, queue.of), queue.count)
            age.add_metric((name, queue.of), max(0.0, (now - (queue.since or now)).total_seconds()))
        yield from (count, age, _troubled(troubled, now))


def _troubled(found: list[Trouble], now: datetime) -> GaugeMetricFamily:
    about = "How long a channel has brought nothing in; no figure while all is well."
    family = GaugeMetricFamily("huixiang_channel_trouble_seconds", about, labels=("channel",))
    for trouble in found:
        family.add_metric((trouble.channel,), max(0.0, (now - trouble.since).total_seconds()))
    return family


def _queues(tx: Tx, now: datetime) -> Iterator[tuple[str, Queue]]:
    yield "event", waiting.events(tx, now)
    yield "parked", waiting.parked(tx)
    yield "timer", waiting.timers(tx, now)
    yield "webhook", waiting.webhooks(tx)
    for queue in waiting.owed(tx, now):
        yield "message", queue
    for queue in waiting.jobs(tx, now):
        yield "job", queue


class Counted:
    """A reader whose readings are counted."""

    def __init__(self, reader: Reader, metrics: Metrics) -> None:
        self._reader = reader
        self._metrics = metrics

    def understand(self, text: str, at: datetime, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        reading = self._reader.understand(text, at, sender)
        self._metrics.understood(reading)
        return reading
