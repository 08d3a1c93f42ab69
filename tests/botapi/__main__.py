"""The emulator as a process: `python -m tests.botapi --port 8081`; prints its address and token as one JSON line."""

import argparse
import asyncio
import contextlib
import json
import sys

from tests.botapi.api import BotApi
from tests.botapi.world import DEFAULT_TOKEN


async def serve(port: int, token: str, limits: bool) -> None:
    async with BotApi(token, port) as api:
        api.limit(limits)
        sys.stdout.write(json.dumps({"base": api.base, "token": api.token}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--limits", action="store_true", help="answer 429 as Telegram does")
    args = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(args.port, args.token, args.limits))


if __name__ == "__main__":
    main()
