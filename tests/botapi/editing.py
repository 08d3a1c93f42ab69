"""The methods with which a bot changes what it said, and answers a press."""

import time

from tests.botapi.call import Call
from tests.botapi.checks import read_keyboard, read_text, units
from tests.botapi.errors import bad
from tests.botapi.sending import target
from tests.botapi.updates import Json
from tests.botapi.world import World

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
ANSWER_UNITS = 200


def edit_message_text(world: World, call: Call) -> Json:
    return _edit(world, call, {"text": read_text(call)})


def edit_message_reply_markup(world: World, call: Call) -> Json:
    return _edit(world, call, {})


def _edit(world: World, call: Call, content: Json) -> Json:
    markup = read_keyboard(call)
    message = target(world, call).messages.get(call.number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != world.bot["id"]:
        raise bad("message can't be edited")
    if content and "text" not in message:
        raise bad("there is no text in the message to edit")
    if message.get("reply_markup") == markup and message.get("text") == content.get("text", message.get("text")):
        raise bad(SAME)
    message.update(content, edit_date=int(time.time()))
    message.pop("reply_markup", None)
    if markup:
        message["reply_markup"] = markup
    return message


def delete_message(world: World, call: Call) -> bool:
    chat = target(world, call)
    if chat.messages.pop(call.number("message_id"), None) is None:
        raise bad("message to delete not found")
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    query = world.queries.get(call.text("callback_query_id"))
    if query is None or time.monotonic() - query.at > world.query_seconds:
        raise bad(OLD_QUERY)
    if units(call.text("text")) > ANSWER_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    query.answered, query.answer = True, call.text("text")
    return True
