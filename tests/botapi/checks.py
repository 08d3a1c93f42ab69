"""What Telegram demands of texts and keyboards before it sends anything."""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.call import Call
from tests.botapi.errors import bad

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
BUTTON_BYTES = 64
MAX_BUTTONS = 100
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2028\u2029]")
_TAG = re.compile(r"<(/?)([^\s<>]*)([^<>]*)>")
_TAGS = frozenset(
    (
        "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "span", "blockquote",
        "tg-spoiler", "tg-emoji", "tg-time",
    )
)  # fmt: skip
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_ESCAPED = re.compile(r"\\([\x01-\x7e])")
_RESERVED = re.compile(r"(?<!\\)[.!#+\-={}]")


def units(text: str) -> int:
    """Length in UTF-16 code units, which is what Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(call: Call, name: str = "text") -> str:
    """The message as it will be shown; raises when it is empty, too long or badly marked up."""
    text = _clean(call, name)
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad("message is too long" if call.method == "sendmessage" else "MESSAGE_TOO_LONG")
    return text


def read_caption(call: Call) -> str:
    text = _clean(call, "caption")
    if units(text) > CAPTION_UNITS:
        raise bad("message caption is too long")
    return text


def _clean(call: Call, name: str) -> str:
    text = call.text(name)
    if not text.isascii():
        _check_utf8(text)
    text = _CONTROL.sub(" ", text.replace("\r", ""))
    return _plain(text, call.text("parse_mode").lower()).strip()


def _check_utf8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None


def _plain(text: str, mode: str) -> str:
    if not mode:
        return text
    if mode == "html":
        return _plain_html(text)
    if mode == "markdownv2":
        return _plain_markdown(text)
    if mode != "markdown":
        raise bad("unsupported parse_mode")
    for mark in ("*", "_", "`"):
        if text.count(mark) % 2:
            offset = len(text[: text.rindex(mark)].encode())
            raise bad(f"can't parse entities: Can't find end of the entity starting at byte offset {offset}")
    return re.sub(r"[*_`]", "", text)


def _plain_html(text: str) -> str:
    open_tags: list[str] = []
    for found in _TAG.finditer(text):
        closing, name, _ = found.groups()
        name, offset = name.lower(), len(text[: found.start()].encode())
        if not closing and name not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    bare = _TAG.sub("", text)
    if "<" in bare:
        offset = len(text[: text.rindex("<")].encode())
        raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
    return re.sub("&(lt|gt|amp|quot);", lambda found: _ENTITIES[found.group()], bare)


def _plain_markdown(text: str) -> str:
    if found := _RESERVED.search(text):
        raise bad(
            f"can't parse entities: Character '{found.group()}' is reserved and must be escaped with the preceding '\\'"
        )
    return _ESCAPED.sub(r"\1", text)


def read_keyboard(call: Call) -> dict[str, Any] | None:
    """The reply markup, checked as far as inline keyboards go."""
    markup = call.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    shown = [row for row in rows if row]
    return {"inline_keyboard": shown} if shown else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    for value in button.values():
        _check_utf8(str(value))
    if not button["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if url := button.get("url"):
        _check_url(str(url))
    elif data := button.get("callback_data"):
        if len(str(data).encode()) > BUTTON_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif not button.keys() & {"web_app", "login_url", "switch_inline_query", "copy_text", "pay"}:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    web_page = parts.scheme in ("http", "https") and "." in parts.netloc
    if not web_page and parts.scheme not in ("tg", "ton"):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
