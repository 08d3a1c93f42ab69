"""The same control over HTTP, so that another process can play the people: POST /control/<action> with JSON.

`user` is an id (with `name` at first sight), `group` an id when the person speaks in a group; bytes are base64.
"""

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.botapi.errors import ApiError
from tests.botapi.load import Load
from tests.botapi.updates import Json
from tests.botapi.users import Received, User

if TYPE_CHECKING:
    from tests.botapi.api import BotApi

DEED_ARGS = {
    "say": ("text",), "start": ("payload",), "reply": ("message", "text"), "tap": ("message", "button", "data"),
    "edit": ("message", "text"), "send_photo": ("data", "caption"), "send_voice": ("data",),
    "send_album": ("pictures", "caption"), "send_document": ("data", "name", "mime", "caption"), "sticker": ("emoji",),
    "location": (), "contact": ("phone",), "block": (), "unblock": (),
}  # fmt: skip


class Control:
    def __init__(self, api: "BotApi") -> None:
        self._api = api
        self._users: dict[tuple[int, int], User] = {}
        self._actions: dict[str, Callable[[Json], Any]] = {
            "group": self._group, "raw_update": self._raw, "fault": self._fault, "slow": self._slow,
            "limit": self._limit, "calls": self._calls, "stats": self._stats, "inbox": self._inbox,
        }  # fmt: skip

    async def act(self, action: str, args: Json) -> Any:
        """Do one thing; raises `KeyError` for what it does not know (the caller sees status 500)."""
        if action == "expect":
            message = await self._user(args).expect(args.get("containing", ""), args.get("timeout", 5.0))
            return _seen(message)
        if action == "load":
            return await Load(self._api.world).run(**args)
        if action in DEED_ARGS:
            return self._deed(action, args)
        return self._actions[action](args)

    def _user(self, args: Json) -> User:
        key = (int(args["user"]), int(args.get("group", 0)))
        if key not in self._users:
            user = self._api.user(key[0], args.get("name", f"user {key[0]}"))
            self._users[key] = user.within(self._api.group(key[1])) if key[1] else user
        return self._users[key]

    def _deed(self, action: str, args: Json) -> Any:
        given = {name: args[name] for name in DEED_ARGS[action] if name in args}
        if "data" in given and action != "tap":
            given["data"] = base64.b64decode(given["data"])
        if "pictures" in given:
            given["pictures"] = [base64.b64decode(one) for one in given["pictures"]]
        if action == "edit":
            given["message"] = {"message_id": int(given["message"])}
        return getattr(self._user(args), action)(**given)

    def _group(self, args: Json) -> int:
        return self._api.group(int(args["id"]), args.get("title", "主管群"), bool(args.get("supergroup"))).chat.id

    def _raw(self, args: Json) -> int:
        return self._api.raw_update(args["update"])

    def _fault(self, args: Json) -> None:
        error = ApiError(
            args.get("code", 500), args.get("description", "Internal Server Error"),
            args.get("parameters"), args.get("cut", ""),
        )  # fmt: skip
        self._api.fault(args["method"], error, args.get("times", 1), args.get("after", 0))

    def _slow(self, args: Json) -> None:
        self._api.slow(float(args["seconds"]))

    def _limit(self, args: Json) -> None:
        self._api.limit(bool(args.get("on", True)))

    def _calls(self, args: Json) -> list[Json]:
        return [
            {"method": call.method, "params": call.params, "files": sorted(call.files), "at": call.at}
            for call in self._api.calls
            if call.method == args.get("method", call.method).lower()
        ]

    def _stats(self, args: Json) -> Json:
        world = self._api.world
        return {"calls": len(world.calls), "pending": len(world.updates.pending), "polled": world.updates.polled}

    def _inbox(self, args: Json) -> list[Json]:
        return [_seen(message) for message in self._user(args).inbox]


def _seen(message: Received) -> Json:
    return {"id": message.id, "text": message.text, "labels": message.labels, "raw": message.raw}
