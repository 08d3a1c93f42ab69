"""A customer in a real browser with the real company behind the page: engine, flows, texts and all."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_company import Company
from tests.browser.person import Opening


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("company"))
    company.start()
    yield company
    company.kill()


def greeted(page: Page) -> None:
    expect(page.locator(".theirs .bubble").first).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_placeholder("请输入消息…").fill(text)
    page.keyboard.press("Enter")


def texts(page: Page) -> list[str]:
    return page.locator(".line .bubble").all_inner_texts()


def answered(page: Page, text: str) -> None:
    """Something of ours stands below these words."""
    expect(page.locator(f".mine:has-text('{text}') ~ .theirs").first).to_be_visible()
    expect(page.locator(".mine.sending")).to_have_count(0)


def test_complaint_is_soothed_and_its_buttons_work(company: Company, visit: Opening) -> None:
    page = visit(company.url + "/chat")
    greeted(page)
    write(page, "昨天来打扫，厨房油烟机完全没擦，太差了")
    answered(page, "厨房油烟机")
    chip = page.locator(".line:not(.old) .chip").first
    label = chip.inner_text()
    chip.click()
    answered(page, label)
    before = texts(page)
    page.reload()
    expect(page.locator(".mine .bubble").last).to_have_text(label)
    assert texts(page) == before


def test_message_written_during_a_power_cut_is_answered_after_it(company: Company, visit: Opening) -> None:
    page = visit(company.url + "/chat")
    greeted(page)
    company.kill()
    write(page, "阿姨迟到了一个小时")
    expect(page.locator(".mine.sending")).to_have_count(1)
    company.start()
    answered(page, "迟到了一个小时")
    assert texts(page).count("阿姨迟到了一个小时") == 1


def test_the_chat_begins_in_the_browsers_language_and_stays_in_the_one_asked_for(
    company: Company, visit: Opening
) -> None:
    page = visit(company.url + "/chat", speaks="en-GB")
    expect(page.locator("[data-part=status]")).to_have_text("Online")
    expect(page.locator(".theirs .bubble").first).to_contain_text("Hello")
    page.goto(company.url + "/chat?lang=zh-CN")
    write(page, "我的券")
    expect(page.locator(".theirs .bubble").last).to_contain_text("可用的券")
    page.goto(company.url + "/chat")
    expect(page.locator("[data-part=status]")).to_have_text("在线")
    assert texts(page)[1:] == ["我的券", page.locator(".theirs .bubble").last.inner_text()]
