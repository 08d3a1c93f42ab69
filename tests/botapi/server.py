"""The HTTP face of the emulator: /bot<token>/<method>, /file/bot<token>/<path>, /control/<action>."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.botapi import account, editing, sending
from tests.botapi.call import Call, read_call
from tests.botapi.errors import ApiError, unauthorized
from tests.botapi.world import World

Method = Callable[[World, Call], Any]
Control = Callable[[str, dict[str, Any]], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getme": account.get_me,
    "getupdates": account.get_updates,
    "setwebhook": account.set_webhook,
    "deletewebhook": account.delete_webhook,
    "getwebhookinfo": account.get_webhook_info,
    "getfile": account.get_file,
    "getchat": account.get_chat,
    "setmycommands": account.set_my_commands,
    "getmycommands": account.get_my_commands,
    "deletemycommands": account.delete_my_commands,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "sendvoice": sending.send_voice,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "answercallbackquery": editing.answer_callback_query,
}


class Server:
    def __init__(self, world: World, control: Control) -> None:
        self._world = world
        self._control = control

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            return await self._call(request, token, method)
        if path.startswith("/file/bot"):
            token, _, name = path[9:].partition("/")
            return self._download(token, name)
        if path.startswith("/control/"):
            body = await request.read()
            return _json({"ok": True, "result": await self._control(path[9:], json.loads(body or b"{}"))})
        return _refusal(ApiError(404, "Not Found"))

    async def _call(self, request: web.BaseRequest, token: str, name: str) -> web.StreamResponse:
        method = name.lower()
        try:
            if token != self._world.token:
                raise unauthorized() if ":" in token else ApiError(404, "Not Found")
            if method not in METHODS:
                raise ApiError(404, "Not Found: method not found")
            return _json({"ok": True, "result": await self._answer(await read_call(request, method))})
        except ApiError as error:
            if error.cut:
                _hang_up(request)
            return _refusal(error)
        finally:
            self._world.changed()

    async def _answer(self, call: Call) -> Any:
        world = self._world
        world.calls.append(call)
        if world.delay:
            await asyncio.sleep(world.delay)
        fault = world.take_fault(call.method)
        if fault is not None and fault.cut != "after":
            raise fault
        result = METHODS[call.method](world, call)
        if asyncio.iscoroutine(result):
            result = await result
        if fault is not None:
            raise fault
        return result

    def _download(self, token: str, name: str) -> web.Response:
        if token != self._world.token:
            return _refusal(unauthorized())
        file = self._world.paths.get(name)
        if file is None or len(file.data) > account.DOWNLOAD_BYTES:
            return _refusal(ApiError(404, "Not Found: wrong file path"))
        return web.Response(body=file.data, content_type="application/octet-stream")


def _hang_up(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.abort()


def _refusal(error: ApiError) -> web.Response:
    return _json(error.body(), error.code or 500)


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(answer).encode(), status=status, content_type="application/json")
