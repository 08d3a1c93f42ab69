"""Claims: what a round owes is claimed within it, and a round whose commit failed leaves nothing half sent."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from domain.channel import Sent
from handlers.claims import MOST, Claims
from handlers.round import Round
from handlers.tenure import Tenure
from storage.outbox import Outbox
from tests.harness import House


class Cut(Exception):
    """What ends a round before its commit is heard of."""


class Writer:
    """Rounds of the house with one companion; `given` is what it was told to send, `marked` how many were marked."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.claims = Claims("web", Tenure("web"), self._committed)
        self.given: list[Outbox] = []
        self.marked = 0

    def round(
        self, work: Callable[[Round], object] = lambda _: None, *, commits: bool = True, answered: bool = True
    ) -> None:
        """`answered`: the writer hears of its commit."""
        with self.house.database.write() as tx:
            round_ = Round(tx, self.house.world, self.house.clock.now())
            work(round_)
            self.claims.within(round_)
            if not commits:
                raise Cut
        if answered:
            self.claims.after()

    def _committed(self, claimed: list[Outbox], marked: int) -> None:
        self.given += claimed
        self.marked += marked

    def states(self) -> list[str]:
        with self.house.tx() as tx:
            return [tx.get(Outbox, row.id or 0).state for row in self.given]


@pytest.fixture
def writer(house: House) -> Writer:
    return Writer(house)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def owing(messages: int, first: int = 0) -> Callable[[Round], None]:
    def work(round_: Round) -> None:
        for number in range(first, first + messages):
            round_.channels.add("web")
            round_.tx.add(
                Outbox, event_id=1, channel="web", chat=f"{number}", token=f"t{number}", text="您好",
                not_before=round_.now, created_at=round_.now,
            )  # fmt: skip

    return work


def test_what_a_round_owes_is_ours_with_its_commit(writer: Writer) -> None:
    writer.round(owing(3))
    assert writer.states() == ["sending"] * 3


def test_a_round_that_owes_nothing_looks_only_when_asked(writer: Writer, house: House) -> None:
    with house.database.write() as tx:
        owing(1)(Round(tx, house.world, house.clock.now()))
    writer.round()
    assert not writer.given
    writer.claims.ask()
    writer.round()
    assert len(writer.given) == 1


def test_what_was_sent_is_marked_by_the_next_round_whatever_that_is_about(writer: Writer) -> None:
    writer.round(owing(1))
    writer.claims.took(writer.given[0], Sent("77"), writer.house.clock.now())
    assert writer.claims.unmarked
    writer.round()
    assert (writer.states(), writer.marked, writer.claims.unmarked) == (["sent"], 1, False)


@pytest.mark.parametrize("rolled_back", [True, False])
def test_what_an_unheard_round_claimed_is_given_once(writer: Writer, rolled_back: bool) -> None:
    """Committed or not, nobody was told to send it: the next round owes it."""

    with suppress(Cut):
        writer.round(owing(2), commits=not rolled_back, answered=False)
    assert not writer.given
    writer.round(owing(2 if rolled_back else 0))
    assert writer.states() == ["sending"] * 2


def test_what_is_in_the_air_is_not_owed_again_by_a_lost_round(writer: Writer) -> None:
    writer.round(owing(1))
    writer.round(owing(1, first=5), answered=False)
    writer.round()
    assert [row.chat for row in writer.given] == ["0", "5"]


def test_what_is_claimed_again_before_its_first_end_was_heard_is_still_ours(writer: Writer, house: House) -> None:
    writer.round(owing(1))
    (row,) = writer.given
    writer.round(lambda round_: round_.tx.change(Outbox, row.id or 0, state="queued"))
    writer.claims.ask()
    writer.round()
    writer.claims.settle(row)
    writer.round(owing(1, first=5), answered=False)
    writer.round()
    assert [row.chat for row in writer.given] == ["0", "0", "5"]


def test_there_is_room_for_so_many_and_for_more_once_they_are_settled(writer: Writer) -> None:
    writer.round(owing(MOST + 5))
    assert (len(writer.given), writer.claims.full) == (MOST, True)
    writer.claims.ask()
    writer.round()
    assert len(writer.given) == MOST
    writer.claims.settle(*writer.given[:10])
    writer.claims.ask()
    writer.round()
    assert (len(writer.given), writer.claims.full) == (MOST + 5, False)
