"""Somebody at the chat page: writes, presses buttons, waits for what the company says."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

Opening = Callable[..., Page]
"""Opens an address as somebody new: the fixture `visit`."""


class Person:
    """Everything waits until the server has it, or until it is there to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.locator("[data-state=online]")).to_be_visible()
        expect(page.locator(".theirs .bubble").first).to_be_visible()

    def writes(self, text: str) -> None:
        """Without waiting: the company may be down."""
        self.page.get_by_placeholder("请输入消息…").fill(text)
        self.page.keyboard.press("Enter")

    def says(self, text: str, then: str = "") -> None:
        self.writes(text)
        self._heard(then)

    def taps(self, label: str, then: str = "") -> None:
        """The newest button of this label."""
        self.page.locator(".log .chip").get_by_text(label, exact=True).last.click()
        self._heard(then)

    def sends(self, *photos: Path, text: str = "", then: str = "") -> None:
        self.page.locator("[data-part=file]").set_input_files(photos)
        expect(self.page.locator("[data-part=tray] img")).to_have_count(len(photos))
        self.page.get_by_placeholder("请输入消息…").fill(text)
        self.page.get_by_role("button", name="发送", exact=True).click()
        self._heard(then)

    def hears(self, text: str) -> Locator:
        """The newest line of the company with these words."""
        line = self.page.locator(".theirs", has_text=text).last
        expect(line).to_be_attached()
        return line

    def has_heard(self, text: str, within: int) -> bool:
        """Whether the company has said these words, or does in so many milliseconds."""
        try:
            self.page.locator(".theirs", has_text=text).last.wait_for(state="attached", timeout=within)
        except TimeoutError:
            return False
        return True

    def choices(self) -> list[str]:
        """The buttons that are still new."""
        return self.page.locator(".line:not(.old) .chip").all_inner_texts()

    def texts(self) -> list[str]:
        return self.page.locator(".line .bubble").all_inner_texts()

    def days(self) -> list[str]:
        return self.page.locator(".day").all_inner_texts()

    def reloads(self) -> None:
        self.page.reload()
        expect(self.page.locator("[data-state=online]")).to_be_visible()
        expect(self.page.locator(".theirs .bubble").first).to_be_visible()

    def _heard(self, then: str) -> None:
        expect(self.page.locator(".mine.sending")).to_have_count(0)
        if then:
            self.hears(then)
