"""What the command line prints for people: short, and with what to do next."""

import sys

from bot.wiring import Huixiang


def show_ready(house: Huixiang) -> None:
    sys.stdout.write(f"{house.core.company.name} 已启动：{house.public_url}/chat\n")
    sys.stdout.flush()
