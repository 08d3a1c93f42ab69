"""The chat page in a real browser."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Opening
from tests.web.chat_world import ChatWorld
from web.chat_identity import address_of

CHAT = "/chat"


def write(page: Page, text: str) -> None:
    expect(page.locator(".line").first).to_be_visible()
    page.get_by_placeholder("请输入消息…").fill(text)
    page.keyboard.press("Enter")


def line(page: Page, text: str) -> Locator:
    return page.locator(".line.theirs", has_text=text)


def texts(page: Page) -> list[str]:
    return page.locator(".line .bubble").all_inner_texts()


def photo(folder: Path, name: str = "kitchen.png") -> Path:
    path = folder / name
    Image.new("RGB", (1200, 900), "teal").save(path)
    return path


def test_message_is_sent_stored_and_answered(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(page.locator("[data-part=status]")).to_have_text("在线")
    write(page, "厨房没擦干净")
    expect(line(page, "收到：厨房没擦干净")).to_be_visible()
    expect(page.locator(".mine .meta")).to_contain_text("已送达")
    expect(page.get_by_placeholder("请输入消息…")).to_have_value("")


def test_buttons_answer_and_then_step_back(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    page.get_by_role("button", name="预约保洁").click()
    expect(line(page, "您选了「预约保洁」")).to_be_visible()
    expect(page.locator(".mine .bubble")).to_have_text("预约保洁")
    expect(page.locator(".line.old .chip", has_text="查进度")).to_be_enabled()


def test_reload_shows_the_same_lines_once(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT + "?c=order-7")
    expect(line(page, "您好")).to_be_visible()
    assert "order-7" not in page.url
    write(page, "明天几点来")
    expect(line(page, "收到：明天几点来")).to_be_visible()
    before = texts(page)
    page.reload()
    expect(line(page, "收到：明天几点来")).to_be_visible()
    assert texts(page) == before


def test_message_written_while_the_server_is_down_arrives_once_it_is_back(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    world.stop()
    expect(page.locator("[data-part=offline]")).to_be_visible()
    write(page, "家里漏水了")
    expect(page.locator(".mine.sending")).to_have_count(1)
    world.start()
    expect(line(page, "收到：家里漏水了")).to_be_visible()
    expect(page.locator("[data-part=offline]")).to_be_hidden()
    assert texts(page).count("家里漏水了") == 1


def test_message_waiting_at_reload_is_not_lost(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    page.evaluate(
        """() => localStorage.setItem("huixiang.waiting", JSON.stringify([{
            id: "aaaaaaaa-1", at: Date.now(),
            frame: {t: "send", id: "aaaaaaaa-1", text: "刷新前写的", files: [], reply_to: null},
        }]))"""
    )
    page.reload()
    expect(line(page, "收到：刷新前写的")).to_be_visible()
    page.reload()
    expect(line(page, "收到：刷新前写的")).to_be_visible()
    assert texts(page).count("刷新前写的") == 1


def test_lines_that_came_while_away_appear_after_reconnect(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    token = page.evaluate("JSON.parse(localStorage['huixiang.token'])")
    world.stop()
    world.start()
    held = world.say_later(token, "阿姨已经出发了")
    world.deliver(held, token)
    expect(line(page, "阿姨已经出发了")).to_be_visible()


def test_refused_message_says_why_and_can_be_removed(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    bad = photo(Path(world.folder), "fake.jpg")
    bad.write_bytes(b"<html></html>")
    page.locator("[data-part=file]").set_input_files(bad)
    page.get_by_role("button", name="发送").click()
    failed = page.locator(".mine.failed")
    expect(failed).to_contain_text("只能发送照片或语音")
    expect(failed.get_by_role("button", name="重发")).to_have_count(0)
    failed.get_by_role("button", name="删除").click()
    expect(failed).to_have_count(0)


def test_a_flood_arrives_whole_and_in_order(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    sentences = [f"第{n}句" for n in range(26)]
    page.evaluate(
        """sentences => sentences.forEach(sentence => {
            document.querySelector("[data-part=input]").value = sentence;
            document.querySelector("[data-part=composer]").requestSubmit();
        })""",
        sentences,
    )
    expect(page.locator("[data-part=toast]")).to_have_text("您发得有点快，请稍等一下")
    expect(page.locator(".theirs")).to_have_count(27)
    assert page.locator(".mine .bubble").all_inner_texts() == sentences


def test_file_that_could_not_be_brought_is_sent_again_on_wish(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    page.route("**/chat/files", lambda route: route.abort())
    page.locator("[data-part=file]").set_input_files(photo(world.folder))
    page.get_by_role("button", name="发送").click()
    resend = page.locator(".mine.failed").get_by_role("button", name="重发")
    expect(resend).to_be_visible()
    page.unroute("**/chat/files")
    resend.click()
    expect(line(page, "收到1个文件")).to_be_visible()


def test_enter_while_an_input_method_composes_does_not_send(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    field = page.get_by_placeholder("请输入消息…")
    field.fill("nihao")
    for event in ({"isComposing": True}, {"keyCode": 229}):
        field.dispatch_event("keydown", {"key": "Enter", **event})
    expect(field).to_have_value("nihao")
    field.press("Shift+Enter")
    expect(field).to_have_value("nihao\n")
    field.press("Enter")
    expect(line(page, "收到：nihao")).to_be_visible()


def test_photos_are_previewed_sent_and_opened(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    page.locator("[data-part=file]").set_input_files([photo(world.folder, "a.png"), photo(world.folder, "b.png")])
    page.get_by_role("button", name="移除这张照片").first.click()
    page.get_by_role("button", name="发送").click()
    expect(line(page, "收到1个文件")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="查看大图").click()
    shown = page.locator("dialog.lightbox img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_voice_note_is_recorded_and_played(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT, permissions=("microphone",))
    expect(line(page, "您好")).to_be_visible()
    page.get_by_role("button", name="录语音").click()
    expect(page.locator("[data-part=recording-time]")).to_have_text("0:01")
    page.get_by_role("button", name="完成并发送").click()
    expect(line(page, "收到1个文件")).to_be_visible()
    page.get_by_role("button", name="播放语音").click()
    expect(page.get_by_role("button", name="暂停")).to_be_visible()


def test_denied_microphone_gets_a_sentence(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    page.get_by_role("button", name="录语音").click()
    expect(page.locator("[data-part=toast]")).to_contain_text("没有拿到麦克风的使用权限")


def test_reply_quotes_and_survives_reload(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT, width=1100)
    line(page, "您好").hover()
    page.get_by_role("button", name="回复", exact=True).click()
    write(page, "就问这个")
    expect(line(page, "（回复 out-")).to_be_visible()
    page.reload()
    expect(page.locator(".mine .quote")).to_contain_text("您好，我是小净")


def test_what_people_write_is_never_markup(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    nasty = "<img src=x onerror=alert(1)> https://example.com/?a=1 \u202ebad"
    write(page, nasty)
    expect(page.locator(".mine .bubble")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".bubble img").count() == 0
    link = page.locator(".mine .bubble a")
    expect(link).to_have_attribute("href", "https://example.com/?a=1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_reading_older_lines_is_not_disturbed(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    token = page.evaluate("JSON.parse(localStorage['huixiang.token'])")
    for n in range(12):
        write(page, f"第{n}句")
        expect(line(page, f"收到：第{n}句")).to_be_visible()
    page.locator("[data-part=scroller]").evaluate("node => (node.scrollTop = 40)")
    world.deliver(world.say_later(token, "新的一条"), token)
    expect(page.locator("[data-part=jump]")).to_contain_text("1")
    assert page.locator("[data-part=scroller]").evaluate("node => node.scrollTop") == 40
    page.locator("[data-part=jump]").click()
    expect(page.locator("[data-part=jump]")).to_be_hidden()


def test_suggestions_stay_at_hand_when_their_message_is_out_of_sight(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT, height=480)
    for n in range(6):
        write(page, f"第{n}句\n\n\n")
        expect(line(page, f"收到：第{n}句")).to_be_visible()
    bar = page.locator("[data-part=suggestions]")
    expect(bar).to_be_hidden()
    page.locator("[data-part=scroller]").evaluate("node => (node.scrollTop = 0)")
    expect(bar.get_by_role("button", name="确认")).to_be_visible()
    bar.get_by_role("button", name="确认").click()
    expect(line(page, "您选了「确认」")).to_be_visible()


def test_older_lines_are_loaded_above(world: ChatWorld, visit: Opening) -> None:
    with world.page() as visitor:
        for n in range(70):
            world.await_on_loop(world.engine.notify(address_of(visitor.token), f"通知{n}"))
    page = visit(world.http + CHAT)
    expect(line(page, "您好")).to_be_visible()
    page.evaluate("token => localStorage.setItem('huixiang.token', JSON.stringify(token))", visitor.token)
    page.reload()
    expect(line(page, "通知69")).to_be_visible()
    page.get_by_role("button", name="查看更早的消息").click()
    expect(page.locator(".line")).to_have_count(71)


def test_two_roles_can_live_in_one_browser(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    write(page, "我是客户")
    expect(line(page, "收到：我是客户")).to_be_visible()
    page.goto(world.http + CHAT + "?as=cleaner")
    expect(line(page, "您好")).to_be_visible()
    assert not any("我是客户" in text for text in texts(page))


@pytest.mark.parametrize("width", [320, 360, 375, 768, 1200])
def test_nothing_sticks_out(world: ChatWorld, visit: Opening, width: int) -> None:
    page = visit(world.http + CHAT, width=width)
    write(page, "很长的地址https://example.com/" + "x" * 300 + " " + "好" * 300)
    expect(line(page, "收到：很长的地址")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for shown in page.locator(".bubble, .chip, .composer .icon-button").all():
        box = shown.bounding_box() or {"x": 0, "width": 0}
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_page_is_strict_about_scripts_and_frames(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT)
    headers = page.request.get(world.http + CHAT).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_english_page(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + CHAT + "?lang=en")
    expect(page.locator("[data-part=status]")).to_have_text("Online")
    expect(page.get_by_placeholder("Write a message…")).to_be_visible()
