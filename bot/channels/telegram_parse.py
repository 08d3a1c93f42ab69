"""One raw update in, one event out. What cannot be read becomes an event too, so that it never blocks the others."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import ValidationError

from bot.channels.telegram_text import scrub
from bot.channels.telegram_types import NOTES, File, Message, Press, Update, User
from domain.events import (
    Address,
    Attachment,
    ButtonTapped,
    ChatClosed,
    ChatStarted,
    Event,
    Incoming,
    MessageCame,
    Sender,
    Unreadable,
)

CHANNEL = "telegram"
Kind = Literal["photo", "sticker", "voice", "video", "document"]
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
KEPT_RAW = 4000
GONE = frozenset({"kicked", "left"})


def parse_update(raw: object, bot_id: int) -> Incoming | None:
    """None for what is no business of ours: service notes, other bots, kinds of updates we do not handle."""
    try:
        update = _read(raw)
        read = _event(update)
    except ValidationError as error:
        return _unreadable(raw, bot_id, _reason(error))
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        return _unreadable(raw, bot_id, type(error).__name__)
    if read is None:
        return None
    event, address, mark = read
    group = update.message.media_group_id or "" if update.message else ""
    return Incoming(CHANNEL, f"{bot_id}:{update.update_id}:{mark}", str(address), event, group)


def unreadable(body: bytes, bot_id: int, reason: str) -> Incoming:
    """A request that is not even JSON."""
    return _unreadable(body.decode(errors="replace"), bot_id, reason)


def query_of(raw: object) -> str:
    """The id of the button press in this update, which wants its answer; empty for all other updates."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    return str(query.get("id") or "") if isinstance(query, dict) else ""


def _read(raw: object) -> Update:
    try:
        return Update.model_validate(raw)
    except ValidationError:
        return Update.model_validate(_clean(raw))


def _clean(value: Any) -> Any:
    """The same without characters that no string may hold."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _unreadable(raw: object, bot_id: int, reason: str) -> Incoming:
    text = _written(raw)
    number = raw.get("update_id") if isinstance(raw, dict) else None
    known = number if isinstance(number, int) else ""
    digest = hashlib.sha256(text.encode()).hexdigest()[:24]
    event = Unreadable(text[:KEPT_RAW], scrub(reason))
    return Incoming(CHANNEL, f"{bot_id}:{known}:{digest}", f"{CHANNEL}:unreadable", event)


def _written(raw: object) -> str:
    try:
        return scrub(raw) if isinstance(raw, str) else json.dumps(raw)
    except RecursionError:
        return "nested too deeply to be written down"


def _reason(error: ValidationError) -> str:
    """Where it went wrong, without quoting what was there."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _event(update: Update) -> tuple[Event, Address, str] | None:
    """The event, its chat, and a mark that makes the key unique: update ids may start anew after a quiet week."""
    if update.callback_query:
        return _tap(update.callback_query)
    if change := update.my_chat_member:
        address = _address(change.chat.id)
        closed = change.new_chat_member.status in GONE
        return (ChatClosed(address), address, f"{address.chat}.{change.date}") if closed else None
    message = update.message or update.edited_message
    if message is None or message.sender is None or message.sender.is_bot:
        return None
    event = _message(message, edited=update.message is None)
    changed = message.edit_date or message.date
    return (event, event.address, f"{message.chat.id}.{message.message_id}.{changed}") if event else None


def _tap(press: Press) -> tuple[Event, Address, str] | None:
    if press.message is None or press.data is None:
        return None
    address = _address(press.message.chat.id)
    tap = ButtonTapped(
        address, scrub(press.data), label=_label(press.message, press.data), sender=_sender(press.sender)
    )
    return tap, address, press.id


def _label(message: Message, data: str) -> str:
    """What stood on the button, as far as the message still shows it."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return next((scrub(button.text) for row in rows for button in row if button.callback_data == data), "")


def _message(message: Message, edited: bool) -> MessageCame | ChatStarted | None:
    address, sender = _address(message.chat.id), _sender(message.sender)
    text = scrub(message.text or message.caption or "")
    command, _, payload = text.partition(" ")
    if not edited and command.partition("@")[0] == "/start":
        return ChatStarted(address, payload.strip(), sender)
    attachments = _attachments(message)
    if not text and not attachments:
        return None
    if message.contact:
        text = message.contact.phone_number
    answered = str(message.reply_to_message.message_id) if message.reply_to_message else ""
    said_at = _moment(message.edit_date or message.date)
    return MessageCame(address, text, attachments, sender, str(message.message_id), answered, edited, said_at)


def _moment(seconds: int) -> datetime | None:
    """None for a number that is no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (_remote("photo", largest, "image/jpeg"),)
    if message.sticker:
        return (_remote("sticker", message.sticker, ""),)
    if place := message.location:
        return (Attachment("location", f"{place.latitude},{place.longitude}"),)
    if voice := message.voice or message.audio:
        return (_remote("voice", voice, voice.mime_type or "audio/ogg", voice.duration),)
    # An animation fills `document` as well, so the moving pictures come first.
    if video := message.video or message.animation or message.video_note:
        return (_remote("video", video, video.mime_type or "video/mp4"),)
    if file := message.document:
        return (_remote("document", file, file.mime_type or ""),)
    noted = NOTES & (message.model_extra or {}).keys()
    return () if message.text or noted else (Attachment("other"),)


def _remote(kind: Kind, file: File, mime: str, seconds: int = 0) -> Attachment:
    return Attachment(kind, file.file_id, file.file_size or 0, mime, remote=True, seconds=seconds)


def _address(chat_id: int) -> Address:
    return Address(CHANNEL, str(chat_id))


def _sender(user: User | None) -> Sender:
    if user is None:
        return Sender()
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return Sender(scrub(name), user.language_code or "", str(user.id))
