"""Orders in a table: each row is right, or it is told what to do about it."""

from zoneinfo import ZoneInfo

import pytest

from bot.orders_file import Row, check_orders
from bot.table_file import Line, Table
from domain.errors import Invalid
from domain.orders import OrderIn

ZONE = ZoneInfo("Asia/Shanghai")
GOOD = {"订单号": "A1", "客户": "王女士", "电话": "138 0000 0001", "服务": "日常保洁", "上门时间": "2026-11-25 14:00"}


def check(*rows: dict[str, str]) -> list[Row]:
    headings = tuple(dict.fromkeys(name for row in rows for name in row))
    return check_orders(Table(headings, tuple(Line(number, row) for number, row in enumerate(rows, start=2))), ZONE)


def one(**cells: str) -> Row:
    (row,) = check({**GOOD, **cells})
    return row


def test_a_good_row_becomes_an_order() -> None:
    row = one(价格="¥239.50", 面积="90平米", 状态="已完成", 备注="有猫")
    assert row.wrong == []
    order = OrderIn.model_validate(row.order)
    assert (order.number, order.price_fen, order.area_m2) == ("A1", 23_950, 90)
    assert (order.event, order.needs) == ("finished", "有猫")
    assert order.customer is not None
    assert (order.customer.name, order.customer.phone) == ("王女士", "13800000001")
    assert order.starts_at is not None
    assert order.starts_at.isoformat() == "2026-11-25T14:00:00+08:00"


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-25 14:00", "2026/11/25 14:00:00", "2026年11月25日 14:00", "2026.11.25 14:00", "2026-11-25T14:00",
        "2026年11月25日14点", "2026-11-25T14:00:00+08:00", "2026-11-25T14:00:00.000+08:00",
    ],
)  # fmt: skip
def test_every_usual_way_to_write_a_moment(written: str) -> None:
    row = one(上门时间=written)
    assert row.wrong == []
    assert row.order["starts_at"] == "2026-11-25T14:00:00+08:00"


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("上门时间", "2026-02-30 14:00", "不是真实存在"),
        ("上门时间", "2026-11-25 25:00", "不是真实存在"),
        ("上门时间", "明天下午", "看不懂"),
        ("上门时间", "2026-11-25", "看不懂"),
        ("上门时间", "46351.58", "Excel 的内部数字"),
        ("上门时间", "", "是空的"),
        ("电话", "1.38E+10", "科学计数法"),
        ("电话", "abc", "不像电话"),
        ("价格", "很多", "不像金额"),
        ("价格", "-5", "0 到 1000000"),
        ("价格", "1.234", "两位小数"),
        ("价格", "NaN", "0 到 1000000"),
        ("面积", "大", "平米"),
        ("状态", "随便", "已预约"),
        ("订单号", "x" * 65, "太长"),
        ("备注", '=HYPERLINK("http://evil.example","点我")', "公式"),
        ("备注", "@SUM(1+1)", "公式"),
        ("订单号", "=1+1", "公式"),
        ("客户", "+cmd|' /C calc'!A0", "公式"),
        ("备注", "-2+3+cmd|' /C calc'!A0", "公式"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told(heading: str, cell: str, expected: str) -> None:
    (sentence,) = one(**{heading: cell}).wrong
    assert expected in sentence
    assert f"“{heading}”" in sentence


def test_a_number_that_excel_keeps_as_text_is_no_formula() -> None:
    row = one(订单号='="00123"', 电话="'13800000001")
    assert row.wrong == []
    assert row.order["number"] == "00123"


def test_a_phone_with_country_code_and_a_dash_in_a_note_are_no_formulas() -> None:
    row = one(电话="+8613800000001", 备注="- 门口有狗")
    assert row.wrong == []
    assert row.order["customer"]["phone"] == "13800000001"


def test_all_that_is_wrong_in_a_row_is_told_at_once() -> None:
    assert len(one(电话="x", 上门时间="y", 价格="z").wrong) == 3


def test_the_same_number_twice_names_the_other_line() -> None:
    first, second = check(GOOD, {**GOOD, "客户": "别人"})
    assert first.wrong == []
    assert "第 2 行重复" in second.wrong[0]


def test_an_end_before_the_start_is_told() -> None:
    assert "结束时间" in one(结束时间="2026-11-25 13:00").wrong[0]


def test_missing_columns_are_named_with_those_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        check({"订单号": "A1", "客户": "王女士"})
    assert all(name in caught.value.message for name in ("“客户电话”", "“服务”", "“开始时间”", "客户"))


def test_english_headings_will_do() -> None:
    row = {"Number": "A1", "phone": "13800000001", "service": "日常保洁", "start": "2026-11-25 14:00"}
    assert check(row)[0].wrong == []


def test_a_comma_too_many_is_told() -> None:
    (row,) = check_orders(Table(tuple(GOOD), (Line(2, GOOD, surplus=True),)), ZONE)
    assert "逗号" in row.wrong[0]
