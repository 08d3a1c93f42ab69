"""A duty: one has it, and when that one is gone another takes over."""

import asyncio
from collections.abc import Callable

from scheduler.duty import Duty
from storage.advisory import AdvisoryLock
from tests import databases

LOOK = 0.02


class Post:
    """Counts how often it was begun and ended."""

    def __init__(self, fails: int = 0) -> None:
        self.begun = self.ended = 0
        self.fails = fails

    async def start(self) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        self.begun += 1

    async def stop(self) -> None:
        self.ended += 1


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(LOOK)


def lock() -> AdvisoryLock:
    return AdvisoryLock(databases.server().url("tables"), "a duty")


async def test_one_has_it_and_the_next_takes_over_when_it_is_given_up() -> None:
    posts = [Post(), Post()]
    first, second = (Duty("a duty", post, lock(), LOOK) for post in posts)
    await first.start()
    await until(lambda: posts[0].begun == 1)
    await second.start()
    await asyncio.sleep(5 * LOOK)
    assert posts[1].begun == 0
    await first.stop()
    await until(lambda: posts[1].begun == 1)
    assert (posts[0].ended, second.held) == (1, True)
    await second.stop()
    assert posts[1].ended == 1


async def test_who_loses_the_connection_stops_and_asks_again() -> None:
    post = Post()
    duty = Duty("a duty", post, lock(), LOOK)
    await duty.start()
    await until(lambda: post.begun == 1)
    databases.server().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
    )
    await until(lambda: post.begun == 2)
    assert post.ended == 1
    await duty.stop()


async def test_what_cannot_begin_is_begun_at_the_next_look() -> None:
    post = Post(fails=2)
    duty = Duty("a duty", post, lock(), LOOK)
    await duty.start()
    await until(lambda: post.begun == 1)
    await duty.stop()
