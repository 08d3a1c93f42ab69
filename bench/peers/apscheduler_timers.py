"""Plain APScheduler with its SQLAlchemy job store: so many jobs at one moment, each writes a row and commits.

Prints the moment (seconds since 1970). Late jobs are run as well, which is not its default. Settings: JOBS, FIRED
(SQLite files), TIMERS.
"""

import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

NOTICE = 3.0
own = threading.local()


def fire(number: int) -> None:
    """A connection for each thread, kept: ours are as well."""
    if not hasattr(own, "connection"):
        own.connection = sqlite3.connect(os.environ["FIRED"], isolation_level=None, timeout=60)
        own.connection.execute("PRAGMA synchronous=FULL")
    own.connection.execute("INSERT INTO fired VALUES (?)", (number,))


def main() -> None:
    with closing(sqlite3.connect(os.environ["FIRED"], isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE fired (number INTEGER)")
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.add_jobstore(SQLAlchemyJobStore(f"sqlite:///{os.environ['JOBS']}"))
    scheduler.start(paused=True)
    later = datetime.fromtimestamp(time.time() + 3600, UTC)
    numbers = range(int(os.environ["TIMERS"]))
    jobs = [scheduler.add_job(fire, "date", run_date=later, args=(number,)) for number in numbers]
    due = datetime.fromtimestamp(time.time() + NOTICE + len(jobs) / 250, UTC)
    for job in jobs:
        job.reschedule("date", run_date=due)
    scheduler.resume()
    sys.stdout.write(f"{due.timestamp()}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
