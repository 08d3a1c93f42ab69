"""Any service that speaks OpenAI's protocol, through `openai`. Imported only when one is configured: it takes seconds.

Every call is made once and read up to a limit; how it failed is an answer, and the pauses are the caller's.
"""

import json
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI

from domain.models import Ask, Never, NotNow, Outcome, Sound, Told

MOST_BYTES = 256 * 1024
MOST_SECONDS = 60.0
LONGEST_WAIT = 3600.0
NEVER = frozenset({400, 409, 413, 415, 422})
"""The request itself is wrong; all else may be put right, by time or by whoever runs it."""
NAMES = {"audio/webm": "voice.webm", "audio/mp4": "voice.mp4", "audio/ogg": "voice.ogg"}
VOCABULARY = "家政保洁客服：保洁阿姨、油烟机、玻璃胶、除螨、返工、退款、月嫂、擦窗、沙发、煤气。"
"""Words that are likely: speech models spell them rightly then."""


class OpenAIModels:
    """A `Thinker` and a `Listener`. `base_url` is empty for OpenAI's own."""

    def __init__(self, key: str, base_url: str = "", thinks: str = "", hears: str = "") -> None:
        self._client = AsyncOpenAI(api_key=key, base_url=base_url or None, max_retries=0, timeout=MOST_SECONDS)
        self._thinks = thinks
        self._hears = hears
        self._plainness = 0

    async def close(self) -> None:
        await self._client.close()

    async def think(self, ask: Ask) -> Outcome:
        """The words of the first choice. What a service refuses is asked for more plainly from the next try on."""
        forms = (self._exact, self._strict, self._in_words)
        outcome = await self._call(self._client.chat.completions, **forms[self._plainness](ask))
        if outcome == Never("HTTP 400") and self._plainness < len(forms) - 1:
            self._plainness += 1
            return NotNow("form refused")
        return _dug(outcome, "choices", 0, "message", "content")

    async def listen(self, sound: Sound) -> Outcome:
        """What was said."""
        file = (NAMES.get(sound.mime, "voice.ogg"), sound.content, sound.mime)
        chosen = {"language": sound.language} if sound.language else {}
        outcome = await self._call(
            self._client.audio.transcriptions, model=self._hears, file=file, prompt=VOCABULARY, response_format="json",
            **chosen,
        )  # fmt: skip
        return _dug(outcome, "text")

    def _exact(self, ask: Ask) -> dict[str, Any]:
        return {**self._strict(ask), "temperature": 0}

    def _strict(self, ask: Ask) -> dict[str, Any]:
        """Models that think before they answer take no temperature."""
        wanted = {"type": "json_schema", "json_schema": {"name": "reading", "strict": True, "schema": ask.schema}}
        return self._question(ask.rules, ask.data, wanted)

    def _in_words(self, ask: Ask) -> dict[str, Any]:
        """Many compatible services know no schema."""
        rules = f"{ask.rules}\n\nThe form, as a JSON schema:\n{json.dumps(ask.schema)}"
        return self._question(rules, ask.data, {"type": "json_object"})

    def _question(self, rules: str, data: str, wanted: dict[str, Any]) -> dict[str, Any]:
        messages = [{"role": "system", "content": rules}, {"role": "user", "content": data}]
        return {"model": self._thinks, "messages": messages, "response_format": wanted}

    async def _call(self, endpoint: Any, **request: Any) -> Outcome:
        try:
            async with endpoint.with_streaming_response.create(**request) as reply:
                return Told(await _read(reply))
        except openai.APIStatusError as error:
            return _refused(error)
        except openai.APITimeoutError:
            return NotNow("timeout")
        except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError) as error:
            return NotNow(type(error).__name__)


async def _read(reply: Any) -> str:
    """The body, not more than fits; raises `ValueError` for more."""
    body = bytearray()
    async for chunk in reply.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise ValueError("an endless answer")
    return body.decode("utf-8", "replace")


def _refused(error: openai.APIStatusError) -> Outcome:
    """Never what it said: that may hold what somebody wrote."""
    reason = f"HTTP {error.status_code}"
    if error.status_code in NEVER:
        return Never(reason)
    return NotNow(reason, _seconds(error.response.headers.get("retry-after", "")))


def _seconds(header: str) -> float:
    """How long to wait, 0 when it does not say so in seconds."""
    try:
        return min(max(0.0, float(header)), LONGEST_WAIT)
    except ValueError:
        return 0.0


def _dug(outcome: Outcome, *way: str | int) -> Outcome:
    """The text at the end of the way into the answer."""
    if not isinstance(outcome, Told):
        return outcome
    try:
        found: Any = json.loads(outcome.text)
        for step in way:
            found = found[step]
    except (ValueError, RecursionError, LookupError, TypeError):
        return NotNow("broken answer")
    return Told(found) if isinstance(found, str) else NotNow("broken answer")
