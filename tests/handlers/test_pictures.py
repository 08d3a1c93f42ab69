"""Pictures of a case reach those who work on it in their own chat: with the card, after it, and each only once."""

from pathlib import Path

import pytest

from domain.events import Address, Attachment, JobEnded, MessageCame, Sender
from handlers.files.files import FETCHED, LOST, MOST_BYTES
from storage.conversations import Conversation
from storage.files import StoredFile
from tests.harness import Guest, Heard, House

ORDINARY = "昨天的保洁，厨房油烟机没有擦干净"
FILES = "staff.case_files"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def on_telegram(house: House, guest: Guest) -> Guest:
    """The same person, who now writes from Telegram."""
    now = house.clock.now()
    with house.writing() as tx:
        tx.add(
            Conversation, channel="telegram", chat=f"9{guest.person_id}", person_id=guest.person_id,
            last_in_at=now, created_at=now,
        )  # fmt: skip
    there = Guest(house, Address("telegram", f"9{guest.person_id}"), guest.name, guest.phone)
    there.says("在吗")
    return there


def held(house: House, *files: str) -> tuple[Attachment, ...]:
    """Files that Telegram holds for us still."""
    return tuple(Attachment("photo", file, 1000, "image/jpeg", remote=True) for file in files)


def fetched(house: House, file: int) -> None:
    """What the fetching does a moment later."""
    done = {"file": file, "name": f"sha{file}", "kind": "photo", "mime": "image/jpeg", "size": 900}
    with house.tx() as tx:
        lane = tx.get(StoredFile, file).owner
    house.post(JobEnded(FETCHED, done), source="job", key=f"{FETCHED}:{file}", lane=lane)


def pictures(heard: list[Heard]) -> list[tuple[str, int]]:
    return [(one.key, len(one.row.attachments)) for one in heard if one.row.attachments]


def test_pictures_come_right_after_the_card(house: House) -> None:
    lead, customer = on_telegram(house, house.supervisor()), house.customer()
    lead.news()
    customer.sends("photo", "photo", text=ORDINARY)

    card, files = lead.news()
    assert (card.key, files.key) == ("escalation.ping", FILES)
    assert [card.row.urgency, files.row.urgency] == sorted([card.row.urgency, files.row.urgency])
    assert (len(card.row.attachments), len(files.row.attachments)) == (0, 2)


def test_what_the_customer_sends_later_comes_with_their_words(house: House) -> None:
    lead, customer = on_telegram(house, house.supervisor()), house.customer()
    customer.says(ORDINARY)
    lead.taps("接单")
    lead.news()
    customer.sends("photo")
    customer.sends("photo", text="还有这里，也是油的，你们看看")

    assert [count for _, count in pictures(lead.news())] == [1, 1]


def test_whoever_takes_it_gets_what_came_while_it_was_nobodys_and_nothing_twice(house: House) -> None:
    lead, customer = on_telegram(house, house.supervisor()), house.customer()
    customer.sends("photo", text=ORDINARY)
    customer.sends("photo")
    lead.news()
    lead.taps("接单")
    lead.says("我的案件")
    lead.taps("HX1001")

    assert pictures(lead.heard) == [(FILES, 1), (FILES, 1)]


def test_a_picture_that_has_to_be_fetched_follows_as_soon_as_it_is_here(house: House) -> None:
    lead, manager = on_telegram(house, house.supervisor()), house.manager()
    customer = on_telegram(house, house.customer())
    lead.news()
    customer.does(MessageCame(customer.address, ORDINARY, held(house, "AgAC1", "AgAC2"), Sender("王女士"), "m1"))
    assert pictures(lead.news()) == []

    fetched(house, 1)
    fetched(house, 1)
    assert pictures(lead.news()) == [(FILES, 1)]
    lead.taps("接单")
    lead.news()
    fetched(house, 2)
    assert pictures(lead.news()) == [(FILES, 1)]
    assert pictures(manager.heard) == []


def test_the_climb_brings_them_to_the_next_who_is_called(house: House) -> None:
    house.supervisor()
    manager, customer = on_telegram(house, house.manager()), house.customer()
    customer.sends("photo", text=ORDINARY)
    house.advance(minutes=61)

    assert pictures(manager.heard) == [(FILES, 1)]


def test_a_reply_to_the_pictures_reaches_the_customer(house: House) -> None:
    lead, customer = house.supervisor(), house.customer()
    customer.sends("photo", text=ORDINARY)
    (files,) = [heard for heard in lead.heard if heard.key == FILES]
    lead.says("照片收到，确实没擦干净，我来安排返工。", reply_to=f"out-{files.row.id}")

    assert "照片收到" in customer.heard[-1].text


def test_what_a_lead_registered_is_not_sent_back_to_them(house: House) -> None:
    lead, other = house.supervisor(), house.supervisor("何主管")
    lead.sends("photo", text="登记投诉 有位客户来店里说油烟机没擦干净")

    assert (pictures(lead.heard), pictures(other.heard)) == ([], [(FILES, 1)])


def test_the_cleaners_side_comes_with_its_picture(house: House) -> None:
    lead, cleaner, customer = house.supervisor(), house.cleaner(), house.customer()
    house.order(customer, cleaner, starts_at=house.clock.now().replace(hour=0))
    customer.says("昨天的保洁，厨房油烟机没有擦干净")
    lead.taps("接单")
    for label in ("跳过", "跳过", "没错"):
        customer.taps(label)
    cleaner.sends("photo", text="走的时候是干净的，我拍了")

    assert pictures(lead.heard) == [("staff.side", 1)]


def test_what_could_not_be_opened_is_not_counted_in_the_summary(house: House) -> None:
    customer = on_telegram(house, house.customer())
    customer.does(
        MessageCame(customer.address, ORDINARY, held(house, "AgAC1", "AgAC2", "AgAC3"), Sender("王女士"), "m1")
    )
    fetched(house, 1)
    house.post(JobEnded(LOST, {"file": 2, "reason": "unreadable"}), source="job", lane=str(customer.address))
    summary = customer.taps("跳过")[-1]

    assert (summary.key, "2 个文件" in summary.text) == ("complaint.confirm", True)


def test_a_file_that_is_too_large_is_refused_and_nothing_else_is_said_of_it(house: House) -> None:
    lead, customer = house.supervisor(), on_telegram(house, house.customer())
    voice = Attachment("voice", "AgAC9", MOST_BYTES + 1, "audio/ogg", remote=True)
    alone = MessageCame(customer.address, "", (voice,), Sender("王女士"))
    assert [heard.key for heard in customer.does(alone)] == ["files.too_large"]

    customer.does(MessageCame(customer.address, ORDINARY, (voice,), Sender("王女士")))
    assert "文件" not in lead.heard[-1].text
    assert [heard.key for heard in customer.does(alone)] == ["files.too_large", "complaint.ask_evidence"]
