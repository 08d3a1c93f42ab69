"""The chat inside a company's page."""

from playwright.sync_api import expect

from tests.browser.person import Opening
from tests.web.chat_world import COMPANY, ChatWorld
from web.chat_identity import address_of


def test_one_script_tag_brings_the_chat(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + "/embed-demo", width=1100)
    page.get_by_role("button", name=f"联系{COMPANY}").click()
    chat = page.frame_locator("iframe")
    expect(chat.locator("[data-part=status]")).to_have_text("在线")
    chat.get_by_placeholder("请输入消息…").fill("从网页来的")
    chat.get_by_placeholder("请输入消息…").press("Enter")
    expect(chat.locator(".line", has_text="收到：从网页来的")).to_be_visible()


def test_unread_lines_are_counted_on_the_button(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + "/embed-demo", width=1100)
    button = page.get_by_role("button", name=f"联系{COMPANY}")
    button.click()
    chat = page.frame_locator("iframe")
    expect(chat.locator(".line", has_text="您好")).to_be_visible()
    page.get_by_role("button", name="收起聊天窗口").click()
    expect(page.locator("iframe")).to_be_hidden()
    token = page.evaluate("JSON.parse(localStorage['huixiang.token'])")
    for words in ("阿姨已出发", "预计十点到"):
        world.await_on_loop(world.engine.notify(address_of(token), words))
    expect(page.locator(".count")).to_have_text("2")
    button.click()
    expect(page.locator(".count")).to_be_hidden()


def test_on_a_phone_the_chat_fills_the_screen_and_can_be_put_away(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + "/embed-demo", width=375)
    page.get_by_role("button", name=f"联系{COMPANY}").click()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["height"]) == (0, 375, 720)
    page.frame_locator("iframe").get_by_role("button", name="收起").click()
    expect(page.locator("iframe")).to_be_hidden()


def test_a_page_elsewhere_may_not_frame_the_chat(world: ChatWorld, visit: Opening) -> None:
    page = visit(world.http + "/embed-demo", width=375)
    policy = page.request.get(world.http + "/chat").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")
