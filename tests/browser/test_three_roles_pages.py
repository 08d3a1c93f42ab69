"""The chat of a real company under a visitor's hands: tabs, voice, photos, narrow and dark screens, another's page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.browser.stage import Stage

READABLE = 4.5
"""The contrast that WCAG 2 asks of text."""
CONTRAST = """node => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(part => part / 255)
            .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let behind = node;
    while (getComputedStyle(behind).backgroundColor.endsWith(", 0)")) behind = behind.parentElement;
    const both = [light(getComputedStyle(node).color), light(getComputedStyle(behind).backgroundColor)];
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}"""
SEEN = ".bubble, .chip, .meta, .day, h1, .title p, textarea"


@pytest.fixture
def visitor(stage: Stage) -> Person:
    return Person(stage.visit(stage.company.url + "/chat", width=360, permissions=("microphone",)))


def complain(person: Person, thing: str = "花瓶") -> None:
    person.says("你们有哪些服务，擦玻璃多少钱？", then="¥8/平米")
    person.says(f"昨天阿姨把我家的{thing}打碎了，三百多块", then="案件号")
    person.hears("方便拍张照片")


def test_two_tabs_of_one_person_show_the_same_once(stage: Stage, visitor: Person) -> None:
    second = Person(stage.another_tab(visitor))
    visitor.says("你们几点上班？")
    expect(second.page.locator(".mine", has_text="你们几点上班")).to_have_count(1)
    second.says("谢谢")
    expect(visitor.page.locator(".mine", has_text="谢谢")).to_have_count(1)
    expect(second.page.locator(".theirs")).to_have_count(visitor.page.locator(".theirs").count())
    assert visitor.texts() == second.texts()


def test_a_voice_note_is_recorded_kept_and_can_be_played(visitor: Person) -> None:
    complain(visitor)
    page = visitor.page
    page.get_by_role("button", name="录语音").click()
    expect(page.locator("[data-part=recording-time]")).to_have_text("0:01")
    page.get_by_role("button", name="完成并发送").click()
    visitor.hears("您希望我们怎么处理")
    visitor.reloads()
    expect(page.locator(".mine .seconds")).to_have_text(re.compile(r"0:0[1-9]"))
    page.get_by_role("button", name="播放语音").click()
    expect(page.get_by_role("button", name="暂停")).to_be_visible()


def test_a_photo_of_the_customer_is_seen_at_the_desk(stage: Stage, visitor: Person) -> None:
    complain(visitor, "鱼缸")
    visitor.sends(stage.photo("vase.jpg", "purple"), then="您希望我们怎么处理")
    desk = stage.desk()
    desk.get_by_text("鱼缸打碎了").first.click()
    photo = desk.locator("main img").first
    expect(photo).to_be_visible()
    desk.wait_for_function("image => image.naturalWidth > 0", arg=photo.element_handle())


def test_what_was_deleted_leaves_the_page_at_once(stage: Stage, visitor: Person) -> None:
    second = Person(stage.another_tab(visitor))
    visitor.says("你们几点上班？")
    visitor.says("删除我的数据", then="确定删除吗")
    visitor.page.locator(".log .chip").get_by_text("确定删除", exact=True).last.click()
    visitor.hears("已经删除")

    for person in (visitor, second):
        expect(person.page.locator(".line")).to_have_count(1)
    visitor.says("你好", then="清禾家政")


def test_nothing_sticks_out_of_a_narrow_screen(visitor: Person) -> None:
    complain(visitor)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 360
    for shown in visitor.page.locator(".bubble, .chip, .icon-button:visible").all():
        box = shown.bounding_box() or {"x": 0, "width": 0}
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(visitor: Person, scheme: str) -> None:
    complain(visitor)
    visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    faint = {shown.inner_text() for shown in visitor.page.locator(SEEN).all() if shown.evaluate(CONTRAST) < READABLE}
    assert faint == set()


def test_the_chat_works_inside_another_page(stage: Stage) -> None:
    page: Page = stage.visit(stage.company.url + "/embed-demo", width=1200)
    page.get_by_role("button", name="联系").click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("[data-state=online]")).to_be_visible()
    chat.get_by_placeholder("请输入消息…").fill("擦玻璃多少钱？")
    chat.get_by_placeholder("请输入消息…").press("Enter")
    expect(chat.locator(".theirs", has_text="¥8/平米")).to_be_visible()
