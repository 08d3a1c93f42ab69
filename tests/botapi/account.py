"""The methods about the bot itself: who it is, its updates, its webhook, its files and commands."""

import re
from urllib.parse import urlsplit

from tests.botapi.call import Call
from tests.botapi.errors import bad, conflict
from tests.botapi.sending import target
from tests.botapi.updates import WEBHOOK_ACTIVE, WEBHOOK_SET, Json
from tests.botapi.world import World

DOWNLOAD_BYTES = 20 * 1024 * 1024
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def get_me(world: World, call: Call) -> Json:
    return world.bot


async def get_updates(world: World, call: Call) -> list[Json]:
    if world.webhook["url"]:
        raise conflict(WEBHOOK_ACTIVE)
    return await world.updates.poll(call.number("offset"), call.number("limit", 100), min(call.number("timeout"), 50))


def set_webhook(world: World, call: Call) -> bool:
    url, secret = call.text("url").strip(), call.text("secret_token")
    if not url:
        return delete_webhook(world, call)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _drop(world, call)
    world.updates.interrupt(WEBHOOK_SET)
    world.webhook = {
        "url": url, "has_custom_certificate": False, "max_connections": call.number("max_connections", 40),
    }  # fmt: skip
    world.webhook_secret = secret
    world.updates.arrived.set()
    return True


def delete_webhook(world: World, call: Call) -> bool:
    _drop(world, call)
    world.webhook = {"url": "", "has_custom_certificate": False}
    world.webhook_secret = ""
    return True


def _drop(world: World, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        world.updates.pending.clear()


def get_webhook_info(world: World, call: Call) -> Json:
    return {**world.webhook, "pending_update_count": len(world.updates.pending)}


def get_file(world: World, call: Call) -> Json:
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id" if call.text("file_id") else "file_id not specified")
    if len(file.data) > DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {**file.shown(), "file_path": file.path}


def get_chat(world: World, call: Call) -> Json:
    return target(world, call).shown()


def set_my_commands(world: World, call: Call) -> bool:
    commands = call.json("commands", "can't parse commands JSON object")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad("expected an Array of BotCommand")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands = commands
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.commands


def delete_my_commands(world: World, call: Call) -> bool:
    world.commands = []
    return True
