"""What the command line prints for people: short, and with what to do next."""

from collections.abc import Sequence

from rich.console import Console

from bot.demo.people import Entrance, settle
from bot.roles import ALL
from bot.wiring import Huixiang
from domain.roles import Role

NAMES = {
    Role.CUSTOMER: "客户", Role.CLEANER: "保洁师", Role.SUPERVISOR: "主管", Role.MANAGER: "经理", Role.OWNER: "老板",
}  # fmt: skip


async def greet(house: Huixiang) -> None:
    """It can be used now: where, and in a demo by whom."""
    if house.settings.demo and house.roles == ALL:
        show_ready(house, *await settle(house.core))
    else:
        show_ready(house)


def show_ready(house: Huixiang, entrances: Sequence[Entrance] = (), password: str = "") -> None:
    """The addresses to open; in a demo one for each role."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{house.core.company.name}[/bold] 已启动：{house.public_url}")
    if not entrances:
        console.print(f"  聊天  {house.public_url}/chat")
        console.print(f"  工作台  {house.public_url}/desk")
        return
    console.print(f"演示首页（可以拨快时间）：[cyan]{house.public_url}/[/cyan]")
    console.print("每个角色在自己的标签页里打开：")
    for entrance in entrances:
        role = entrance.person.role
        url = f"{house.public_url}/chat?as={role}&c={entrance.code}"
        console.print(f"  {NAMES[role]} {entrance.person.name}  [cyan]{url}[/cyan]")
    names = " 或 ".join(entrance.person.username for entrance in entrances if entrance.person.username)
    console.print(f"  工作台  [cyan]{house.public_url}/desk[/cyan]  用户名 {names}，本次密码 {password}")
    console.print(f"按 Ctrl-C 结束；数据留在 {house.settings.data_dir}/，下次接着用。", style="dim")
