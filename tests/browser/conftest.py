"""One Chromium for each file of browser tests; each test gets pages of a visitor of its own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.demo_company import DemoCompany
from tests.browser.person import Opening
from tests.browser.stage import Stage
from tests.web.chat_world import ChatWorld

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its file: while Playwright runs, its loop is the thread's, and no async test could run after it."""
    path = os.environ.get("HUIXIANG_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here: sudo apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ChatWorld]:
    world = ChatWorld(tmp_path).start()
    yield world
    world.stop()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Opening]:
    """Open an address as somebody new. Any error in the page's console fails the test."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def visit(
        url: str, *, width: int = 375, height: int = 720, permissions: tuple[str, ...] = (), speaks: str = "zh-CN"
    ) -> Page:
        size: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=size, permissions=list(permissions), locale=speaks)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(url)
        return page

    yield visit
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[DemoCompany]:
    """At nine in the morning, with nothing planned yet."""
    company = DemoCompany(tmp_path_factory.mktemp("demo"))
    company.start()
    for number in ("DEMO-1", "DEMO-2"):
        company.order(number=number, event="cancelled")
    company.ahead("morning")
    yield company
    company.kill()


@pytest.fixture
def stage(demo: DemoCompany, visit: Opening, tmp_path: Path) -> Stage:
    return Stage(demo, visit, tmp_path)
