"""Plain python-telegram-bot: polls, echoes each text, keeps nothing. Settings: TOKEN, BASE."""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        await update.message.reply_text(update.message.text or "?")


def main() -> None:
    builder = Application.builder().token(os.environ["TOKEN"]).base_url(f"{os.environ['BASE']}/bot")
    application = builder.concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(poll_interval=0.0)


if __name__ == "__main__":
    main()
