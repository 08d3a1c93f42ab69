"""The desk and the demo's stage in a real browser, on a desk and on a phone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from storage import cases
from tests.browser.person import Opening
from tests.web.house_server import PASSWORD, HouseServer

PAGES = (
    "cases", "cases/new", "cases/HX1001", "visits", "ratings", "calls", "requests", "inquiries", "coupons", "webhooks",
)  # fmt: skip
WIDTHS = pytest.mark.parametrize("width", [1280, 375])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[HouseServer]:
    server = HouseServer(tmp_path)
    server.login(server.lead, "chen")
    server.house.order(server.customer, number="A2")
    server.start()
    yield server
    server.stop()


def follow(page: Page, link: str) -> None:
    """To another page, until its scripts have run: before that a button sends its form as a browser does."""
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()


def enter(house: HouseServer, visit: Opening, width: int = 1280) -> Page:
    page = visit(f"{house.http}/desk", width=width, height=800)
    page.get_by_label("用户名").fill("chen")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk/cases")
    return page


def test_what_was_written_when_the_login_ended_is_sent_after_the_next(house: HouseServer, visit: Opening) -> None:
    number = house.open_case(order=1)
    page = enter(house, visit)
    follow(page, number)
    reply = page.get_by_placeholder("写给客户的话")
    reply.fill("明天上午返工可以吗？")
    page.context.clear_cookies()
    page.get_by_role("button", name="发送").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    door = opened.value
    door.get_by_label("用户名").fill("chen")
    door.get_by_label("密码").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    door.wait_for_url(f"**/desk/cases/{number}")
    stale = page.locator("#actions [name=csrf]").first.input_value()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#actions [name=csrf]").first).not_to_have_value(stale)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#timeline")).to_contain_text("明天上午返工可以吗")


@WIDTHS
def test_supervisor_walks_a_case_to_its_end(house: HouseServer, visit: Opening, width: int) -> None:
    number = house.open_case(order=1)
    page = enter(house, visit, width)
    follow(page, number)
    page.get_by_role("button", name="接单").click()
    expect(page.locator(".toast")).to_have_text("已接单，由您负责。")
    expect(page.locator("#case-head")).to_contain_text("陈主管")
    expect(page.get_by_role("button", name="接单")).to_have_count(0)
    page.get_by_placeholder("写给客户的话").fill("您好，明天上午返工可以吗？")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#timeline")).to_contain_text("明天上午返工可以吗")
    expect(page.get_by_placeholder("写给客户的话")).to_have_value("")
    expect(page.locator("#case-head .clock")).not_to_contain_text("首次回复")
    page.locator("summary", has_text="结案").click()
    page.get_by_label("B 需要改进").check()
    page.get_by_role("button", name="结案").click()
    expect(page.locator("#actions .said", has_text="改进")).to_be_visible()
    page.locator("#actions textarea[name=note]").fill("油烟机要拆网清洗")
    page.get_by_role("button", name="结案").click()
    expect(page.locator("#actions")).to_contain_text("已经结案")
    with house.house.tx() as tx:
        case = cases.by_number(tx, number)
    assert case is not None
    assert (case.status, case.grade) == ("closed", "B")


def test_news_comes_without_reload_and_clocks_run(house: HouseServer, visit: Opening) -> None:
    page = enter(house, visit)
    expect(page.locator(".empty")).to_contain_text("没有未结的案件")
    number = house.open_case("玻璃上全是水渍")
    expect(page.locator(".line", has_text=number)).to_contain_text("还剩")
    house.house.clock.advance(timedelta(hours=7))
    other = house.open_case("窗台没擦")
    expect(page.locator(".line", has_text=other)).to_be_visible()
    expect(page.locator(".line", has_text=number)).to_contain_text("已超")


def test_what_is_being_written_survives_news(house: HouseServer, visit: Opening) -> None:
    number = house.open_case("玻璃上全是水渍")
    page = enter(house, visit)
    page.goto(f"{house.http}/desk/cases/{number}")
    page.get_by_placeholder("写给客户的话").fill("写了一半")
    page.locator("h1").click()
    house.act(house.boss, "take_case", case=1)
    expect(page.locator("#timeline")).to_contain_text("接单")
    expect(page.get_by_placeholder("写给客户的话")).to_have_value("写了一半")


@WIDTHS
def test_a_reading_shows_its_reasons_and_is_put_right_with_one_tap(
    house: HouseServer, visit: Opening, width: int
) -> None:
    number = house.open_case("阿姨昨天来晚了，厨房油烟机没擦干净", order=1)
    page = enter(house, visit, width)
    page.goto(f"{house.http}/desk/cases/{number}")
    expect(page.locator("#case-head mark", has_text="没擦干净")).to_be_visible()
    page.get_by_role("button", name="卫生健康").click()
    expect(page.locator(".toast")).to_have_text("已更正。")
    expect(page.locator("h1")).to_contain_text("卫生健康")
    expect(page.locator("#timeline")).to_contain_text("清洁质量 → 卫生健康")
    page.get_by_role("button", name="咨询", exact=True).click()
    expect(page.locator("#actions")).to_contain_text("已经结案")
    expect(page.locator("#case-head")).to_contain_text("不是投诉")
    expect(page.get_by_role("button", name="卫生健康")).to_have_count(0)


def test_phone_complaint_is_noted(house: HouseServer, visit: Opening) -> None:
    page = enter(house, visit, 375)
    follow(page, "登记电话投诉")
    page.get_by_label("客户说了什么").fill("阿姨把花瓶打碎了，要赔")
    page.get_by_label("订单号").fill("没有")
    page.get_by_role("button", name="立案").click()
    expect(page.locator(".said")).to_contain_text("没有订单号")
    page.get_by_label("订单号").fill("A1")
    page.get_by_role("button", name="立案").click()
    page.wait_for_url("**/desk/cases/HX1001")
    expect(page.locator("h1")).to_contain_text("物品损坏")


@WIDTHS
def test_cleaner_is_sent_to_a_visit(house: HouseServer, visit: Opening, width: int) -> None:
    page = enter(house, visit, width)
    page.goto(f"{house.http}/desk/visits?day=2026-11-24")
    card = page.locator(".visit", has_text="A2")
    card.get_by_label("派给").select_option(label="李秀兰（那时有别的单）")
    card.get_by_role("button", name="派单").click()
    expect(page.locator(".toast")).to_have_text("已派给李秀兰，本人会收到通知。")
    expect(card).to_contain_text("李秀兰 · A2")
    expect(card.get_by_label("派给")).to_have_count(0)


@WIDTHS
def test_nothing_reaches_beyond_the_screen(house: HouseServer, visit: Opening, width: int) -> None:
    house.open_case("很长的没有空格的话" * 40 + "https://example.cn/" + "a" * 300, order=1)
    page = enter(house, visit, width)
    for path in PAGES:
        page.goto(f"{house.http}/desk/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_markup_in_words_does_nothing_and_paper_has_nothing_to_press(house: HouseServer, visit: Opening) -> None:
    house.open_case("<img src=x onerror=\"document.title='hacked'\"> 厨房没擦", order=1)
    page = enter(house, visit)
    for path in ("cases", "cases/HX1001"):
        page.goto(f"{house.http}/desk/{path}")
        expect(page.get_by_text("onerror=").first).to_be_visible()
        assert "hacked" not in page.title()
        assert page.locator("img[src=x]").count() == 0
    page.emulate_media(media="print")
    expect(page.locator("#timeline")).to_be_visible()
    assert page.locator("button:visible, nav:visible, textarea:visible").count() == 0


def test_search_finds_two_characters(house: HouseServer, visit: Opening) -> None:
    house.open_case("厨房油污没有擦干净")
    house.open_case("阿姨来晚了一个小时")
    page = enter(house, visit)
    page.get_by_role("searchbox").fill("油污")
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".line")).to_contain_text("厨房油污")


def test_time_machine_moves_beside_the_chats(tmp_path: Path, visit: Opening) -> None:
    server = HouseServer(tmp_path, demo=True).start()
    try:
        page = visit(f"{server.http}/", width=1280)
        expect(page.locator("[data-clock]")).to_have_text("11月23日 周一 10:00")
        page.get_by_role("button", name="+1 小时").click()
        expect(page.locator(".machine-said")).to_contain_text("11:00")
        expect(page.locator("[data-clock]")).to_have_text("11月23日 周一 11:00")
    finally:
        page.context.close()
        server.stop()
