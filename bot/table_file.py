"""Reads a table that somebody saved from Excel or WPS: whatever its encoding, whatever separates its cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
SEPARATORS = (",", "\t", ";", "，")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file as an editor shows it, and its cells by the file's own headings."""

    number: int
    cells: dict[str, str]
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(file: Path) -> Table:
    """Raises `Invalid` with a sentence for a file that is no table."""
    text = decode(_bytes(file))
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        raise Invalid(f"{file.name} 是空的，没有可以导入的内容。")
    headings = tuple(cell.strip() for cell in first[1])
    twice = [name for name in headings if name and headings.count(name) > 1]
    if twice:
        raise Invalid(f"{file.name} 的表头里“{twice[0]}”出现了两次，请改掉其中一个。")
    lines = tuple(_line(number, headings, cells) for number, cells in rows)
    if len(lines) > MOST_ROWS:
        raise Invalid(f"{file.name} 有 {len(lines)} 行，一次最多导入 {MOST_ROWS} 行，请分成几个文件。")
    return Table(headings, lines)


def decode(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with one, else GB18030, which contains GBK and GB2312."""
    if b"\x00" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid("这不是文本表格，可能是 Excel 文件本身。请在 Excel 或 WPS 里另存为“CSV”再导入。")
    encodings = ("utf-16",) if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("认不出这个文件的编码。请在 Excel 或 WPS 里另存为“CSV UTF-8”再导入。")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Invalid(f"{file.name} 超过 20 MB，请分成几个文件。")
        content = file.read_bytes()
    except OSError as error:
        raise Invalid(f"打不开 {file}（{error.strerror}）。") from None
    if content.startswith(b"PK\x03\x04"):
        raise Invalid(f"{file.name} 是 Excel 文件本身。请在 Excel 或 WPS 里另存为“CSV UTF-8”再导入。")
    return content


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is not blank."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise Invalid(f"第 {reader.line_num} 行的引号不成对，读不下去了（{error}）。请检查这一行。") from None


def _line(number: int, headings: tuple[str, ...], cells: list[str]) -> Line:
    surplus = any(cell.strip() for cell in cells[len(headings) :])
    padded = [*cells, *[""] * (len(headings) - len(cells))]
    named = {name: cell.strip() for name, cell in zip(headings, padded, strict=False) if name}
    return Line(number, named, surplus)
