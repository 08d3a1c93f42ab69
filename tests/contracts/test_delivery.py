"""Delivery: in order, the urgent first, honest about every way it can end, and never twice what has arrived."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.channel import Gone, Moved, Outcome, Refused, Sent, TryLater, Unsure
from domain.clock import SystemClock
from domain.events import Address, ChatClosed, load_event
from domain.understanding import Understanding
from handlers.sends import claim
from storage import conversations, inbox
from storage.journal import SendJournal
from storage.outbox import BROADCAST, ESCALATION, REPLY, Outbox
from tests import databases
from tests.contracts.scripted import Office
from tests.harness import Guest, House


class Deaf:
    """Nobody says anything here."""

    def understand(self, text: str, at: object, sender: str = "customer") -> Understanding:
        raise AssertionError(text)


@pytest.fixture(params=databases.KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, Deaf(), on=request.param)
    yield house
    house.close()


@pytest.fixture
def office(house: House, tmp_path: Path) -> Office:
    return Office(house, tmp_path)


def of(office: Office, guest: Guest) -> list[str]:
    """What was tried in this chat."""
    return [text for chat, text in office.channel.tried if chat == guest.address.chat]


async def test_each_chat_gets_its_messages_in_order(house: House, office: Office) -> None:
    guests = [house.customer() for _ in range(4)]
    texts = [f"第{number}条" for number in range(12)]
    rows = [row for text in texts for guest in guests for row in office.owe(guest, text)]
    async with office.delivering(in_flight=3):
        late = [row for guest in guests for row in await office.say(guest, "后来的")]
        assert set(await office.ended(*rows, *late)) == {"sent"}
    assert all(of(office, guest) == [*texts, "后来的"] for guest in guests)
    assert office.row(rows[0]).ref == f"ref-{rows[0]}"


async def test_the_urgent_goes_before_answers_and_answers_before_broadcasts(house: House, office: Office) -> None:
    one, other = house.customer(), house.supervisor()
    rows = office.owe(one, "活动", urgency=BROADCAST) + office.owe(one, "回答", urgency=REPLY)
    rows += office.owe(other, "有人受伤", urgency=ESCALATION) + office.owe(one, "马上来", urgency=ESCALATION)
    async with office.delivering():
        await office.ended(*rows)
    assert office.channel.texts == ["有人受伤", "马上来", "回答", "活动"]


async def test_a_chat_that_must_wait_holds_up_itself_alone_and_keeps_its_order(house: House, office: Office) -> None:
    slow, quick = house.customer(), house.customer()
    office.channel.script["一"].append(TryLater(60, "flood limit"))
    held = office.owe(slow, "一", "二")
    free = office.owe(quick, "甲", "乙")
    async with office.delivering():
        await office.ended(*free)
        held += await office.say(slow, "三")
        free = await office.say(quick, "丙")
        await office.ended(*free)
        assert of(office, slow) == ["一"]
        await office.pass_time(61)
        assert await office.ended(*held) == ["sent"] * 3
    assert of(office, slow) == ["一", "一", "二", "三"]
    assert of(office, quick) == ["甲", "乙", "丙"]


async def test_a_short_pause_is_over_when_it_is_over(house: House, tmp_path: Path) -> None:
    office = Office(house, tmp_path, SystemClock())
    office.channel.script["一"].append(TryLater(0.2))
    (row,) = office.owe(house.customer(), "一")
    async with office.delivering():
        await office.ended(row)
    first, second = office.channel.at
    assert 0.2 <= second - first < 2


async def test_a_pause_of_the_whole_bot_holds_up_every_chat(house: House, office: Office) -> None:
    office.channel.script["一"].append(TryLater(0.3, "Telegram cannot be reached", whole_bot=True))
    office.owe(house.customer(), "一")
    others = [row for _ in range(3) for row in office.owe(house.customer(), "别人的")]
    async with office.delivering():
        await office.ended(*others)
    first, *rest = office.channel.at
    assert all(at - first >= 0.29 for at in rest)


async def test_a_pause_of_the_whole_bot_does_not_hold_up_the_end(house: House, office: Office) -> None:
    office.channel.script["一"].append(TryLater(60, whole_bot=True))
    rows = office.owe(house.customer(), "一") + office.owe(house.customer(), "二")
    async with office.delivering() as delivery:
        await office.until(lambda: delivery.lanes["web"].pace.paused)
    assert office.channel.texts == ["一"]
    async with office.delivering():
        await office.pass_time(61)
        assert await office.ended(*rows) == ["sent", "sent"]


async def test_a_chat_that_is_gone_is_buried_and_told_of(house: House, office: Office) -> None:
    owner, cleaner = house.owner(), house.cleaner("李秀兰")
    office.channel.script["一"].append(Gone("bot was blocked by the user"))
    rows = office.owe(cleaner, "一", "二")
    async with office.delivering():
        assert await office.ended(*rows) == ["dead", "dead"]
        await office.until(lambda: bool(of(office, owner)))
    with house.tx() as tx:
        stored = inbox.known(tx, "delivery", f"gone:{rows[0]}")
        assert stored is not None
        assert load_event(stored.body) == ChatClosed(cleaner.address)
        here = conversations.at(tx, cleaner.address)
        assert here is not None
        assert not here.alive
    assert of(office, cleaner) == ["一"]
    assert len(of(office, owner)) == 1
    assert "李秀兰" in of(office, owner)[0]


async def test_a_chat_that_moved_is_followed(house: House, office: Office) -> None:
    guest = house.supervisor()
    person = guest.person_id
    office.channel.script["一"].append(Moved("-100500"))
    office.channel.script["二"].append(Moved("-100500"))
    rows = office.owe(guest, "一", "二")
    async with office.delivering():
        assert await office.ended(*rows) == ["sent", "sent"]
    assert [text for chat, text in office.channel.tried if chat == "-100500"] == ["一", "二"]
    with house.tx() as tx:
        moved = conversations.at(tx, Address("web", "-100500"))
        assert moved is not None
        assert moved.person_id == person


async def test_a_move_to_a_chat_that_is_known_already_stops_nothing(house: House, office: Office) -> None:
    old, new, bystander = house.supervisor(), house.supervisor(), house.customer()
    office.channel.script["一"].append(Moved(new.address.chat))
    rows = office.owe(old, "一")
    async with office.delivering():
        assert await office.ended(*rows) == ["sent"]
        assert await office.ended(*await office.say(bystander, "别人的")) == ["sent"]
    assert of(office, new) == ["一"]


async def test_what_may_have_arrived_is_tried_once_more_and_then_left(house: House, office: Office) -> None:
    guest = house.customer()
    office.channel.script["一"].extend([Unsure("time-out"), Unsure("time-out")])
    rows = office.owe(guest, "一", "二")
    async with office.delivering():
        await office.until(lambda: office.row(rows[1]).attempts == 1 and office.row(rows[1]).state == "queued")
        assert of(office, guest) == ["一"]
        await office.pass_time(3)
        assert await office.ended(*rows) == ["unknown", "sent"]
    assert of(office, guest) == ["一", "一", "二"]


async def test_an_adapter_that_raises_is_as_unsure(house: House, office: Office) -> None:
    guest = house.customer()
    office.channel.script["一"].append(RuntimeError("a mistake in the adapter"))
    rows = office.owe(guest, "一", "二")
    async with office.delivering():
        await office.until(lambda: office.row(rows[1]).attempts == 1 and office.row(rows[1]).state == "queued")
        await office.pass_time(3)
        assert await office.ended(*rows) == ["sent", "sent"]
    assert of(office, guest) == ["一", "一", "二"]


async def test_what_is_refused_dies_alone(house: House, office: Office) -> None:
    guest = house.customer()
    office.channel.script["一"].append(Refused("message is too odd"))
    rows = office.owe(guest, "一", "二")
    async with office.delivering():
        assert await office.ended(*rows) == ["dead", "sent"]
    assert of(office, guest) == ["一", "二"]
    assert office.row(rows[0]).error == "message is too odd"


@pytest.mark.parametrize("planned", [Sent("r"), Refused("no"), Gone("blocked")], ids=lambda one: type(one).__name__)
async def test_what_has_ended_is_not_sent_by_the_next_process(house: House, office: Office, planned: Outcome) -> None:
    guest = house.customer()
    office.channel.script["一"].append(planned)
    rows = office.owe(guest, "一")
    async with office.delivering():
        ended = await office.ended(*rows)
    async with office.delivering():
        await office.ended(*await office.say(house.customer(), "新的"))
    assert of(office, guest) == ["一"]
    assert await office.ended(*rows) == ended


def die_while_sending(house: House, office: Office, *, journalled: list[int]) -> None:
    """As a process leaves it that was killed: claimed, taken by the channel, some of that written down nowhere."""
    with house.writing() as tx:
        claim(tx, channel="web", now=house.clock.now(), room=10)
    journal = SendJournal(office.folder / "web.sent")
    for row in journalled:
        journal.took(row, f"seen-{row}")
    journal.close()


async def test_what_the_journal_knows_is_not_repeated_after_a_crash(house: House, office: Office) -> None:
    guest = house.customer()
    rows = office.owe(guest, "到了的", "还没有的")
    die_while_sending(house, office, journalled=rows[:1])
    async with office.delivering():
        assert await office.ended(*rows) == ["sent", "sent"]
    assert of(office, guest) == ["还没有的"]
    assert office.row(rows[0]).ref == f"seen-{rows[0]}"


async def test_a_torn_line_of_the_journal_is_no_line(house: House, office: Office) -> None:
    guest = house.customer()
    rows = office.owe(guest, "在半空的")
    die_while_sending(house, office, journalled=[])
    (office.folder / "web.sent").write_text(f"{rows[0]} se")
    async with office.delivering():
        await office.ended(*rows)
    assert of(office, guest) == ["在半空的"]


async def test_a_message_that_is_not_due_waits(house: House, office: Office) -> None:
    guest = house.customer()
    (row,) = office.owe(guest, "明早的")
    with house.writing() as tx:
        tx.change(Outbox, row, not_before=house.clock.now() + timedelta(hours=9))
    async with office.delivering():
        await office.ended(*await office.say(guest, "现在的"))
        assert of(office, guest) == ["现在的"]
        await office.pass_time(9 * 3600)
        await office.ended(row)
    assert of(office, guest) == ["现在的", "明早的"]


async def test_who_lost_the_duty_without_hearing_of_it_sends_nothing_more(tmp_path: Path) -> None:
    """The lock's connection was cut: another process sends already, and this one holds claimed messages still."""
    house = House(tmp_path, Deaf(), on="postgresql")
    guests = [house.customer() for _ in range(3)]
    old, new = Office(house, tmp_path / "old"), Office(house, tmp_path / "new")
    old.channel.open.clear()
    rows = [row for guest in guests for row in old.owe(guest, "一", "二", "三")]
    async with old.delivering():
        await old.until(lambda: len(old.channel.tried) == 1)
        async with new.delivering():
            assert set(await new.ended(*rows)) == {"sent"}
            old.channel.open.set()
            late = await old.say(guests[0], "四")
            assert await new.ended(*late) == ["sent"]
    assert len(old.channel.tried) == 1
    assert sorted(new.channel.texts) == sorted([*("一", "二", "三") * 3, "四"])
    house.close()
