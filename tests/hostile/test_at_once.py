"""Things that come at the same moment: quick messages in one state, one event many times, one link for two people."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from domain.errors import Conflict
from domain.events import ChatStarted, Incoming, MessageCame, OrderPosted, Sender, StaffActed
from handlers.engine import Engine
from handlers.round import Round
from storage import cases
from tests.harness import START, Guest, House

COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"


@pytest.fixture
async def engine(house: House) -> AsyncIterator[Engine]:
    engine = Engine(house.database, house.world, house.clock)
    engine.start()
    yield engine
    await engine.stop()


def says_at_once(house: House, guest: Guest, *texts: str) -> list[str]:
    """All stored before the first is handled, as when somebody types quickly. The keys of what is heard."""
    guest.news()
    with house.database.write() as tx:
        round_ = Round(tx, house.world, house.clock.now())
        for number, text in enumerate(texts):
            event = MessageCame(guest.address, text, sender=Sender(guest.name), ref=f"q{number}")
            round_.store(Incoming("web", f"{guest.address.chat}:q{number}", str(guest.address), event))
    house.run()
    return [heard.key for heard in guest.news()]


def told(house: House, guest: Guest) -> list[list[str]]:
    with house.tx() as tx:
        mine = cases.of_customer(tx, guest.person_id)
        return [[entry.text for entry in cases.entries(tx, case.id or 0)] for case in mine]


def test_three_quick_complaints_are_one_case_with_all_the_words(house: House) -> None:
    supervisor, customer = house.supervisor(), house.customer()
    lines = ("厨房油烟机根本没擦干净", "灶台上全是油", "我要求返工")
    assert says_at_once(house, customer, *lines)
    (words,) = told(house, customer)
    for line in lines:
        assert any(line in one for one in words), f"lost: {line}"
    assert sum("接单" in heard.labels for heard in supervisor.news()) == 1, "one ping for one case"


def test_three_quick_answers_to_one_question_lose_nothing(house: House) -> None:
    house.supervisor()
    customer = house.customer()
    customer.says(COMPLAINT)
    lines = ("昨天下午三点", "灶台和油烟机那边", "没错就是这样")
    says_at_once(house, customer, *lines)
    (words,) = told(house, customer)
    for line in lines[:2]:
        assert any(line in one for one in words), f"lost: {line}"


def test_three_quick_stars_are_one_rating(house: House) -> None:
    customer, cleaner = house.customer(), house.cleaner()
    house.order(customer, cleaner, number="A1", event="finished", starts_at=START)
    house.advance(hours=1)
    says_at_once(house, customer, "5", "5", "5")
    with house.tx() as tx:
        assert tx.driver.execute("SELECT count(*), max(stars) FROM rating").fetchone() == (1, 5)


def test_the_same_event_twice_is_answered_once(house: House) -> None:
    customer = house.customer()
    assert customer.says(COMPLAINT, key="7")
    assert customer.says(COMPLAINT, key="7") == []
    assert len(told(house, customer)) == 1


async def test_the_same_event_from_many_at_once_is_handled_once(house: House, engine: Engine) -> None:
    customer = house.customer()
    event = MessageCame(customer.address, COMPLAINT, sender=Sender("王女士"), ref="1")
    same = Incoming("web", "one", str(customer.address), event)
    ended = await asyncio.gather(*(engine.submit(same) for _ in range(40)), *(engine.accept([same]) for _ in range(40)))

    assert len({handled.event_id for handled in ended[:40] if handled is not None}) == 1
    assert len(told(house, customer)) == 1


async def test_one_key_for_two_orders_is_a_conflict_and_both_are_answered(house: House, engine: Engine) -> None:
    def order(name: str) -> Incoming:
        customer = {"name": name, "phone": "13811112222"}
        body = {"number": "B1", "customer": customer, "service": "日常保洁", "starts_at": START.isoformat()}
        return Incoming("api", "key-1", "order:B1", OrderPosted(body))

    ended = await asyncio.gather(*(engine.submit(order(f"客户{n % 2}")) for n in range(20)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in ended) == 10
    assert {type(one).__name__ for one in ended} == {"Conflict", "Handled"}


async def test_an_invitation_opened_by_two_at_once_enrols_one(house: House, engine: Engine) -> None:
    invite = StaffActed("invite_staff", house.owner().person_id, {"role": "supervisor", "name": "何主管"})
    code = (await engine.submit(Incoming("desk", "1", "desk", invite))).result or {}
    guests = [house.stranger() for _ in range(6)]
    await asyncio.gather(
        *(
            engine.submit(Incoming("web", f"o{n}", str(one.address), ChatStarted(one.address, code["code"])))
            for n, one in enumerate(guests)
        )
    )
    heard = sorted(guest.heard[-1].key for guest in guests)
    assert heard == ["links.invitation_used"] * 5 + ["welcome.supervisor"]


async def test_whoever_gives_up_waiting_does_not_stop_the_others(house: House, engine: Engine) -> None:
    """A request that is called off while its turn runs must not take the writer down with it."""
    customer = house.customer()
    for number in range(30):
        event = MessageCame(customer.address, f"你好{number}", sender=Sender("王女士"), ref=f"c{number}")
        waiting = asyncio.ensure_future(engine.submit(Incoming("web", f"c{number}", str(customer.address), event)))
        await asyncio.sleep(0)
        waiting.cancel()
    last = MessageCame(customer.address, COMPLAINT, sender=Sender("王女士"), ref="last")
    async with asyncio.timeout(10):
        await engine.submit(Incoming("web", "last", str(customer.address), last))
    assert len(told(house, customer)) == 1
