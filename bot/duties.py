"""What there is one of in a cluster, by name: shared out in `bot/cluster.py`, looked for by the doctor."""

from bot.settings import Settings

CHORES = "chores"
"""Files to be fetched, models to be asked, the company's own systems to be told."""


def delivery(channel: str) -> str:
    """Sending on one channel: a slow one is nobody else's matter, and its limits are counted in one place."""
    return f"delivery:{channel}"


def poll(token: str) -> str:
    """By the bot's number, never by its secret: a new token of the same bot is the same duty."""
    return f"poll:{token.partition(':')[0]}"


def lock_of(duty: str) -> str:
    return f"duty:{duty}"


def polls(settings: Settings) -> bool:
    """Whether somebody has to fetch messages from Telegram."""
    return bool(settings.telegram_token.get_secret_value()) and settings.telegram_mode == "polling"
