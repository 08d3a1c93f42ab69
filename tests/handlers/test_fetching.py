"""Files that a channel holds: fetched after the turn, once, and given up in words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.channel import Accept, Health, Limits, Outcome, Outgoing, Sent
from domain.errors import Busy, HuixiangError, Invalid, NotFound
from domain.events import Attachment
from handlers.engine import Engine
from handlers.files.fetching import RETRIES, Fetching
from handlers.files.files import SENTENCES, Kept
from storage import files
from storage.files import StoredFile
from tests.harness import Guest, House


class Shelf:
    """A channel that holds files; `answer` is what it says when asked for one."""

    name = "web"
    limits = Limits()

    def __init__(self) -> None:
        self.answer: bytes | HuixiangError = b"a picture"
        self.asked: list[str] = []

    async def start(self, accept: Accept) -> None: ...
    async def stop(self) -> None: ...

    async def send(self, message: Outgoing) -> Outcome:
        return Sent()

    async def fetch(self, file: str) -> bytes:
        self.asked.append(file)
        if isinstance(self.answer, HuixiangError):
            raise self.answer
        return self.answer

    async def health(self) -> Health:
        return Health(ok=True)

    def link(self, code: str) -> str:
        return code


def keep(row: StoredFile, content: bytes) -> Kept:
    if content == b"nonsense":
        raise HuixiangError(reason="file_kind")
    return Kept("f" * 64, row.kind, "image/jpeg", len(content))


class Post:
    """The engine, the shelf and the fetching of one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.shelf = Shelf()
        self.engine = Engine(house.database, house.world, house.clock)
        self.dropped: list[str] = []
        self.fetching = Fetching(self.engine, {"web": self.shelf}, house.clock, keep, self.dropped.append)

    async def fetch(self) -> StoredFile:
        """Look once for what is due; the file afterwards."""
        await self.fetching.fetch_due()
        await self.engine.call(lambda tx: None)
        return self.file()

    def file(self) -> StoredFile:
        with self.house.tx() as tx:
            found = files.find(tx, 1)
        assert found is not None
        return found


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(House(tmp_path))
    post.engine.start()
    yield post
    await post.engine.stop()


def shows(post: Post, size: int = 1000) -> Guest:
    customer = post.house.customer()
    customer.says("油烟机上还有油", Attachment("photo", "AgAC", size, remote=True))
    return customer


async def test_a_file_is_fetched_checked_and_kept(post: Post) -> None:
    shows(post)
    assert post.file().state == "pending"
    kept = await post.fetch()
    assert (kept.state, kept.name, kept.mime, kept.size) == ("ready", "f" * 64, "image/jpeg", 9)
    await post.fetch()
    assert post.shelf.asked == ["AgAC"]


async def test_what_is_too_large_is_told_at_once_and_never_asked_for(post: Post) -> None:
    customer = shows(post, size=30 * 1024 * 1024)
    assert "20 MB" in "".join(heard.text for heard in customer.heard)
    assert (await post.fetch()).reason == "too_large"
    assert post.shelf.asked == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(Invalid("file is too big"), "too_large"), (NotFound(), "gone"), (b"nonsense", "unreadable")],
)
async def test_what_cannot_be_had_is_told_once(post: Post, answer: bytes | HuixiangError, reason: str) -> None:
    customer = shows(post)
    post.shelf.answer = answer
    lost = await post.fetch()
    assert (lost.state, lost.reason) == ("failed", reason)
    await post.fetch()
    assert [heard.key for heard in customer.heard].count(f"files.{reason}") == 1


@pytest.mark.parametrize(("sizes", "reason"), [((1000,) * 3, "gone"), ((30 * 1024 * 1024,) * 3, "too_large")])
async def test_of_several_in_one_message_it_is_said_once(post: Post, sizes: tuple[int, ...], reason: str) -> None:
    customer = post.house.customer()
    customer.says("油烟机上还有油", *(Attachment("photo", f"AgAC{size}", size, remote=True) for size in sizes))
    post.shelf.answer = NotFound()
    await post.fetch()
    assert [heard.key for heard in customer.heard if heard.key.startswith("files.")] == [f"files.{reason}_some"]

    post.house.clock.advance(timedelta(minutes=1))
    customer.says("再看这张", Attachment("photo", "BgAC", sizes[0], remote=True))
    await post.fetch()
    assert customer.heard[-1].key == f"files.{reason}" or customer.heard[-2].key == f"files.{reason}"


async def test_a_channel_that_is_down_is_asked_again_later_and_in_the_end_given_up(post: Post) -> None:
    customer = shows(post)
    post.shelf.answer = Busy()
    for attempt, pause in enumerate(RETRIES, start=1):
        assert (await post.fetch()).attempts == attempt
        await post.fetch()
        assert len(post.shelf.asked) == attempt
        post.house.clock.advance(pause)
    assert (await post.fetch()).state == "failed"
    assert any(heard.key == "files.gone" for heard in customer.heard)


async def test_it_works_again_after_a_while(post: Post) -> None:
    shows(post)
    post.shelf.answer = Busy()
    await post.fetch()
    post.shelf.answer = b"a picture"
    post.house.clock.advance(RETRIES[0])
    assert (await post.fetch()).state == "ready"


def test_every_reason_has_its_words(tmp_path: Path) -> None:
    texts = House(tmp_path).world.texts
    assert all(texts.has(f"files.{reason}") for reason in SENTENCES)


async def test_the_content_of_an_erased_file_leaves_the_disk_once(post: Post) -> None:
    customer = shows(post)
    await post.fetch()
    customer.says("删除我的数据")
    customer.taps("确定删除")
    await post.fetching.drop_erased()
    await post.fetching.drop_erased()

    assert post.dropped == ["f" * 64]
    assert (post.file().state, post.file().name) == ("erased", "")


async def test_content_that_somebody_else_sent_as_well_stays(post: Post) -> None:
    customer, other = shows(post), post.house.customer("赵先生")
    other.says("也是这样", Attachment("photo", "BgAC", 1000, remote=True))
    await post.fetch()
    customer.says("删除我的数据")
    customer.taps("确定删除")
    await post.fetching.drop_erased()

    assert post.dropped == []
