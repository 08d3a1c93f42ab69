"""Tables as Excel and WPS really save them."""

import codecs
from pathlib import Path

import pytest

from bot.table_file import decode, read_table
from domain.errors import Invalid

TEXT = "订单号,客户\r\nA1,王女士\r\nA2,张先生\r\n"


def saved(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gbk"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace("\r\n", "\n").encode(),
    ],
)
def test_every_usual_encoding_and_separator_reads_the_same(tmp_path: Path, content: bytes) -> None:
    table = read_table(saved(tmp_path, content))
    assert table.headings == ("订单号", "客户")
    assert [line.cells["客户"] for line in table.lines] == ["王女士", "张先生"]


def test_line_numbers_are_those_an_editor_shows(tmp_path: Path) -> None:
    content = '订单号,备注\n\nA1,"两行\n的备注"\n\n,\nA2,x\n'.encode()
    assert [line.number for line in read_table(saved(tmp_path, content)).lines] == [3, 7]


def test_a_rare_character_of_gb18030_survives() -> None:
    assert decode("䶮先生".encode("gb18030")) == "䶮先生"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 this is xlsx", "另存为"),
        (b"a\x00b", "另存为"),
        (b"\xff\xff\xff\xff", "编码"),
        ('订单号,备注\nA1,"没有结束\n'.encode(), "引号"),
        ("订单号,客户,订单号\nA1,x,A1\n".encode(), "两次"),
        ("订单号\n".encode() + b"A1\n" * 20_001, "20000"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, expected: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_table(saved(tmp_path, content))
    assert expected in caught.value.message


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.csv"):
        read_table(tmp_path / "nowhere.csv")
