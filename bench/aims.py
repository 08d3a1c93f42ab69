"""What is aimed at, and what was found: one line for each, for the terminal and for docs/performance.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.table import Table

from bench.report import Found

AT_LEAST, AT_MOST, BELOW = "≥", "≤", "<"


@dataclass(frozen=True)
class Aim:
    """`pick` takes what the part found; `unit` stands behind the figure."""

    name: str
    english: str
    part: str
    sign: str
    value: float
    pick: Callable[[Found], float]
    unit: str = ""

    @property
    def wanted(self) -> str:
        return f"{self.sign} {self.value:g}{self.unit}"

    def found(self, parts: Mapping[str, Found]) -> float | None:
        """None when the part was not measured, or failed."""
        part = parts.get(self.part)
        return None if part is None or "failed" in part else self.pick(part)

    def reached(self, value: float) -> bool:
        if self.sign == AT_LEAST:
            return value >= self.value
        return value <= self.value if self.sign == AT_MOST else value < self.value

    def told(self, value: float) -> str:
        return f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}{self.unit}"


AIMS = (
    Aim(
        "SQLite 上的整件投诉 / aiogram 的纯回声，每秒", "complaint turns on SQLite / aiogram's plain echo, per second",
        "turns", AT_LEAST, 1.0, lambda found: found["ratios"]["aiogram"]["median"],
    ),
    Aim(
        "同上 / python-telegram-bot 的纯回声", "the same / python-telegram-bot's plain echo",
        "turns", AT_LEAST, 4.0, lambda found: found["ratios"]["ptb"]["median"],
    ),
    Aim(
        "PostgreSQL 上一个 worker / SQLite", "one worker on PostgreSQL / SQLite",
        "postgres", AT_LEAST, 0.5, lambda found: found["one_of_sqlite"]["median"],
    ),
    Aim(
        "两个 worker / 一个", "two workers / one",
        "postgres", AT_LEAST, 1.5, lambda found: found["two_of_one"]["median"],
    ),
    Aim(
        "每秒 100 条时 99% 的人等多久，SQLite", "p99 at 100 a second, SQLite",
        "turns", AT_MOST, 30.0, lambda found: found["bots"]["huixiang"]["p99_100"], " ms",
    ),
    Aim(
        "同上，PostgreSQL", "the same, PostgreSQL",
        "postgres", AT_MOST, 50.0, lambda found: found["setups"]["one_worker"]["p99_100"], " ms",
    ),
    Aim(
        "许多事同一刻到点，最后一件晚多久，SQLite", "timers due at one moment: the last fires after, SQLite",
        "timers", AT_MOST, 3.0, lambda found: found["seconds"]["huixiang_sqlite"], " s",
    ),
    Aim(
        "同上，PostgreSQL", "the same, PostgreSQL",
        "timers", AT_MOST, 3.0, lambda found: found["seconds"]["huixiang_postgresql"], " s",
    ),
    Aim(
        "SQLite 上的 / APScheduler 的 SQL 任务库", "the same on SQLite / APScheduler's SQL job store",
        "timers", BELOW, 1.0, lambda found: found["of_apscheduler"]["median"],
    ),
    Aim(
        "PostgreSQL 上的 / 直接用 procrastinate", "the same on PostgreSQL / plain procrastinate",
        "timers", BELOW, 1.0, lambda found: found["of_procrastinate"]["median"],
    ),
    Aim(
        "同上 / 调快了的 procrastinate", "the same / procrastinate, tuned",
        "timers", BELOW, 1.0, lambda found: found["of_procrastinate_tuned"]["median"],
    ),
    Aim(
        "停机之后攒了许多事，启动多久就绪", "a start after an outage, with very many timers: ready in",
        "outage", AT_MOST, 3.0, lambda found: found["ready_s"], " s",
    ),
    Aim(
        "没有 Telegram 时，从冷启动到第一句答话", "without Telegram, from a cold start to the first answer",
        "start", AT_MOST, 2.0, lambda found: found["seconds"], " s",
    ),
    Aim(
        "同上，内存，连同它开的进程", "the same, memory, with the processes it started",
        "start", AT_MOST, 200.0, lambda found: found["tree_mib"], " MiB",
    ),
    Aim(
        "存满之后的一轮 / 空库里的一轮，CPU", "a turn on a full database / on an empty one, CPU",
        "stored", AT_MOST, 1.3, lambda found: found["of_empty"]["cpu_ms"]["median"],
    ),
    Aim(
        "内存 / aiogram 的纯回声（主进程）", "memory / aiogram's plain echo (main process)",
        "memory", AT_MOST, 1.6, lambda found: found["of_aiogram"]["memory_mib"],
    ),
    Aim(
        "同上，连同它开的进程", "the same, with the processes it started",
        "memory", AT_MOST, 1.6, lambda found: found["of_aiogram"]["tree_mib"],
    ),
)  # fmt: skip


def table(parts: Mapping[str, Found]) -> Table:
    """Those of the parts that were measured, with the aim beside each."""
    shown = Table("measured", "aim", "ours", "")
    for aim in AIMS:
        if aim.part in parts:
            value = aim.found(parts)
            told = ("failed", "") if value is None else (aim.told(value), "yes" if aim.reached(value) else "no")
            shown.add_row(aim.english, aim.wanted, *told)
    return shown
