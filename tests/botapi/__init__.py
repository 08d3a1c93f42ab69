"""A Telegram that runs in the test: a real HTTP server that answers, limits and refuses as the Bot API does.

It does not imitate entities in answers, payments, inline mode, channels, forum management, polls, reactions,
business accounts, methods called in the answer to a webhook, file content by URL, or the 24 h that updates live.
"""

from tests.botapi.api import BotApi
from tests.botapi.call import Call
from tests.botapi.errors import (
    ApiError,
    bad,
    conflict,
    cut_after,
    cut_before,
    forbidden,
    moved,
    server_error,
    too_many,
    unauthorized,
)
from tests.botapi.users import Group, Received, User

__all__ = [
    "ApiError", "BotApi", "Call", "Group", "Received", "User", "bad", "conflict", "cut_after", "cut_before",
    "forbidden", "moved", "server_error", "too_many", "unauthorized",
]  # fmt: skip
