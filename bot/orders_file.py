"""Orders in a table, as a company exports them, checked row by row. Nothing is written here."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from bot.table_file import Line, Table
from domain.errors import Invalid
from domain.orders import OrderEvent, plain_phone

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("订单号", "订单编号", "单号", "编号", "number", "order"),
    "phone": ("客户电话", "电话", "手机", "手机号", "联系电话", "客户手机", "phone"),
    "service": ("服务", "服务项目", "项目", "服务类型", "service"),
    "starts_at": ("开始时间", "上门时间", "服务时间", "预约时间", "时间", "starts_at", "start"),
    "name": ("客户", "客户姓名", "姓名", "客户名称", "customer", "name"),
    "ends_at": ("结束时间", "ends_at", "end"),
    "address": ("地址", "服务地址", "上门地址", "address"),
    "region": ("区域", "城区", "片区", "region"),
    "area_m2": ("面积", "面积(平米)", "面积（平米）", "平米", "area_m2", "area"),
    "price": ("价格", "金额", "价格(元)", "价格（元）", "金额(元)", "金额（元）", "price"),
    "cleaner": ("保洁师", "阿姨", "服务人员", "保洁员", "cleaner"),
    "branch": ("门店", "门店编号", "branch"),
    "needs": ("特殊需求", "需求", "备注", "needs", "note"),
    "event": ("状态", "订单状态", "event", "status"),
}
NEEDED = ("number", "phone", "service", "starts_at")
EVENTS: Mapping[str, OrderEvent] = {
    "已预约": OrderEvent.BOOKED, "预约": OrderEvent.BOOKED, "待服务": OrderEvent.BOOKED, "已派单": OrderEvent.ASSIGNED,
    "已改期": OrderEvent.MOVED, "改期": OrderEvent.MOVED, "进行中": OrderEvent.STARTED, "服务中": OrderEvent.STARTED,
    "已完成": OrderEvent.FINISHED, "完成": OrderEvent.FINISHED, "已取消": OrderEvent.CANCELLED,
    "取消": OrderEvent.CANCELLED, **{event.value: event for event in OrderEvent},
}  # fmt: skip
LONGEST = {"number": 64, "service": 100, "needs": 1000}
QUOTED = re.compile(r'="([^"=]*)"')
MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(\d{1,2})[:：时点](\d{1,2})?分?(?:[:：]\d{1,2})?(?:\.\d+)?"
    r"(Z|[+-]\d{2}:\d{2})?"
)


@dataclass(slots=True)
class Row:
    """One order of the file, or what is wrong with it: sentences that say what to do."""

    line: int
    number: str = ""
    order: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def check_orders(table: Table, zone: ZoneInfo) -> list[Row]:
    """Every row, checked. Raises `Invalid` when a column is missing that no row can do without."""
    names = _columns(table.headings)
    rows = [_row(line, names, zone) for line in table.lines]
    _mark_twins(rows)
    return rows


def _columns(headings: Iterable[str]) -> dict[str, str]:
    """Our name of a column → the file's."""
    found: dict[str, str] = {}
    for heading in headings:
        plain = heading.replace(" ", "").casefold()
        ours = next((ours for ours, ways in COLUMNS.items() if plain in ways), None)
        if ours is not None:
            found.setdefault(ours, heading)
    missing = [f"“{COLUMNS[name][0]}”" for name in NEEDED if name not in found]
    if missing:
        there = "、".join(heading for heading in headings if heading) or "空的"
        raise Invalid(f"表头缺少 {'、'.join(missing)} 这几列。现在的表头是：{there}。请补上后再导入。")
    return found


def _row(line: Line, names: Mapping[str, str], zone: ZoneInfo) -> Row:
    row = Row(line.number)
    if line.surplus:
        row.wrong.append("这一行的格子比表头多，可能有文字里带了逗号。请给那一格加上英文双引号。")
    cells = {ours: _plain(row, heading, line.cells.get(heading, "")) for ours, heading in names.items()}
    row.number = cells["number"]
    for name in NEEDED:
        if not cells[name] and not line.cells.get(names[name], "").strip():
            row.wrong.append(f"“{names[name]}”是空的，请填上。")
    values = {name: _value(row, names[name], name, cell, zone) for name, cell in cells.items() if cell}
    row.order = _order(values)
    if values.get("ends_at") and values.get("starts_at") and values["ends_at"] <= values["starts_at"]:
        row.wrong.append("结束时间不在开始时间之后，请改正。")
    return row


def _plain(row: Row, heading: str, cell: str) -> str:
    """The text of a cell. `="00123"` is how Excel keeps a number as text; any other formula is refused."""
    quoted = QUOTED.fullmatch(cell)
    text = (quoted[1] if quoted else cell).strip().lstrip("'")
    formula = text.startswith(("=", "@")) or (text[:1] in "+-" and re.search(r"[(|!=]", text) is not None)
    if text and formula:
        row.wrong.append(f"“{heading}”里是公式，为安全起见不导入。请改成普通文字。")
        return ""
    return "".join(character for character in text if character.isprintable())


def _value(row: Row, heading: str, name: str, cell: str, zone: ZoneInfo) -> Any:
    """The cell as what it means; None when it means nothing, and why is noted."""
    try:
        return _READ[name](cell, zone) if name in _READ else _text(name, cell)
    except ValueError as error:
        row.wrong.append(f"“{heading}”{error}")
        return None


def _text(name: str, cell: str) -> str:
    longest = LONGEST.get(name, 64 if name in ("cleaner", "branch") else 200)
    if len(cell) > longest:
        raise ValueError(f"太长了，最多 {longest} 个字。")
    return cell


def _phone(cell: str, _zone: ZoneInfo) -> str:
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", cell):
        raise ValueError("被 Excel 改成了科学计数法。请把这一列设为“文本”，重新填写后再导出。")
    try:
        return plain_phone(re.sub(r"\.0$", "", cell))
    except ValueError:
        raise ValueError("不像电话号码，应该是 5 到 15 位数字。") from None


def _moment(cell: str, zone: ZoneInfo) -> datetime:
    """In the company's zone unless the cell names another."""
    if re.fullmatch(r"\d{5}(\.\d+)?", cell):
        raise ValueError("是 Excel 的内部数字。请把这一列设为日期时间格式，例如 2026-11-25 14:00，再导出。")
    found = MOMENT.fullmatch(cell)
    if found is None:
        raise ValueError("看不懂，应该像 2026-11-25 14:00 这样写，日期和时间都要有。")
    year, month, day, hour, minute = (int(part or 0) for part in found.groups()[:5])
    try:
        local = datetime.combine(date(year, month, day), time(hour, minute))
    except ValueError:
        raise ValueError("不是真实存在的日期或时间，请改正。") from None
    if found[6]:
        return datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M}{found[6]}")
    return local.replace(tzinfo=zone)


def _fen(cell: str, _zone: ZoneInfo) -> int:
    try:
        yuan = Decimal(cell.strip("¥￥元 ").replace(",", ""))
        fen = yuan * 100
    except InvalidOperation:
        raise ValueError("不像金额，应该像 239 或 239.50 这样写，单位是元。") from None
    if not (fen.is_finite() and 0 <= fen <= 100_000_000 and fen == fen.to_integral_value()):
        raise ValueError("不对，应该在 0 到 1000000 元之间，最多两位小数。")
    return int(fen)


def _area(cell: str, _zone: ZoneInfo) -> int:
    digits = re.fullmatch(r"(\d{1,5})(?:\.\d+)?\s*(?:平米|平方米|平|㎡|m2|m²)?", cell)
    if digits is None or int(digits[1]) < 1:
        raise ValueError("不像面积，应该是平米数，例如 90。")
    return int(digits[1])


def _event(cell: str, _zone: ZoneInfo) -> str:
    if cell.casefold() not in EVENTS:
        raise ValueError("不认识这个状态，应该是：已预约、已派单、已改期、服务中、已完成、已取消。")
    return EVENTS[cell.casefold()].value


_READ: Mapping[str, Callable[[str, ZoneInfo], Any]] = {
    "phone": _phone, "starts_at": _moment, "ends_at": _moment, "price": _fen, "area_m2": _area, "event": _event,
}  # fmt: skip


def _order(values: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of `domain.orders.OrderIn`, as JSON."""
    order: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if name not in ("name", "phone", "price") and value is not None
    }
    order["customer"] = {"name": values.get("name") or "", "phone": values.get("phone")}
    if values.get("price") is not None:
        order["price_fen"] = values["price"]
    return order


def _mark_twins(rows: Iterable[Row]) -> None:
    """The same number twice in a file: the company must say which one holds."""
    first: dict[str, Row] = {}
    for row in rows:
        if not row.number:
            continue
        if row.number in first:
            row.wrong.append(f"订单号 {row.number} 和第 {first[row.number].line} 行重复，请删掉一行。")
        first.setdefault(row.number, row)
