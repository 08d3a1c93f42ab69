"""Plain procrastinate on PostgreSQL: so many jobs at one moment, each writes a row and commits.

Prints the moment (seconds since 1970). Settings: URL, TIMERS, and CONCURRENCY and POLLING (seconds) of its worker.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONDict
from psycopg_pool import AsyncConnectionPool

app = App(connector=PsycopgConnector(conninfo=os.environ["URL"]))
pool = AsyncConnectionPool(os.environ["URL"], open=False, min_size=2, max_size=10, kwargs={"autocommit": True})
NOTICE = timedelta(seconds=3)


@app.task(name="fire")
async def fire(number: int) -> None:
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO fired VALUES (%s)", (number,))


async def main() -> None:
    await pool.open()
    async with pool.connection() as connection:
        await connection.execute("CREATE TABLE fired (number integer)")
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        due = datetime.now(UTC) + NOTICE
        jobs: list[JSONDict] = [{"number": number} for number in range(int(os.environ["TIMERS"]))]
        await app.configure_task("fire", schedule_at=due).batch_defer_async(*jobs)
        sys.stdout.write(f"{due.timestamp()}\n")
        sys.stdout.flush()
        polling = float(os.environ["POLLING"])
        await app.run_worker_async(concurrency=int(os.environ["CONCURRENCY"]), fetch_job_polling_interval=polling)


if __name__ == "__main__":
    asyncio.run(main())
