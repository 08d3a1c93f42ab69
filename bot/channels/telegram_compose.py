"""One message of ours as the Bot API calls that carry it: text pieces, captions, albums, buttons on the last."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.channels.telegram_client import Call
from bot.channels.telegram_text import scrub, split, units
from domain.channel import Button, Outgoing
from domain.errors import NotFound
from domain.events import Attachment

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
ALBUM = 10
METHODS = {"photo": "sendPhoto", "voice": "sendVoice", "document": "sendDocument"}

Files = Callable[[str], Path]
Source = str | Path
Markup = dict[str, Any]


def compose(message: Outgoing, files: Files) -> list[Call]:
    """The calls in order; none when there is nothing to say. Files that are no longer there are left out."""
    text, markup = _text_and_buttons(message)
    media = [(one, source) for one in message.attachments if (source := _source(one, files)) is not None]
    captioned = bool(media) and units(text) <= CAPTION_UNITS
    if captioned and len(media) == 1:
        calls = [_single(message, *media[0], text)]
    elif captioned and markup is None and _album_fits(media):
        calls = [_album(message, media, text)]
    else:
        said = [_say(message, piece) for piece in split(text, TEXT_UNITS)]
        # An album cannot carry buttons: without a text after it, its pictures go one by one.
        calls = [*_uncaptioned(message, media, singly=not said and markup is not None), *said]
    return _finished(calls, message, markup)


def as_document(call: Call) -> Call | None:
    """The same picture as a file, for those that Telegram will not show; None for other calls."""
    if call.method == "sendPhoto":
        fields = {name: value for name, value in call.fields.items() if name != "photo"}
        return Call("sendDocument", {**fields, "document": call.fields["photo"]}, call.files)
    if call.method == "sendMediaGroup":
        return call.having(media=[{**item, "type": "document"} for item in call.fields["media"]])
    return None


def _text_and_buttons(message: Outgoing) -> tuple[str, Markup | None]:
    """Telegram refuses links to hosts without a dot (a server at home): those are written out under the text."""
    rows = [[_keyed(button) for button in row if not _unlinkable(button)] for row in message.buttons]
    written = [f"{button.label}: {button.url}" for row in message.buttons for button in row if _unlinkable(button)]
    text = scrub("\n".join([message.text, *written])).strip()
    shown = [row for row in rows if row]
    return text, {"inline_keyboard": shown} if shown else None


def _keyed(button: Button) -> dict[str, str]:
    does = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": scrub(button.label), **does}


def _unlinkable(button: Button) -> bool:
    return button.url.startswith("http") and "." not in urlsplit(button.url).netloc


def _source(one: Attachment, files: Files) -> Source | None:
    """Something Telegram has already goes by its id; else the file on our disk."""
    if one.kind in ("location", "other") or not one.file:
        return None
    if one.remote:
        return one.file
    try:
        path = files(one.file)
    except NotFound:
        return None
    return path if path.is_file() else None


def _attached(sources: Sequence[Source]) -> tuple[list[str], dict[str, Path]]:
    """How the fields mention them, and what is uploaded along."""
    files = {f"file{number}": source for number, source in enumerate(sources) if isinstance(source, Path)}
    named = [f"attach://file{number}" if isinstance(source, Path) else source for number, source in enumerate(sources)]
    return named, files


def _captioned(caption: str) -> dict[str, str]:
    return {"caption": caption} if caption else {}


def _single(message: Outgoing, one: Attachment, source: Source, caption: str = "") -> Call:
    kind = one.kind if one.kind in METHODS else "document"
    (named,), files = _attached([source])
    return Call(METHODS[kind], {"chat_id": message.chat, kind: named, **_captioned(caption)}, files)


def _album_fits(media: Sequence[tuple[Attachment, Source]]) -> bool:
    return 2 <= len(media) <= ALBUM and all(one.kind == "photo" for one, _ in media)


def _album(message: Outgoing, media: Sequence[tuple[Attachment, Source]], caption: str = "") -> Call:
    named, files = _attached([source for _, source in media])
    items = [{"type": "photo", "media": one} for one in named]
    items[0].update(_captioned(caption))
    return Call("sendMediaGroup", {"chat_id": message.chat, "media": items}, files)


def _uncaptioned(message: Outgoing, media: Sequence[tuple[Attachment, Source]], singly: bool) -> list[Call]:
    photos = [] if singly else [pair for pair in media if pair[0].kind == "photo"]
    chunks = [photos[start : start + ALBUM] for start in range(0, len(photos), ALBUM)]
    albums = [_album(message, chunk) if len(chunk) > 1 else _single(message, *chunk[0]) for chunk in chunks]
    return [*albums, *(_single(message, *pair) for pair in media if pair not in photos)]


def _say(message: Outgoing, text: str) -> Call:
    return Call("sendMessage", {"chat_id": message.chat, "text": text})


def _finished(calls: list[Call], message: Outgoing, markup: Markup | None) -> list[Call]:
    """The answered message at the first call, the buttons at the last, silence at all."""
    if not calls:
        return calls
    if message.silent:
        calls = [call.having(disable_notification=True) for call in calls]
    if message.reply_to.isdecimal():
        # Allowed without: the answered message may be deleted by now, and the answer still matters.
        answered = {"message_id": int(message.reply_to), "allow_sending_without_reply": True}
        calls[0] = calls[0].having(reply_parameters=answered)
    if markup is not None:
        calls[-1] = calls[-1].having(reply_markup=markup)
    return calls
