"""Odd characters in names and words: kept where they carry meaning, cleaned where they harm, shown as they are."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from domain.errors import Invalid
from domain.events import ChatStarted, MessageCame, Sender
from storage import cases
from tests.harness import Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
OVERRIDES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = {
    "4,096 emoji": "😡" * 4096,
    "a family": "👨‍👩‍👧‍👦🏳️‍🌈" * 50,
    "NUL": "厨房\x00没擦",
    "control characters": "厨房\x07\x1b[31m没擦\x7f",
    "reversed": f"{OVERRIDES}擦没房厨",
    "a lone surrogate": "厨房\ud83d没擦",
    "another": "\udfff",
    "a tower of marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A" * 40,
    "HTML": "<script>alert(1)</script><b>厨房</b>&amp;",
    "Markdown": "*厨房* _没擦_ [点我](tg://user?id=1) `x` ~~y~~",
    "gaps of a text": "{name} {customer.phone} {0} {} }{ {said!r}",
    "a format that fails": "%s %d %(name)s ${HOME}",
    "SQL": "'; DROP TABLE person; --",
    "a very long word": "擦" * 4096,
    "blanks": " \u3000\u200b\ufeff\n\t ",
    "many lines": "没擦干净\n" * 400,
    "a command": "/start /help /cancel",
    "only digits": "9" * 300,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One company hears it all: what one of these words broke, the next would meet."""
    house = House(tmp_path_factory.mktemp("texts"))
    yield house
    house.close()


@pytest.fixture(scope="module")
def staff(house: House) -> dict[str, Guest]:
    return {"customer": house.customer("赵先生"), "cleaner": house.cleaner(), "supervisor": house.supervisor()}


def last(house: House, guest: Guest) -> str:
    with house.tx() as tx:
        return cases.of_customer(tx, guest.person_id)[0].text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("who", ["customer", "cleaner", "supervisor"])
def test_whatever_is_written_is_answered(staff: dict[str, Guest], who: str, text: str) -> None:
    for heard in staff[who].says(text) or pytest.fail("silence"):
        heard.text.encode()
        assert "\x00" not in heard.text
        assert not set(heard.text) & set(OVERRIDES)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_inside_a_complaint_it_reaches_staff(house: House, staff: dict[str, Guest], text: str) -> None:
    supervisor, customer = staff["supervisor"], house.customer()
    supervisor.news()
    customer.says(f"{COMPLAINT} {text}")
    card = supervisor.news()[-1]
    assert "接单" in card.labels
    assert not set(card.text) & set(OVERRIDES)
    supervisor.taps("接单")
    customer.says(text or "…")
    customer.says("查进度")
    assert last(house, customer).startswith(COMPLAINT)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_stays_a_name(house: House, staff: dict[str, Guest], name: str) -> None:
    supervisor, guest = staff["supervisor"], house.stranger()
    supervisor.news()
    guest.does(ChatStarted(guest.address, "", Sender(name, "zh-hans")))
    guest.does(MessageCame(guest.address, COMPLAINT, sender=Sender(name)))
    kept = guest.person.name
    assert len(kept) <= 64
    assert kept == kept.strip()
    assert all(character.isprintable() for character in kept.replace("\u200d", ""))
    assert any("接单" in heard.labels for heard in supervisor.news())
    assert guest.says("我的数据")


def test_markup_is_shown_as_it_was_written(house: House, staff: dict[str, Guest]) -> None:
    supervisor, guest = staff["supervisor"], house.stranger()
    supervisor.news()
    said = f"{COMPLAINT}，{COMPLAINT}<b>&amp;*_`[x](http://e.cn) {{name}}"
    guest.does(MessageCame(guest.address, said, sender=Sender("<i>王</i>*")))
    card = supervisor.news()[-1].text
    assert "<i>王</i>*" in card
    assert last(house, guest) == said


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_staffs_own_words_are_relayed_or_refused(house: House, staff: dict[str, Guest], text: str) -> None:
    supervisor, customer = staff["supervisor"], house.customer()
    customer.says(COMPLAINT)
    supervisor.taps("接单")
    supervisor.taps("回复客户")
    assert supervisor.says(text)
    for heard in customer.news():
        assert not set(heard.text) & set(OVERRIDES)


def test_an_orders_fields_are_cleaned_or_refused_by_name(house: House) -> None:
    cleaner = house.cleaner()
    for text in HOSTILE.values():
        customer = house.customer()
        with suppress(Invalid):
            house.order(customer, cleaner, needs=text[:900], address=text[:180], service=text[:90].strip() or "保洁")
    house.advance(days=1, hours=8)
    cleaner.says("今天")
    assert not any(set(heard.text) & set(OVERRIDES) for heard in cleaner.heard)
