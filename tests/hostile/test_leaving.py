"""A customer who blocks the bot in the middle of something: staff are told once, and another channel is used if any."""

from domain.channel import Gone
from domain.events import Address, ChatClosed
from handlers.sends import mark
from storage import cases
from storage.conversations import Conversation
from tests.harness import START, Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"


def blocks(house: House, guest: Guest) -> None:
    house.post(ChatClosed(guest.address), source="telegram", lane=str(guest.address))


def second_chat(house: House, guest: Guest) -> Guest:
    """The same person in another chat, used before the first."""
    address = Address("telegram", f"77{guest.person_id}")
    with house.writing() as tx:
        tx.add(
            Conversation, channel=address.channel, chat=address.chat, person_id=guest.person_id,
            last_in_at=house.clock.now(), created_at=house.clock.now(),
        )  # fmt: skip
    return Guest(house, address, guest.name, guest.phone)


def standing(house: House, guest: Guest) -> str:
    with house.tx() as tx:
        row = tx.driver.execute("SELECT current FROM conversation WHERE chat = ?", (guest.address.chat,)).fetchone()
    return str(row[0])


def test_staff_hear_once_that_a_customer_with_an_open_case_is_gone(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer("王女士")
    customer.says(COMPLAINT)
    supervisor.taps("接单")
    supervisor.news()
    blocks(house, customer)
    blocks(house, customer)

    (told,) = supervisor.news()
    assert "王女士" in told.text
    assert "打电话" in told.text
    assert customer.phone not in told.text
    assert told.labels == ("看案件",)
    with house.tx() as tx:
        case = cases.of_customer(tx, customer.person_id)[0]
        assert [entry.kind for entry in cases.entries(tx, case.id or 0)].count("unreachable") == 1


def test_an_untaken_case_is_told_to_those_on_duty(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer("王女士")
    customer.says(COMPLAINT)
    supervisor.news()
    blocks(house, customer)
    assert [heard.key for heard in supervisor.news()] == ["leaving.customer_case"]


def test_an_open_request_is_told_too_and_nobody_is_disturbed_for_nothing(house: House) -> None:
    supervisor, asking, idle = house.supervisor(), house.customer("王女士"), house.customer("李先生")
    asking.says("转人工")
    idle.says("你好")
    supervisor.news()
    blocks(house, idle)
    assert supervisor.news() == []
    blocks(house, asking)
    assert [heard.key for heard in supervisor.news()] == ["leaving.customer_request"]


def test_the_bosses_hear_of_staff_who_can_no_longer_be_reached(house: House) -> None:
    owner, supervisor = house.owner(), house.supervisor("陈主管")
    blocks(house, supervisor)
    assert "陈主管" in owner.news()[-1].text


def test_the_walk_goes_on_in_the_other_chat(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer("王女士")
    customer.says(COMPLAINT)
    other = second_chat(house, customer)
    supervisor.news()
    blocks(house, customer)

    assert standing(house, customer) == ""
    assert "complaint" in standing(house, other)
    assert supervisor.news() == []
    house.advance(hours=1)
    assert other.news(), "the silence of the walk is settled there"


def test_what_the_dead_chat_was_owed_reaches_the_other_one_once(house: House) -> None:
    house.supervisor()
    customer = house.customer("王女士")
    customer.says(COMPLAINT)
    other = second_chat(house, customer)
    said = [heard.text for heard in customer.heard]
    with house.writing() as tx:
        mark(tx, row=customer.heard[0].row, outcome=Gone("bot was blocked by the user"), now=house.clock.now())
    blocks(house, customer)

    assert [heard.text for heard in other.heard] == said
    answer = other.presses(other.heard[-1].buttons[0][1])
    assert "chat.stale_button" not in [heard.key for heard in answer], "the buttons work where they are now"


def test_time_does_not_bring_a_dead_chat_back_to_life(house: House) -> None:
    house.supervisor()
    customer = house.customer("王女士")
    customer.says(COMPLAINT)
    blocks(house, customer)
    house.advance(days=3)
    with house.tx() as tx:
        alive = tx.driver.execute("SELECT alive FROM conversation WHERE chat = ?", (customer.address.chat,)).fetchone()
        later = tx.driver.execute(
            "SELECT count(*) FROM outbox WHERE chat = ? AND created_at > ?",
            (customer.address.chat, f"{START:%Y-%m-%d %H:%M:%S}.999999"),
        ).fetchone()
    assert not alive[0]
    assert later[0] == 0


def test_whoever_comes_back_goes_on_where_they_were(house: House) -> None:
    house.supervisor()
    customer = house.customer("王女士")
    customer.says(COMPLAINT)
    blocks(house, customer)
    assert customer.says("查进度")
    with house.tx() as tx:
        assert len(cases.of_customer(tx, customer.person_id)) == 1
