from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram_parse import parse_update
from domain.events import (
    Address,
    Attachment,
    ButtonTapped,
    ChatClosed,
    ChatStarted,
    MessageCame,
    Sender,
    Unreadable,
    dump_event,
    load_event,
)

BOT = 4242
PERSON = {"id": 7, "is_bot": False, "first_name": "王<b>", "last_name": "芳", "language_code": "zh-hans"}
CHAT = {"id": 7, "type": "private", "first_name": "王<b>"}
HERE = Address("telegram", "7")
WANG = Sender("王<b> 芳", "zh-hans", "7")


def update(content: dict[str, Any], kind: str = "message", number: int = 900) -> dict[str, Any]:
    message = {"message_id": 31, "date": 1_700_000_000, "chat": CHAT, "from": PERSON, **content}
    return {"update_id": number, kind: message}


def message(content: dict[str, Any], kind: str = "message") -> MessageCame:
    incoming = parse_update(update(content, kind), BOT)
    assert incoming is not None
    assert isinstance(incoming.event, MessageCame)
    return incoming.event


def test_a_text_with_who_where_and_what_it_answers() -> None:
    answered = {"message_id": 30, "date": 1_700_000_000, "chat": CHAT, "text": "您好"}
    event = message({"text": "厨房没擦", "reply_to_message": answered})
    assert event == MessageCame(
        HERE, "厨房没擦", (), WANG, "31", "30", False, datetime.fromtimestamp(1_700_000_000, UTC)
    )


def test_what_was_edited_was_said_then_and_a_date_that_is_none_is_left_out() -> None:
    edited = message({"text": "昨天", "edit_date": 1_700_000_600}, "edited_message")
    assert edited.said_at == datetime.fromtimestamp(1_700_000_600, UTC)
    assert message({"text": "昨天", "date": 10**17}).said_at is None


def test_key_lane_and_group() -> None:
    incoming = parse_update(update({"text": "在吗", "media_group_id": "g1"}), BOT)
    assert incoming is not None
    assert (incoming.source, incoming.lane, incoming.group) == ("telegram", "telegram:7", "g1")
    assert incoming.key == "4242:900:7.31.1700000000"


def test_the_same_update_id_a_year_later_is_another_event() -> None:
    first = parse_update(update({"text": "在吗"}), BOT)
    later = parse_update(update({"text": "在吗", "message_id": 80, "date": 1_731_000_000}), BOT)
    other_bot = parse_update(update({"text": "在吗"}), BOT + 1)
    assert first is not None
    assert later is not None
    assert other_bot is not None
    assert len({first.key, later.key, other_bot.key}) == 3


def test_an_edit_has_its_own_key_and_says_so() -> None:
    first = parse_update(update({"text": "厨房"}), BOT)
    edit = parse_update(update({"text": "卫生间", "edit_date": 1_700_000_050}, "edited_message"), BOT)
    assert first is not None
    assert edit is not None
    assert first.key != edit.key
    assert isinstance(edit.event, MessageCame)
    assert (edit.event.edited, edit.event.ref) == (True, "31")


@pytest.mark.parametrize(
    ("text", "code"),
    [("/start", ""), ("/start ord_8f3K", "ord_8f3K"), ("/start@huixiang_bot x", "x"), ("/start  y ", "y")],
)
def test_start_opens_the_chat_with_its_code(text: str, code: str) -> None:
    incoming = parse_update(update({"text": text}), BOT)
    assert incoming is not None
    assert incoming.event == ChatStarted(HERE, code, WANG)


@pytest.mark.parametrize("text", ["/help", "/starter", "start", "/case 12"])
def test_other_commands_are_text(text: str) -> None:
    assert message({"text": text}).text == text


FILE = {"file_id": "F", "file_unique_id": "u", "file_size": 5}


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        (
            {"photo": [{**FILE, "width": 90, "height": 60}, {**FILE, "file_id": "BIG", "width": 900, "height": 600}]},
            Attachment("photo", "BIG", 5, "image/jpeg", True),
        ),
        ({"voice": {**FILE, "duration": 3}}, Attachment("voice", "F", 5, "audio/ogg", True, seconds=3)),
        (
            {"video": {**FILE, "width": 1, "height": 1, "duration": 3, "mime_type": "video/mp4"}},
            Attachment("video", "F", 5, "video/mp4", True),
        ),
        ({"video_note": {**FILE, "length": 9, "duration": 3}}, Attachment("video", "F", 5, "video/mp4", True)),
        (
            {"document": {**FILE, "mime_type": "application/pdf"}},
            Attachment("document", "F", 5, "application/pdf", True),
        ),
        (
            {"sticker": {**FILE, "type": "regular", "width": 5, "height": 5, "is_animated": False, "is_video": False}},
            Attachment("sticker", "F", 5, "", True),
        ),
        ({"location": {"latitude": 31.2, "longitude": 121.5}}, Attachment("location", "31.2,121.5")),
        ({"dice": {"emoji": "🎲", "value": 3}}, Attachment("other")),
        ({"something_new_in_2031": {"a": 1}}, Attachment("other")),
    ],
)
def test_what_came_with_a_message(content: dict[str, Any], attachment: Attachment) -> None:
    assert message(content).attachments == (attachment,)


def test_a_caption_is_the_text_and_a_contact_its_number() -> None:
    photo = [{**FILE, "width": 90, "height": 60}]
    assert message({"photo": photo, "caption": "灶台"}).text == "灶台"
    shared = message({"contact": {"phone_number": "13800000000", "first_name": "王"}})
    assert (shared.text, shared.attachments) == ("13800000000", (Attachment("other"),))


def test_a_press_in_a_group_says_who_pressed_and_what_stood_there() -> None:
    group = {"id": -100500, "type": "supergroup", "title": "主管群"}
    keyboard = {"inline_keyboard": [[{"text": "接单", "callback_data": "t9.0"}]]}
    shown = {"message_id": 5, "date": 1_700_000_000, "chat": group, "text": "新投诉", "reply_markup": keyboard}
    query = {"id": "8811", "from": PERSON, "chat_instance": "1", "message": shown, "data": "t9.0"}
    incoming = parse_update({"update_id": 900, "callback_query": query}, BOT)
    assert incoming is not None
    assert incoming.lane == "telegram:-100500"
    assert incoming.event == ButtonTapped(Address("telegram", "-100500"), "t9.0", label="接单", sender=WANG)


def test_a_press_under_a_message_too_old_to_show_still_counts() -> None:
    old = {"message_id": 5, "date": 0, "chat": CHAT}
    query = {"id": "8811", "from": PERSON, "chat_instance": "1", "message": old, "data": "t9.0"}
    incoming = parse_update({"update_id": 900, "callback_query": query}, BOT)
    assert incoming is not None
    assert incoming.event == ButtonTapped(HERE, "t9.0", sender=WANG)


@pytest.mark.parametrize(("status", "closed"), [("kicked", True), ("left", True), ("member", False)])
def test_being_blocked_closes_the_chat(status: str, closed: bool) -> None:
    bot = {"id": BOT, "is_bot": True, "first_name": "回响"}
    until = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": CHAT, "from": PERSON, "date": 1_700_000_000,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status, **until},
    }  # fmt: skip
    incoming = parse_update({"update_id": 900, "my_chat_member": change}, BOT)
    assert (incoming is not None and incoming.event == ChatClosed(HERE)) is closed


@pytest.mark.parametrize(
    "content",
    [
        {"new_chat_members": [PERSON]},
        {"pinned_message": {"message_id": 3, "date": 1, "chat": CHAT}},
        {"migrate_to_chat_id": -1_002_000_000_001},
        {"text": "我也是机器人", "from": {**PERSON, "is_bot": True}},
    ],
)
def test_service_notes_and_other_bots_are_no_events(content: dict[str, Any]) -> None:
    assert parse_update(update(content), BOT) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 900, "message": "不是对象"},
        {"update_id": 900, "message": {"message_id": "x"}},
        {"update_id": None},
        {},
        "junk",
        None,
        [1, 2],
        {"update_id": 900, "message": {"text": "\ud83d" * 3}},
    ],
)
def test_what_cannot_be_read_is_kept_with_a_reason(raw: object) -> None:
    incoming = parse_update(raw, BOT)
    assert incoming is not None
    assert isinstance(incoming.event, Unreadable)
    assert incoming.event.reason
    assert parse_update(raw, BOT) == incoming
    assert load_event(dump_event(incoming.event)) == incoming.event


def test_a_huge_unreadable_update_is_trimmed() -> None:
    incoming = parse_update({"update_id": 900, "message": "x" * 100_000}, BOT)
    assert incoming is not None
    assert isinstance(incoming.event, Unreadable)
    assert len(incoming.event.raw) == 4000


def test_lone_surrogates_and_nuls_cost_no_message() -> None:
    event = message({"text": "油\x00污\ud83d", "from": {**PERSON, "first_name": "王\udc00"}})
    assert (event.text, event.sender.name) == ("油污", "王 芳")
    assert load_event(dump_event(event)) == event
