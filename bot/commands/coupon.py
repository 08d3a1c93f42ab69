"""`huixiang coupon redeem`: take a coupon off an order's price, at the counter or on the phone."""

import secrets
from typing import Annotated

import typer
from rich.console import Console

from bot import errand
from bot.settings import load_settings
from domain.events import Incoming, StaffActed
from handlers.texts import write_yuan

Code = Annotated[str, typer.Argument(metavar="CODE", help="客户出示的券码。")]
Order = Annotated[str, typer.Option("--order", help="抵扣哪一单，公司的订单号。", show_default=False)]


def redeem(code: Code, order: Order) -> None:
    """核销一张优惠券。同一张券只能用一次，不管有几个人同时操作。"""
    event = StaffActed("redeem_coupon", None, {"code": code, "order": order})
    answer = errand.run_one(load_settings(), Incoming("cli", secrets.token_hex(16), f"coupon:{code[:64]}", event))
    paid = f"，这一单还应收 {write_yuan(int(str(answer['to_pay_fen'])))}" if "to_pay_fen" in answer else ""
    Console(highlight=False).print(f"核销成功：订单 {order} 抵扣 {write_yuan(int(str(answer['amount_fen'])))}{paid}。")


COMMAND = {"redeem": redeem}
