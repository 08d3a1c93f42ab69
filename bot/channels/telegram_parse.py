"""One raw update in, one event out. What cannot be read becomes an event too, so that it never blocks the others."""

import hashlib
import json
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message, Update, User
from pydantic import ValidationError

from bot.channels.telegram_text import scrub
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
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
KEPT_RAW = 4000
GONE = frozenset({"kicked", "left"})
# Said by a person, but nothing we can use: it still deserves an answer. All other kinds are service notes.
OTHERS = frozenset(
    {
        ContentType.CONTACT, ContentType.DICE, ContentType.GAME, ContentType.PAID_MEDIA, ContentType.POLL,
        ContentType.STORY, ContentType.UNKNOWN, ContentType.VENUE,
    }
)  # fmt: skip


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
        return (ChatClosed(address), address, f"{address.chat}.{change.date.timestamp():.0f}") if closed else None
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    event = _message(message, edited=update.message is None)
    changed = message.edit_date or int(message.date.timestamp())
    return (event, event.address, f"{message.chat.id}.{message.message_id}.{changed}") if event else None


def _tap(query: CallbackQuery) -> tuple[Event, Address, str] | None:
    if query.message is None or query.data is None:
        return None
    address = _address(query.message.chat.id)
    tap = ButtonTapped(address, scrub(query.data), label=_label(query), sender=_sender(query.from_user))
    return tap, address, query.id


def _label(query: CallbackQuery) -> str:
    """What stood on the button, as far as the message still shows it."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    return next((scrub(button.text) for button in buttons if button.callback_data == query.data), "")


def _message(message: Message, edited: bool) -> MessageCame | ChatStarted | None:
    address, sender = _address(message.chat.id), _sender(message.from_user)
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
    return MessageCame(address, text, attachments, sender, str(message.message_id), answered, edited)


def _attachments(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Attachment("photo", largest.file_id, largest.file_size or 0, "image/jpeg", remote=True),)
    if message.sticker:
        return (Attachment("sticker", message.sticker.file_id, message.sticker.file_size or 0, remote=True),)
    if place := message.location:
        return (Attachment("location", f"{place.latitude},{place.longitude}"),)
    if voice := message.voice or message.audio:
        mime, seconds = voice.mime_type or "audio/ogg", voice.duration
        return (Attachment("voice", voice.file_id, voice.file_size or 0, mime, remote=True, seconds=seconds),)
    # An animation fills `document` as well, so the moving pictures come first.
    if video := message.video or message.animation:
        return (Attachment("video", video.file_id, video.file_size or 0, video.mime_type or "video/mp4", remote=True),)
    if note := message.video_note:
        return (Attachment("video", note.file_id, note.file_size or 0, "video/mp4", remote=True),)
    if file := message.document:
        return (Attachment("document", file.file_id, file.file_size or 0, file.mime_type or "", remote=True),)
    return (Attachment("other"),) if message.content_type in OTHERS else ()


def _address(chat_id: int) -> Address:
    return Address(CHANNEL, str(chat_id))


def _sender(user: User | None) -> Sender:
    if user is None:
        return Sender()
    return Sender(scrub(user.full_name), user.language_code or "", str(user.id))
