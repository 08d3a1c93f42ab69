"""The socket of the chat page: nothing lost, nothing doubled, every bad frame answered."""

import json
import uuid
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from domain.errors import Busy
from tests.web.chat_world import COMPANY, ChatWorld


def test_first_hello_makes_a_token_and_starts_the_chat_once(world: ChatWorld) -> None:
    with world.page() as page:
        assert len(page.token) == 32
        assert (page.welcome["company"], page.welcome["role"]) == (COMPANY, "customer")
        page.until_line("您好")
    with world.page(page.token) as again:
        assert again.token == page.token
        assert [line for line in again.texts() if line.startswith("您好")] == page.texts()


def test_the_token_itself_is_nowhere_in_the_database(own_world: ChatWorld) -> None:
    with own_world.page() as page:
        page.say("在吗")
        page.expect("ack")
    assert page.token.encode() not in b"".join(file.read_bytes() for file in own_world.folder.glob("chat.db*"))


def test_a_link_opened_twice_is_one_event(world: ChatWorld) -> None:
    with world.page(code="order-7") as page:
        page.until_line("您好")
    with world.page(page.token, code="order-7") as again:
        assert len(again.lines) == 1


def test_message_is_acknowledged_with_its_key_and_answered(world: ChatWorld) -> None:
    with world.page() as page:
        message_id = page.say("厨房没擦干净")
        ack = page.expect("ack")
        assert ack["id"] == message_id
        reply = page.until_line("收到：厨房没擦干净")
        assert page.lines[ack["key"]]["id"] == message_id
        assert [b["label"] for row in reply["buttons"] for b in row] == ["确认", "修改"]


def test_resend_after_reconnect_is_not_doubled(world: ChatWorld) -> None:
    with world.page() as page:
        message_id = page.say("地板有水渍")
        key = page.expect("ack")["key"]
        page.until_line("收到：地板有水渍")
    with world.page(page.token, **page.cursors) as again:
        again.send(t="send", id=message_id, text="地板有水渍")
        assert again.expect("ack") == {"t": "ack", "id": message_id, "key": key}
        assert again.lines == page.lines
    with world.page(page.token) as whole:
        assert whole.texts().count("地板有水渍") == whole.texts().count("收到：地板有水渍") == 1


def test_reconnect_brings_exactly_what_was_missed(world: ChatWorld) -> None:
    with world.page() as first:
        first.until_line("您好")
    with world.page(first.token) as other:
        other.say("我换了手机")
        other.until_line("收到：我换了手机")
    with world.page(first.token, **first.cursors) as again:
        assert again.texts() == [*first.texts(), "我换了手机", "收到：我换了手机"]


def test_restart_of_the_server_loses_no_line(own_world: ChatWorld) -> None:
    with own_world.page() as page:
        page.say("明天能来吗")
        page.until_line("收到：明天能来吗")
    own_world.stop()
    own_world.start()
    with own_world.page(page.token) as again:
        assert again.texts() == page.texts()


def test_two_tabs_of_one_visitor_see_the_same(world: ChatWorld) -> None:
    with world.page() as one, world.page(one.token) as two:
        one.say("两个窗口")
        one.until_line("收到：两个窗口")
        two.until_line("收到：两个窗口")
        one.until_line("您好")
        two.until_line("您好")
        assert one.texts() == two.texts()


def test_every_line_is_pushed_once(world: ChatWorld) -> None:
    with world.page() as page:
        for n in range(15):
            page.say(f"第{n}句")
        page.until_line("收到：第14句")
        assert len(page.received) == len(set(page.received)) == 31


def test_a_message_that_waited_for_the_morning_reaches_open_and_returning_pages(world: ChatWorld) -> None:
    with world.page() as page:
        page.until_line("您好")
        held = world.say_later(page.token, "早上好，今天上午十点上门。")
        page.say("晚安")
        page.until_line("收到：晚安")
        away = page.cursors
        world.deliver(held, page.token)
        page.until_line("早上好")
    with world.page(page.token, **away) as again:
        again.until_line("早上好")


def test_visitors_do_not_see_each_other(world: ChatWorld) -> None:
    with world.page() as one, world.page() as two:
        one.say("只有我知道")
        one.until_line("收到：只有我知道")
        two.say("别的话")
        two.until_line("收到：别的话")
        assert not any("只有我知道" in text for text in two.texts())


def test_tap_is_acknowledged_and_a_second_tap_with_the_same_id_does_nothing(world: ChatWorld) -> None:
    with world.page() as page:
        button = page.until_line("您好")["buttons"][0][0]
        tap_id = str(uuid.uuid4())
        page.send(t="tap", id=tap_id, button=button["button"], label=button["label"])
        page.send(t="tap", id=tap_id, button=button["button"], label=button["label"])
        assert page.expect("ack") == page.expect("ack")
        page.until_line(f"您选了「{button['label']}」")
        page.send(t="ping")
        page.expect("pong")
        assert page.texts()[1:] == [button["label"], f"您选了「{button['label']}」"]


def test_reply_to_is_handed_on(world: ChatWorld) -> None:
    with world.page() as page:
        greeting = page.until_line("您好")
        page.say("就这个", reply_to=greeting["key"])
        page.until_line(f"（回复 {greeting['key']}）")


def test_older_lines_come_on_request(world: ChatWorld) -> None:
    with world.page() as page:
        page.until_line("您好")
        first = min(line["sort"][0] for line in page.lines.values())
        page.say("后来")
        page.until_line("收到：后来")
        page.send(t="more", before=first + 1)
        older = page.expect("lines")
        assert older["older"] is True
        assert older["more"] is False
        assert [line["text"][:2] for line in older["lines"]] == ["您好"]


@pytest.mark.parametrize(
    "raw",
    [
        "", "{", "[]", "7", '"hello"', "null", '{"t":"send"}', '{"t":"nonsense"}', '{"t":"hello"}',
        '{"t":"send","id":"<script>","text":"x"}', '{"t":"tap","id":"12345678-abc","button":""}',
        '{"t":"more","before":-1}', '{"t":"more","before":1e99}', "[" * 60_000, "x" * 200_000,
        '{"t":"send","id":"12345678-abc","text":{"a":1}}', '{"t":"send","id":"12345678-abc","files":["../etc"]}',
    ],
)  # fmt: skip
def test_malformed_frame_is_answered_and_the_chat_goes_on(world: ChatWorld, raw: str) -> None:
    with world.page() as page:
        page.ws.send(raw)
        refused = page.expect("refused")
        assert refused["reason"]
        assert refused["retry"] is None
        page.say("还在吗")
        page.until_line("收到：还在吗")


def test_binary_frame_is_answered(world: ChatWorld) -> None:
    with world.page() as page:
        page.ws.send(b"\x00\xff\x00")
        assert page.expect("refused")["id"] is None


def test_refusal_names_the_message_it_is_about(world: ChatWorld) -> None:
    with world.page() as page:
        page.send(t="send", id="12345678-abc", text="x", reply_to="in-1; drop")
        assert page.expect("refused")["id"] == "12345678-abc"


def test_frames_before_hello_are_answered(world: ChatWorld) -> None:
    with connect(f"ws://127.0.0.1:{world.port}/chat/ws") as ws:
        ws.send('{"t":"ping"}')
        assert json.loads(ws.recv(timeout=5))["t"] == "refused"
        ws.send('{"t":"hello","token":null}')
        assert json.loads(ws.recv(timeout=5))["t"] == "welcome"


@pytest.mark.parametrize("token", ["short", "x" * 128, "' or 1=1 --".ljust(32), "é" * 32])
def test_a_token_that_we_did_not_make_is_replaced(world: ChatWorld, token: str) -> None:
    with world.page(token) as page:
        assert page.token != token


@pytest.mark.parametrize("text", ["好" * 4097, "😀" * 4097])
def test_too_long_text_is_refused_before_it_is_stored(world: ChatWorld, text: str) -> None:
    with world.page() as page:
        page.say(text)
        assert "4096" in page.expect("refused")["reason"]
        page.say("短一点")
        page.until_line("收到：短一点")
        assert not any(len(line) > 4000 for line in page.texts())


@pytest.mark.parametrize("text", ["好" * 4096, "😀" * 4096])
def test_longest_text_is_taken_whole(world: ChatWorld, text: str) -> None:
    with world.page() as page:
        page.say(text)
        key = page.expect("ack")["key"]
        page.until_line(f"收到：{text}")
        assert page.lines[key]["text"] == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b", "ab"), ("半\ud83d个", "半个"), ("一行\r\n两行", "一行\n两行"), ("\x1b[31m红", "[31m红")],
)
def test_unreadable_characters_are_cleaned(world: ChatWorld, text: str, kept: str) -> None:
    with world.page() as page:
        message_id = page.say(text)
        key = page.expect("ack")["key"]
        page.until_line(f"收到：{kept}")
        assert page.lines[key]["text"] == kept
        assert page.lines[key]["id"] == message_id


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x00"])
def test_empty_message_is_refused(world: ChatWorld, text: str) -> None:
    with world.page() as page:
        page.say(text)
        assert page.expect("refused")["reason"] == "消息是空的，请写点什么再发"


def test_a_flood_is_asked_to_wait_without_closing(world: ChatWorld) -> None:
    with world.page() as page:
        ids = [page.say(f"快{n}") for n in range(30)]
        answers = _answers(page, len(ids))
        refused = [frame for frame in answers if frame["t"] == "refused"]
        assert len(refused) >= 5
        assert refused[0]["reason"] == "您发得有点快，请稍等一下"
        assert refused[0]["retry"] >= 1
        page.send(t="ping")
        page.expect("pong")


def test_the_pace_of_one_visitor_does_not_slow_another(world: ChatWorld) -> None:
    with world.page() as fast, world.page() as calm:
        for n in range(30):
            fast.say(f"快{n}")
        assert _answers(fast, 30)[-1]["t"] == "refused"
        calm.say("慢")
        assert _answers(calm, 1)[0]["t"] == "ack"


def test_busy_database_asks_to_try_again(own_world: ChatWorld) -> None:
    with own_world.page() as page:
        own_world.engine.broken = Busy()
        message_id = page.say("在忙吗")
        refused = page.expect("refused")
        assert (refused["id"], refused["retry"]) == (message_id, 5)
        own_world.engine.broken = None
        page.send(t="send", id=message_id, text="在忙吗")
        page.until_line("收到：在忙吗")


def test_typing_is_shown_while_an_answer_takes_long(own_world: ChatWorld) -> None:
    with own_world.page() as page:
        own_world.engine.slow = 0.6
        page.say("慢慢来")
        page.expect("typing")
        page.expect("ack")


def test_the_ninth_page_of_one_chat_closes_the_oldest(world: ChatWorld) -> None:
    with ExitStack() as open_pages:
        first = open_pages.enter_context(world.page())
        for _ in range(8):
            open_pages.enter_context(world.page(first.token))
        with pytest.raises(ConnectionClosed, match="1013"):
            first.expect("never")


def _answers(page: Any, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(found) < count:
        frame = page.next()
        if frame["t"] in ("ack", "refused"):
            found.append(frame)
    return found
