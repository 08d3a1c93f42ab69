"""Turns on a database that exists, one by one, in a process of its own: what each costs. Settings: FOLDER, TURNS,
COPIES (of the people with a history), SKIP (people who wrote in earlier rounds).

Half of the people are new, the others have a history. Prints JSON: CPU and time of statements in ms a turn, how many
statements, and those that look through a whole table.
"""

import json
import os
import re
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.company import FIRST_CHAT, PEOPLE, STORY, Company
from bench.copying import STRIDE
from bot.logs import set_up_logs
from domain.channel import Sent
from handlers.claims import MOST
from handlers.round import Round
from handlers.sends import claim, mark
from storage.database import Tx

WARM = 60
NEW_CHAT = 900_000_000
SMALL = {"branch", "fact", "approval"}
"""Tables that have a few rows, whatever happens."""
SCAN = re.compile(r"^SCAN (\w+)\b(?! USING (COVERING )?INDEX)")


class Timed:
    """The driver's connection, which counts what is asked of it."""

    def __init__(self, driver: Any, seen: "Seen") -> None:
        self._driver, self._seen = driver, seen

    def execute(self, sql: str, *args: Any) -> Any:
        begun = time.perf_counter()
        cursor = self._driver.execute(sql, *args)
        self._seen.seconds += time.perf_counter() - begun
        self._seen.statements[sql] = self._seen.statements.get(sql, 0) + 1
        return cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


class Seen:
    """What was asked, how often, and how long it took together."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.statements: dict[str, int] = {}


def turn(company: Company, chat: int, text: str, key: str, seen: Seen) -> None:
    """As the engine does it, what it owes claimed and marked in the same round; with its statements counted."""
    incoming = company.incoming(chat, text, key)
    with company.database.write() as tx:
        watch(tx, seen)
        round_ = Round(tx, company.core.world, company.core.clock.now())
        round_.store(incoming)
        round_.fire_and_handle()
        for row in claim(tx, channel=incoming.source, now=round_.now, room=MOST):
            mark(tx, row=row, outcome=Sent(f"{key}-{row.id}"), now=round_.now)
        round_.next_due()


def watch(tx: Tx, seen: Seen) -> None:
    tx.driver = Timed(tx.driver, seen)


def chats(copies: int, number: int) -> int:
    """Who writes: each second one is new; the others are as many as there are without copies, from all over them."""
    if number % 2:
        return NEW_CHAT + number
    known = number // 2 % PEOPLE
    return FIRST_CHAT + known + (known * 7919 % (copies + 1)) * STRIDE


def scans(file: Path, statements: dict[str, int]) -> list[str]:
    """Statements of a turn for which SQLite reads a table from end to end."""
    with closing(sqlite3.connect(file)) as driver:
        return sorted({found for sql in statements for found in _scans(driver, sql)})


def _scans(driver: sqlite3.Connection, sql: str) -> list[str]:
    if not sql.startswith(("SELECT", "UPDATE", "WITH")):
        return []
    plan = driver.execute(f"EXPLAIN QUERY PLAN {sql}", _nothing(sql)).fetchall()
    tables = [match[1] for row in plan if (match := SCAN.match(row[3]))]
    return [f"{table}: {sql[:150]}" for table in tables if table not in SMALL]


def _nothing(sql: str) -> list[None]:
    return [None] * sql.count("?")


def main() -> None:
    set_up_logs("error", "auto")
    folder, turns, copies = Path(os.environ["FOLDER"]), int(os.environ["TURNS"]), int(os.environ["COPIES"])
    company, warm, seen = Company(folder), Seen(), Seen()
    run = time.time_ns()
    cpu = 0.0
    for number in range(-WARM, turns):
        if number == 0:
            cpu = time.process_time()
        chat = chats(copies, (number + WARM) // len(STORY) + int(os.environ["SKIP"]))
        turn(company, chat, STORY[number % len(STORY)], f"{run + number}", seen if number >= 0 else warm)
    cpu = time.process_time() - cpu
    company.close()
    answer = {
        "cpu_ms": cpu / turns * 1000,
        "statements_ms": seen.seconds / turns * 1000,
        "statements": sum(seen.statements.values()) / turns,
        "scans": scans(folder / "huixiang.db", seen.statements),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
