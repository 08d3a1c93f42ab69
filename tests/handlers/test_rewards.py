"""Coupons: granted once for a reason and within the budget, redeemed once by whoever is first, ended in time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.company import load_company
from domain.effects import Feedback
from domain.errors import Conflict, HuixiangError
from domain.events import OrderPosted
from handlers.people import collecting
from handlers.rewards import codes as coupon_codes
from handlers.rewards import referrals, rewards
from handlers.rewards.redeeming import redeem
from handlers.rewards.useful import alike, verdict
from handlers.turn import Turn
from storage import coupons, orders, people
from storage.coupons import Coupon, LedgerEntry
from storage.database import Database
from storage.orders import Order
from storage.ratings import Rating
from tests.harness import COMPANY, START, Guest, House

USEFUL = "厨房台面和油烟机都擦干净了，阿姨还把水槽缝里的黑垢刷掉了"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@contextmanager
def turn_of(house: House) -> Iterator[Turn]:
    with house.writing() as tx:
        turn = Turn(house.world, tx, 1, house.clock.now())
        yield turn
        turn.save()


def granted(house: House, guest: Guest, about: str = "test", fen: int | None = None) -> Coupon:
    with turn_of(house) as turn:
        coupon = rewards.grant(turn, guest.person_id, "win_back", about, fen)
    assert coupon is not None
    return coupon


def visit(house: House, guest: Guest, **more: object) -> Order:
    house.order(guest, **more)
    with house.tx() as tx:
        return orders.of_customer(tx, guest.person_id)[0]


def ledger(house: House) -> list[tuple[str, int]]:
    with house.tx() as tx:
        rows = [tx.find(LedgerEntry, row_id) for row_id in range(1, 9)]
    return [(row.kind, row.fen) for row in rows if row is not None]


def test_one_reason_for_one_matter_earns_one_coupon(house: House) -> None:
    guest = house.customer()
    granted(house, guest, about="order:1")
    with turn_of(house) as turn:
        assert rewards.grant(turn, guest.person_id, "win_back", "order:1") is None


def test_the_months_budget_holds_for_what_nobody_decided(tmp_path: Path) -> None:
    company = load_company(COMPANY)
    house = House(tmp_path, company=replace(company, rewards=replace(company.rewards, budget_fen=3_000)))
    guest, lead = house.customer(), house.supervisor()
    granted(house, guest, about="a")
    with turn_of(house) as turn:
        assert rewards.grant(turn, guest.person_id, "win_back", "b") is None
        assert rewards.grant(turn, guest.person_id, "apology", "case:1", 5_000, turn.person(lead.person_id)) is not None
    house.advance(days=10)
    granted(house, guest, about="c")


def test_a_code_cannot_be_guessed_and_survives_being_typed() -> None:
    code = coupon_codes.new("secret")

    assert len(code) * 5 >= 128
    assert coupon_codes.read(coupon_codes.shown(code).lower().replace("0", "O").replace("1", "l")) == code
    assert coupon_codes.new("another") != code


def test_my_coupons_shows_what_is_left_and_how_to_use_it(house: House) -> None:
    guest = house.customer()
    coupon = granted(house, guest)
    said = guest.says("我的券")[-1].text

    assert coupon_codes.shown(coupon.code) in said
    assert all(part in said for part in ("¥20", "满 ¥100 可用", "50%"))


def test_redeeming_takes_it_off_once_and_the_ledger_agrees(house: House) -> None:
    guest, lead = house.customer(), house.supervisor()
    coupon, order = granted(house, guest), visit(house, guest)
    first = house.act(lead, "redeem_coupon", code=coupon_codes.shown(coupon.code), order=order.number)
    second = house.act(lead, "redeem_coupon", code=coupon.code, order=order.number)

    assert first.result == {"amount_fen": 2_000, "order": order.number, "price_fen": 24_000, "to_pay_fen": 22_000}
    assert second.error is not None
    assert order.number in second.error.message
    assert ledger(house) == [("grant", 2_000), ("redeem", 2_000)]


@pytest.mark.parametrize(
    ("fen", "price", "taken"), [(2_000, 24_000, 2_000), (50_000, 24_000, 12_000), (12_000, 24_000, 12_000)]
)
def test_a_coupon_never_takes_more_than_its_share(house: House, fen: int, price: int, taken: int) -> None:
    guest, lead = house.customer(), house.supervisor()
    coupon, order = granted(house, guest, fen=fen), visit(house, guest, price_fen=price)

    result = house.act(lead, "redeem_coupon", code=coupon.code, order=order.number).result
    assert result is not None
    assert result["amount_fen"] == taken


def test_each_refusal_names_its_reason(house: House) -> None:
    guest, other, lead = house.customer(), house.customer("李先生"), house.supervisor()
    coupon = granted(house, guest)
    mine, foreign = visit(house, guest, price_fen=5_000), visit(house, other)
    reasons = []
    for code, number in (("nonsense", mine.number), (coupon.code, "none"), (coupon.code, foreign.number),
                         (coupon.code, mine.number)):  # fmt: skip
        error = house.act(lead, "redeem_coupon", code=code, order=number).error
        assert error is not None
        reasons.append(error.details["reason"])
    house.advance(days=31)
    error = house.act(lead, "redeem_coupon", code=coupon.code, order=mine.number).error

    assert reasons == ["unknown", "no_order", "foreign", "too_small"]
    assert error is not None
    assert error.details["reason"] == "expired"


def test_a_cleaner_may_not_redeem(house: House) -> None:
    guest, cleaner = house.customer(), house.cleaner()
    coupon, order = granted(house, guest), visit(house, guest)
    error = house.act(cleaner, "redeem_coupon", code=coupon.code, order=order.number).error

    assert error is not None
    assert error.code == "forbidden"


def test_of_64_redemptions_at_once_exactly_one_wins(house: House) -> None:
    guest, lead = house.customer(), house.supervisor()
    coupon, order = granted(house, guest), visit(house, guest)
    start, ends = threading.Barrier(64), []

    def try_it() -> None:
        database = Database(house.database.url)
        start.wait()
        try:
            with database.write() as tx:
                turn = Turn(house.world, tx, 1, house.clock.now())
                redeem(turn, coupon.code, order.number, people.get(tx, lead.person_id))
            ends.append("won")
        except HuixiangError as error:
            ends.append(error.code if isinstance(error, Conflict) else f"{error.code}: {error.details}")
        finally:
            database.close()

    threads = [threading.Thread(target=try_it) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["conflict"] * 63 + ["won"]
    assert ledger(house) == [("grant", 2_000), ("redeem", 2_000)]


def test_an_unused_coupon_is_reminded_of_by_day_and_frees_its_budget(house: House) -> None:
    guest = house.customer()
    coupon = granted(house, guest)
    guest.news()
    house.advance(days=27, minutes=1)
    assert [heard.key for heard in guest.news()] == ["rewards.expiring"]
    house.advance(days=4)

    with house.tx() as tx:
        assert tx.get(Coupon, coupon.id or 0).expired
        assert coupons.committed_since(tx, START) == 0


def test_a_persons_data_tell_a_used_and_an_expired_coupon_from_one_that_is_good(house: House) -> None:
    guest, lead = house.customer(), house.supervisor()
    granted(house, guest, "expired")
    house.advance(days=31)
    used, order = granted(house, guest, "used"), visit(house, guest)
    house.act(lead, "redeem_coupon", code=used.code, order=order.number)
    granted(house, guest, "good")

    with house.tx() as tx:
        told = [key for key, _ in collecting.lines(tx, guest.person) if "coupon" in key]
    assert sorted(told) == ["privacy.line_coupon", "privacy.line_coupon_over", "privacy.line_coupon_used"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (USEFUL, "useful"),
        ("很好", "short"),
        ("好好好好好好好好好好好好好好", "short"),
        ("非常满意下次还会再来的呀真的很不错", "vague"),
    ],
)
def test_feedback_is_useful_when_it_says_something_checkable(house: House, text: str, expected: str) -> None:
    guest = house.customer()
    order = visit(house, guest, event="finished")
    with turn_of(house) as turn:
        assert verdict(turn, order, guest.person, text) == expected


def test_a_copied_feedback_earns_nothing(house: House) -> None:
    first, second = house.customer(), house.customer("李先生")
    one, two = visit(house, first, event="finished"), visit(house, second, event="finished")
    with turn_of(house) as turn:
        turn.tx.add(
            Rating, order_id=one.id or 0, customer_id=first.person_id, stars=5, comment=USEFUL, created_at=turn.now
        )  # fmt: skip
        assert verdict(turn, two, second.person, f"{USEFUL}！！") == "copied"
        assert verdict(turn, one, first.person, USEFUL) == "useful"
        assert verdict(turn, one, second.person, USEFUL) == "foreign"
    assert alike(USEFUL, "阿姨迟到了二十分钟，窗户没擦") < 0.2


def test_both_friends_earn_when_the_first_visit_is_done_and_only_then(house: House) -> None:
    friend, newcomer = house.customer(), house.stranger()
    with turn_of(house) as turn:
        code = referrals.link(turn, friend.person).partition("?c=")[2]
    newcomer.opens(code)
    assert newcomer.person.referred_by == friend.person_id
    mine = {"customer": {"id": newcomer.person_id}, "service": "擦玻璃", "starts_at": START.isoformat()}
    for number, event in (("B1", "booked"), ("B1", "finished"), ("B2", "finished")):
        house.post(OrderPosted({"number": number, "event": event, **mine}))

    with house.tx() as tx:
        assert [one.reason for one in coupons.of_customer(tx, friend.person_id)] == ["referral"]
        assert [one.reason for one in coupons.of_customer(tx, newcomer.person_id)] == ["referred"]


def test_nobody_refers_themselves(house: House) -> None:
    guest = house.customer()
    with turn_of(house) as turn:
        code = referrals.link(turn, guest.person).partition("?c=")[2]
    guest.opens(code)

    assert guest.person.referred_by is None


def test_a_third_account_of_one_household_is_noted(house: House) -> None:
    guests = [house.customer(name) for name in ("王一", "王二", "王三")]
    texts = (USEFUL, "卫生间镜子有水渍，地漏头发清掉了，马桶也刷了", "客厅沙发底下吸得很干净，阳台玻璃擦得透亮")
    for guest, text in zip(guests, texts, strict=True):
        order = visit(house, guest, event="finished")
        with turn_of(house) as turn:
            turn.perform((Feedback(order.id or 0, text),), turn.dialog_of(guest.person_id))

    assert [guest.person.profile.get("flags") for guest in guests] == [None, None, ["one_household"]]
