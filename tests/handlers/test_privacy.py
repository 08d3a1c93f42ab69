"""我的数据: shown, kept quiet, deleted; after a deletion no word of the person is left in any table."""

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import OrderPosted, StaffActed
from handlers.people import handing
from storage import cases, orders, webhooks
from storage.tables import metadata
from storage.webhooks import Delivery
from tests import databases
from tests.harness import START, Guest, House

NAME, PHONE, ADDRESS = "欧阳若兰", "13987654321", "上海市浦东新区锦绣路1200弄8号301"
COMPLAINT = "昨天厨房油烟机没擦干净，灶台上还有一层黄油"
NEEDS = "家里有一只叫团团的猫"


@pytest.fixture(params=databases.KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, on=request.param)
    yield house
    house.close()


def everything(house: House) -> str:
    """All that stands in any column of any table."""
    with house.tx() as tx:
        tables = metadata.tables
        return "\n".join(
            str(row) for table in tables for row in tx.driver.execute(f'SELECT * FROM "{table}"').fetchall()
        )


def lived(house: House) -> Guest:
    """A customer with a past in every part of the company."""
    lead, cleaner = house.supervisor(), house.cleaner()
    guest = house.customer(NAME, PHONE)
    house.order(guest, cleaner, number="OLD", starts_at=START.replace(day=20), event="finished", needs=NEEDS)
    house.order(guest, cleaner, number="NEXT")
    guest.says("深度保洁多少钱？")
    guest.says(COMPLAINT)
    guest.says(f"我的手机号是 {PHONE}，请尽快打给我")
    lead.taps("接单")
    guest.says("转人工")
    guest.says("我是欧阳若兰，想问问团团的事")
    lead.taps("我来处理")
    lead.says("欧阳若兰您好，马上处理", reply_to=f"out-{lead.heard[-1].row.id}")
    guest.says("结束对话")
    guest.says("算了")
    guest.says("能帮我喂金鱼吗？")
    return guest


def erase(guest: Guest) -> None:
    guest.says("我的数据")
    guest.taps("删除我的信息")
    guest.taps("确定删除")


def test_no_name_number_address_or_word_is_left(house: House) -> None:
    guest = lived(house)
    before = everything(house)
    erase(guest)
    after = everything(house)

    for word in (NAME, PHONE, ADDRESS, COMPLAINT, "黄油", "团团", "喂金鱼", "139****4321"):
        assert word in before or word.startswith("139")
        assert word not in after, word


def test_webhooks_keep_their_numbers_and_lose_what_was_said(house: House) -> None:
    guest = lived(house)
    with house.writing() as tx:
        number = cases.of_customer(tx, guest.person_id)[0].number
        mine = {"type": "case.opened", "data": {"case": number, "type": "quality", "by": 7, "said": ["厨房 dirty"]}}
        other = {"type": "case.opened", "data": {"case": "HX9999", "said": "别人的话"}}
        for sent, body in enumerate((mine, other)):
            told = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            tx.add(Delivery, message_id=f"m{sent}", kind="case.opened", body=told, next_at=START, created_at=START)
    erase(guest)

    with house.tx() as tx:
        first, second = (json.loads(row.body)["data"] for row in reversed(webhooks.latest(tx, 2)))
    assert first == {"case": number, "type": "quality", "by": 7, "said": ["—"]}
    assert second["said"] == "别人的话"


def test_what_other_systems_and_the_desk_wrote_down_goes_too(house: House) -> None:
    guest, lead = lived(house), house.supervisor()
    with house.tx() as tx:
        order = next(one.id for one in orders.of_customer(tx, guest.person_id) if one.number == "OLD")
    slip = {"order": order, "stars": 2, "comment": "窗台上还有灰，很失望", "origin": "paper"}
    kept = house.post(StaffActed("record_rating", None, slip), source="api", key="slip", lane="order:OLD")
    assert kept.error is None, kept.error
    reply = {"case": 1, "text": "您说的窗台马上补擦"}
    house.post(StaffActed("reply_customer", lead.person_id, reply), source="desk", lane="case:1")
    erase(guest)

    for word in ("很失望", "马上补擦"):
        assert word not in everything(house), word
    again = house.post(StaffActed("record_rating", None, slip), source="api", key="slip", lane="order:OLD")
    assert again.duplicate
    assert again.result == kept.result


def test_orders_and_cases_stay_without_the_person(house: House) -> None:
    guest = lived(house)
    person_id = guest.person_id
    erase(guest)

    with house.tx() as tx:
        mine = {one.number: one for one in orders.of_customer(tx, person_id)}
        assert len(cases.of_customer(tx, person_id)) == 1
    assert (mine["OLD"].price_fen, mine["OLD"].address) == (24_000, "")
    assert mine["NEXT"].status == "cancelled"


def test_whoever_writes_on_is_somebody_new(house: House) -> None:
    guest = lived(house)
    before = guest.person_id
    erase(guest)

    assert "已经删除" in guest.heard[-1].text
    assert guest.person_id != before
    assert guest.says("查进度")[-1].key == "status.unknown"


def test_somebody_without_an_order_is_erased_too_and_reads_of_nothing_they_never_had(house: House) -> None:
    guest = house.stranger()
    guest.says("想约周六上午深度保洁，锦绣路1200弄8号301，90平")
    guest.says(f"欧阳若兰 {PHONE}")
    before = guest.person_id
    [asked] = guest.says("删除我的数据")
    assert (asked.key, "0" in asked.text) == ("erase.ask_plain", False)
    guest.taps("确定删除")

    assert guest.person_id != before
    assert not [word for word in (NAME, PHONE, "锦绣路1200弄") if word in everything(house)]
    assert guest.says("我的数据")[-1].key == "privacy.offer_new"


def test_a_cleaner_who_asks_for_it_hears_who_keeps_their_data(house: House) -> None:
    heard = house.cleaner().says("删除我的数据")[-1]
    assert (heard.key, "转给主管" in heard.labels) == ("cleaners.my_data", True)


def test_nothing_goes_when_the_answer_is_no(house: House) -> None:
    guest = house.customer(NAME)
    guest.says("请删除我的个人信息")

    assert guest.taps("先不删")[-1].key == "erase.kept"
    assert guest.person.name == NAME


def test_the_copy_holds_what_we_keep(house: House) -> None:
    guest = house.customer(NAME, PHONE)
    house.order(guest)
    guest.says("我的数据")
    copy = guest.taps("给我一份")[-1].text

    assert all(part in copy for part in (NAME, PHONE, ADDRESS))


def test_the_whole_copy_is_for_staff_with_the_right_only(house: House) -> None:
    guest, owner = house.customer(NAME, PHONE), house.owner()
    guest.says("深度保洁多少钱？")

    for who in (PHONE, "139 8765 4321"):
        assert house.act(owner, "export_data", who=who).result == {"person": guest.person_id}
    for staff, who in ((house.cleaner(), PHONE), (house.supervisor(), PHONE), (owner, "13000000000"), (owner, "HX99")):
        assert house.act(staff, "export_data", who=who).error is not None


def test_no_copy_is_kept_with_the_event_that_asked_for_it(house: House) -> None:
    guest, owner = house.customer(NAME, PHONE), house.owner()
    house.act(owner, "export_data", person=guest.person_id)
    with house.tx() as tx:
        kept = tx.driver.execute("SELECT result FROM inbox").fetchall()

    assert NAME not in str(kept)


def test_whoever_asked_by_phone_is_erased_by_staff_with_the_right_and_hears_of_it(house: House) -> None:
    guest, boss = lived(house), house.manager()
    assert house.act(house.supervisor(), "erase_data", who=PHONE).error is not None
    assert guest.person.name == NAME
    with house.tx() as tx:
        number = cases.of_customer(tx, guest.person_id)[0].number
    assert house.act(boss, "erase_data", who=number.lower()).error is None

    after = everything(house)
    assert not [word for word in (NAME, PHONE, ADDRESS, COMPLAINT, "团团") if word in after]
    assert guest.heard[-1].key == "erase.done"
    assert house.act(boss, "erase_data", who=number).error is not None, "there is nobody any more"


def test_the_phone_number_that_staff_typed_goes_too(house: House) -> None:
    guest, boss = house.customer(NAME, PHONE), house.manager()
    guest.says("深度保洁多少钱？")
    house.act(boss, "erase_data", who=PHONE)

    assert PHONE not in everything(house)


def test_the_whole_copy_waits_behind_a_link_that_works_once(house: House) -> None:
    guest = house.customer(NAME, PHONE)
    code = code_of(guest)

    with house.writing() as tx:
        copy = handing.hand_over(tx, code, house.clock.now())
    assert copy["person"]["name"] == NAME
    assert any("我的数据" in message["text"] for message in copy["messages"])
    with house.tx() as tx, pytest.raises(handing.LinkOver):
        handing.waiting(tx, code, house.clock.now())


def test_the_link_is_over_after_a_day_and_with_the_person(house: House) -> None:
    guest = house.customer(NAME, PHONE)
    first, now = code_of(guest), house.clock.now()
    with house.tx() as tx, pytest.raises(handing.LinkOver):
        handing.waiting(tx, first, now + timedelta(hours=24))
    erase(guest)
    with house.tx() as tx, pytest.raises(handing.LinkOver):
        handing.waiting(tx, first, house.clock.now())


def code_of(guest: Guest) -> str:
    """The code behind the button under the copy."""
    guest.says("我的数据")
    [button] = itertools.chain(*guest.taps("给我一份")[-1].row.buttons)
    assert button["url"].startswith("/data?c=")
    return str(button["url"]).partition("=")[2]


def test_stopping_messages_is_one_sentence_and_can_be_undone(house: House) -> None:
    guest = house.customer()
    assert guest.says("别再给我发广告了")[-1].key == "privacy.muted"
    assert guest.person.muted
    guest.says("我的数据")
    guest.taps("恢复消息提醒")

    assert not guest.person.muted


def test_a_correction_reaches_a_person(house: House) -> None:
    lead, guest = house.supervisor(), house.customer()
    guest.says("我的名字登记错了，改成王芳")

    assert "改成王芳" in lead.news()[-1].text


def test_a_message_that_came_after_the_wish_to_delete_is_still_answered(house: House) -> None:
    guest = house.customer(NAME, PHONE)
    guest.says("我的数据")
    guest.taps("删除我的信息")
    guest.taps("确定删除")

    assert guest.says("深度保洁多少钱？")[-1].key == "inquiry.answered"


def test_an_erased_order_can_be_reported_on_without_bringing_the_name_back(house: House) -> None:
    guest = lived(house)
    erase(guest)
    house.post(OrderPosted({"number": "OLD", "event": "finished"}))

    assert NAME not in everything(house)
