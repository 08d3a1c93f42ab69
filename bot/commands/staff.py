"""`huixiang staff`: who works here, how they join and leave, and who may enter the desk; as on the desk's own page."""

import secrets
import sys
from typing import Annotated, Any

import segno
import typer
from rich.console import Console

from bot import errand
from bot.settings import load_settings
from domain.clock import SystemClock
from domain.errors import Invalid
from domain.events import Incoming, StaffActed
from domain.roles import Role
from handlers.people.passwords import hash_password, new_password
from insight import crew

ROLES = {
    "cleaner": Role.CLEANER, "保洁师": Role.CLEANER, "supervisor": Role.SUPERVISOR, "主管": Role.SUPERVISOR,
    "manager": Role.MANAGER, "经理": Role.MANAGER, "owner": Role.OWNER, "老板": Role.OWNER,
}  # fmt: skip
ROLE_NAMES = {role: name for name, role in ROLES.items() if not name.isascii()}
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help="cleaner、supervisor、manager 或 owner。")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="这位同事的名字，例如 李秀兰。")]
Branch = Annotated[str, typer.Option(help="门店编号，只看自己门店的同事要填。")]
Username = Annotated[str, typer.Option(help="登录名，不写就用姓名。")]
NewRole = Annotated[str, typer.Option(help="没有这个人时按这个角色新建：supervisor、manager 或 owner。")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问。")]
Hours = Annotated[int, typer.Option(help="多少小时内有效。", min=1, max=720)]


def invite(role: RoleName, name: Name, branch: Branch = "", hours: Hours = 48) -> None:
    """邀请一位同事：打印一次性的链接和二维码。"""
    if role not in ROLES:
        raise Invalid(f"不认识角色 {role}，应该是 cleaner、supervisor、manager 或 owner。")
    args = {"role": ROLES[role].value, "name": name, "branch": branch or None, "hours": hours}
    _show(_act("invite_staff", args), name, hours)


def _show(answer: dict[str, Any], name: str, hours: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"请 {name} 在 {hours} 小时内打开其中一个链接，只能用一次：", markup=False)
    links: dict[str, str] = answer["links"]
    for channel, link in links.items():
        console.print(f"  {channel}  {link}", markup=False)
    if links:
        first = links.get("telegram") or next(iter(links.values()))
        segno.make(first, error="m").terminal(compact=True)


def list_() -> None:
    """列出同事：角色、门店、能不能收到消息、工作台账号、手上有什么。"""
    now = SystemClock().now()
    colleagues = errand.look(load_settings(), lambda tx: crew.listed(tx, now))
    console = Console(highlight=False, soft_wrap=True)
    for role, found in colleagues.items():
        for one in found:
            console.print(_line(ROLE_NAMES[role], one), markup=False)
    if not colleagues:
        console.print("还没有同事。用 huixiang staff invite 邀请第一位。", markup=False)


def _line(role: str, one: crew.Colleague) -> str:
    reached = "、".join(one.channels) or "收不到消息"
    login = f"工作台账号 {one.login}" if one.login else "没有工作台账号"
    held = f"案件 {one.cases}、请求 {one.requests}、上门 {one.visits}"
    return "  ".join((role, one.person.name or "—", one.branch or "所有门店", reached, login, held))


def dismiss(name: Name, yes: Yes = False) -> None:
    """办理离职：手上的案件、请求转给当班的同事，之后的上门请主管另派。"""
    if not yes and not typer.confirm(f"确定为 {name} 办理离职吗？"):
        sys.stderr.write("什么都没有改。\n")
        raise typer.Exit(1)
    answer = _act("dismiss_staff", {"name": name})
    if answer["dismissed"]:
        did = "{name} 的离职办好了：转出 {cases} 个案件、{requests} 个请求，{visits} 次上门等主管另派。"
    else:
        did = "{name} 之前已经离职，不用再办。"
    Console(highlight=False, soft_wrap=True).print(did.format(**answer), markup=False)


def _act(action: str, args: dict[str, Any]) -> dict[str, Any]:
    """As the company itself, which stands above everybody."""
    event = StaffActed(action, None, args)
    return errand.run_one(load_settings(), Incoming("cli", secrets.token_hex(16), "staff", event))


def login(name: Name, username: Username = "", role: NewRole = "") -> None:
    """给主管、经理或老板开工作台账号；已有账号就换一个新密码。"""
    password = new_password()
    args = {"name": name, "username": username, "role": role, "password_hash": hash_password(password)}
    answer = _act("give_login", args)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{answer['name']} 的工作台账号：{answer['username']}", markup=False)
    console.print(f"密码（只显示这一次）：{password}", markup=False)


COMMAND = {"list": list_, "invite": invite, "login": login, "dismiss": dismiss}
