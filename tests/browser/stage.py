"""The demo's company with people entering its pages, and its time machine at hand."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.demo_company import DemoCompany
from tests.browser.person import Opening, Person

A_MOMENT = 400
"""Milliseconds in which what falls due is said; when it takes longer, time only moves on a bit further."""
MOST_STEPS = 30


@dataclass
class Stage:
    company: DemoCompany
    visit: Opening
    folder: Path

    def enter(self, role: str, width: int = 375) -> Person:
        """Become somebody of the demo, as a click on their link does."""
        return Person(self.visit(self.company.url + self.company.links[role], width=width))

    def until(self, person: Person, words: str, step: str = "next") -> None:
        """Let time pass, by default from one thing that falls due to the next, until somebody hears these words."""
        for _ in range(MOST_STEPS):
            if person.has_heard(words, within=A_MOMENT):
                return
            self.company.ahead(step)
        raise AssertionError(f"never said: {words}")

    def another_tab(self, person: Person) -> Page:
        page = person.page.context.new_page()
        page.goto(person.page.url)
        return page

    def desk(self) -> Page:
        page = self.visit(self.company.url + "/desk", width=1200, height=900)
        page.fill("input[name=username]", self.company.user)
        page.fill("input[name=password]", self.company.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/cases")
        return page

    def photo(self, name: str, colour: str) -> Path:
        path = self.folder / name
        Image.new("RGB", (1200, 900), colour).save(path)
        return path
