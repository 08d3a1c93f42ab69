"""The webhook as Telegram keeps it: set, and looked at now and then, for anybody with the token can change it.

A process that polls with old settings takes it away, and then nothing comes in and nothing fails.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from bot.channels.telegram_client import Call, Client
from bot.channels.telegram_parse import KINDS

log = structlog.get_logger(__name__)

HOOK_PATH = "/hooks/telegram"
"""Where the web server takes what Telegram posts, below the public address."""
ELSEWHERE = (
    "another address is set as this bot's webhook; stop what set it, or give it a bot of its own, then start this again"
)


class Hook:
    """Telegram posts to `url`, with `secret`. Raises what `Client.ask` raises."""

    def __init__(self, client: Client, url: str, secret: str) -> None:
        self._client = client
        self._url = url
        self._secret = secret
        self._failed_at: object = None

    async def set(self) -> None:
        """What waits at Telegram stays there, and comes."""
        here = {"url": self._url, "secret_token": self._secret}
        await self._client.ask(Call("setWebhook", {**here, "allowed_updates": KINDS, "drop_pending_updates": False}))
        self._failed_at = (await self._info()).get("last_error_date")

    async def look(self) -> str:
        """What is wrong, empty when all is well. One that is gone is set again.

        Another's is left alone: two that both insist would take it from each other for ever.
        """
        info = await self._info()
        if not info.get("url"):
            log.warning("telegram: the webhook was taken away, most likely by a process that polls; it is set again")
            await self.set()
            return ""
        if info["url"] != self._url:
            return ELSEWHERE
        return self._refused(info)

    def _refused(self, info: Mapping[str, Any]) -> str:
        """Only what waits and failed since nothing waited: Telegram remembers its last failure for long."""
        failed_at = info.get("last_error_date")
        if not info.get("pending_update_count"):
            self._failed_at = failed_at
        if failed_at == self._failed_at:
            return ""
        return f"Telegram cannot post to the webhook ({info.get('last_error_message', '')})"

    async def _info(self) -> Mapping[str, Any]:
        found = await self._client.ask(Call("getWebhookInfo"))
        return found if isinstance(found, Mapping) else {}
