"""`huixiang staff`: `invite` prints a link that makes a chat a member of staff's; `login` opens the desk to a lead."""

import secrets
from typing import Annotated, Any

import segno
import typer
from rich.console import Console

from bot import errand
from bot.settings import load_settings
from domain.errors import Invalid
from domain.events import Incoming, StaffActed
from domain.roles import Role
from handlers.people.passwords import hash_password

ROLES = {
    "cleaner": Role.CLEANER, "保洁师": Role.CLEANER, "supervisor": Role.SUPERVISOR, "主管": Role.SUPERVISOR,
    "manager": Role.MANAGER, "经理": Role.MANAGER, "owner": Role.OWNER, "老板": Role.OWNER,
}  # fmt: skip
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help="cleaner、supervisor、manager 或 owner。")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="这位同事的名字，例如 李秀兰。")]
Branch = Annotated[str, typer.Option(help="门店编号，只看自己门店的同事要填。")]
Username = Annotated[str, typer.Option(help="登录名，不写就用姓名。")]
NewRole = Annotated[str, typer.Option(help="没有这个人时按这个角色新建：supervisor、manager 或 owner。")]
PASSWORD_BYTES = 9
Hours = Annotated[int, typer.Option(help="多少小时内有效。", min=1, max=720)]


def invite(role: RoleName, name: Name, branch: Branch = "", hours: Hours = 48) -> None:
    """邀请一位同事：打印一次性的链接和二维码。"""
    if role not in ROLES:
        raise Invalid(f"不认识角色 {role}，应该是 cleaner、supervisor、manager 或 owner。")
    args = {"role": ROLES[role].value, "name": name, "branch": branch or None, "hours": hours}
    event = StaffActed("invite_staff", None, args)
    answer = errand.run_one(load_settings(), Incoming("cli", secrets.token_hex(16), "staff", event))
    _show(answer, name, hours)


def _show(answer: dict[str, Any], name: str, hours: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"请 {name} 在 {hours} 小时内打开其中一个链接，只能用一次：", markup=False)
    links: dict[str, str] = answer["links"]
    for channel, link in links.items():
        console.print(f"  {channel}  {link}", markup=False)
    if links:
        first = links.get("telegram") or next(iter(links.values()))
        segno.make(first, error="m").terminal(compact=True)


def login(name: Name, username: Username = "", role: NewRole = "") -> None:
    """给主管、经理或老板开工作台账号；已有账号就换一个新密码。"""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    args = {"name": name, "username": username, "role": role, "password_hash": hash_password(password)}
    event = StaffActed("give_login", None, args)
    answer = errand.run_one(load_settings(), Incoming("cli", secrets.token_hex(16), "staff", event))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{answer['name']} 的工作台账号：{answer['username']}", markup=False)
    console.print(f"密码（只显示这一次）：{password}", markup=False)


COMMAND = {"invite": invite, "login": login}
