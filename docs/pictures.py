"""Takes the README's pictures from the running program: `python -m docs.pictures` writes docs/pictures/*.png.

A visit and a complaint are played on the demo's board, whose three chats are as wide as phones; the desk shows a
company that has lived a month. `stove.jpg` is a drawing that stands in for a customer's photo. The month ends when this
is run, so names and numbers differ each time.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect, sync_playwright

from tests.bot.processes import Serving, environment
from tests.browser.conftest import FLAGS

OUT = Path(__file__).with_name("pictures")
STOVE = OUT / "stove.jpg"
CHROMIUM = os.environ.get("HUIXIANG_CHROMIUM", "/usr/bin/chromium")
API_KEY = "a-key-for-the-pictures"
BOARD = (1236, 1064)
"""Three frames of 390 pixels beside each other."""
DESK = (1280, 860)
TALL = 1180
SHARPNESS = 1.5
A_NIGHT = 60_000
"""Milliseconds in which a whole company lives through a night."""
MOST_BYTES = 150_000
PHONED = {
    "DEMO-1": "厨房一股煤气味，是不是擦灶台的时候碰到管子了，家里有老人，你们快来看看",
    "DEMO-2": "拖完地实木地板泡起来一大块，阿姨一声没吭就走了，你们得赔",
}
FONTS = """<fontconfig><include>/etc/fonts/fonts.conf</include>
<match target="pattern">
<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit>
</match>
</fontconfig>"""
"""A server has no font of a phone; this one comes nearest."""


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fonts.conf").write_text(FONTS)
        fonts: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=fonts)
        with Serving(folder / "fresh", demo="1", api_key=API_KEY) as company:
            _play(_page(browser, company.url, BOARD), company.url)
        with _month(folder / "month") as url:
            _visit_desk(_page(browser, url, DESK), url)
        browser.close()


@contextmanager
def _month(folder: Path) -> Iterator[str]:
    """A company after a month of work, on the next morning."""
    folder.mkdir()
    command = [sys.executable, "-m", "bot.cli", "demo"]
    subprocess.run(command, env=environment(folder), cwd=folder, check=True)
    with Serving(folder, demo="1", api_key=API_KEY) as company:
        yield company.url


def _play(page: Page, url: str) -> None:
    """One visit and one complaint, by the three who have to do with it."""
    page.goto(url)
    _ahead(page, "到明早 9 点")
    page.reload()
    _order_a_visit(url, _now(page) + timedelta(hours=1))
    page.goto(f"{url}/demo")
    customer, cleaner, lead = (Seat(page, number) for number in range(3))
    _work(page, cleaner)
    customer.taps("2 星")
    customer.says("厨房灶台还是油乎乎的，一摸一手油")
    customer.sends(STOVE)
    customer.picture("customer")
    customer.taps("重新打扫")
    customer.taps("没错")
    lead.hears("请接单")
    lead.picture("supervisor")
    lead.taps("接单")
    lead.replies("王女士您好，我是陈主管。这样确实不行，明早九点我请师傅带去油剂上门重做，您看方便吗？")
    customer.hears("这样确实不行")
    customer.says("方便，九点我在家")
    lead.hears("九点我在家")
    cleaner.says("最后十分钟赶下一家，灶台没来得及擦第二遍")
    lead.hears("赶下一家")
    _save(page, "board")


def _work(page: Page, cleaner: "Seat") -> None:
    """The cleaner's morning, up to the rating."""
    cleaner.says("今天")
    cleaner.taps("出发")
    cleaner.picture("cleaner")
    _ahead(page, "+1 小时")
    cleaner.taps("到达")
    for _ in range(3):
        _ahead(page, "+1 小时")
    cleaner.taps("完成")
    cleaner.taps("不发了")
    for _ in range(3):
        _ahead(page, "+10 分钟")


def _order_a_visit(url: str, starts_at: datetime) -> None:
    """In the morning. The demo's own visits, which lie where the clock happened to be, give way before a chat opens."""
    order = {
        "number": "A1026",
        "customer": {"name": "王女士", "phone": "13800000001"},
        "cleaner": {"phone": "13800000002"},
        "service": "厨房深度清洁",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
        "address": "上海市浦东新区锦绣路 1200 弄 8 号 301",
        "area_m2": 90,
        "price_fen": 36_800,
        "needs": "家里有两岁的孩子，请用无香的清洁剂",
    }
    gone = [{"number": number, "event": "cancelled"} for number in ("DEMO-1", "DEMO-2")]
    for body in (*gone, order):
        _post(f"{url}/api/orders", body)


class Seat:
    """One of the three chats of the board. Whatever is done there waits until it was answered."""

    def __init__(self, page: Page, number: int) -> None:
        self.page = page
        self.whole: Locator = page.locator("iframe").nth(number)
        self.chat: FrameLocator = self.whole.content_frame
        self.theirs = self.chat.locator(".theirs")
        expect(self.theirs.first).to_be_visible()

    def says(self, text: str) -> None:
        before = self.theirs.count()
        self._write(text)
        expect(self.theirs.nth(before)).to_be_visible()

    def replies(self, text: str) -> None:
        """To the newest message."""
        self.theirs.last.hover()
        self.theirs.last.get_by_role("button", name="回复", exact=True).click()
        self.says(text)

    def taps(self, label: str) -> None:
        """The newest button of this label."""
        before = self.theirs.count()
        self.chat.locator(".log .chip").get_by_text(label, exact=True).last.click()
        expect(self.theirs.nth(before)).to_be_visible()

    def sends(self, photo: Path) -> None:
        before = self.theirs.count()
        self.chat.locator("[data-part=file]").set_input_files(photo)
        self.chat.get_by_role("button", name="发送", exact=True).click()
        expect(self.theirs.nth(before)).to_be_visible()
        self.chat.locator(".mine img").last.evaluate("image => image.decode()")

    def hears(self, text: str) -> None:
        expect(self.chat.locator(".theirs", has_text=text).last).to_be_visible()

    def picture(self, name: str) -> None:
        _save(self.whole, name)

    def _write(self, text: str) -> None:
        field = self.chat.get_by_placeholder("请输入消息…")
        field.fill(text)
        field.press("Enter")


def _visit_desk(page: Page, url: str) -> None:
    page.goto(url)
    _ahead(page, "到明早 9 点")
    for order, text in PHONED.items():
        _post(f"{url}/api/cases", {"text": text, "order": order})
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="以主管身份进入").click()
    desk = opened.value
    expect(desk.locator(".line").first).to_be_visible()
    _save(desk, "desk")
    desk.set_viewport_size({"width": DESK[0], "height": TALL})
    desk.locator(".line a").first.click()
    desk.get_by_role("button", name="接单").click()
    expect(desk.locator("#case-head")).to_contain_text("陈主管")
    desk.get_by_placeholder("写给客户的话").fill("王女士，先关总阀、开窗、带老人下楼，不要开灯。师傅十五分钟内到您家。")
    desk.get_by_role("button", name="发送").click()
    expect(desk.locator("#timeline")).to_contain_text("先关总阀")
    expect(desk.locator(".toast")).to_be_hidden()
    _save(desk, "case")


def _post(url: str, body: dict[str, Any]) -> None:
    httpx.post(url, json=body, headers={"X-API-Key": API_KEY}).raise_for_status()


def _now(page: Page) -> datetime:
    """What the time machine said when the page was loaded."""
    said = page.locator("[data-clock]").get_attribute("datetime")
    assert said is not None
    return datetime.fromisoformat(said)


def _ahead(page: Page, button: str) -> None:
    clock = page.locator("[data-clock]")
    before = clock.inner_text()
    page.get_by_role("button", name=button).click()
    expect(clock).not_to_have_text(before, timeout=A_NIGHT)


def _page(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    """As somebody new, in sharp pixels."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=SHARPNESS,
        base_url=url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def _save(shown: Page | Locator, name: str) -> None:
    """As a PNG of few colours, which is all that a page of text needs."""
    page = shown if isinstance(shown, Page) else shown.page
    page.mouse.move(0, 0)
    for frame in page.frames:
        frame.evaluate("document.activeElement?.blur()")
    image = Image.open(BytesIO(shown.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)
        if (OUT / f"{name}.png").stat().st_size < MOST_BYTES:
            return
    raise AssertionError(f"{name}.png is too large")


if __name__ == "__main__":
    main()
