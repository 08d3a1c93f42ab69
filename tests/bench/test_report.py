"""One part can be measured anew, and the others stay."""

from pathlib import Path

from bench.report import keep, load, medians, ratios, rounded
from bench.sizes import sizes


def test_a_part_replaces_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    for part, figure in (("turns", 1), ("timers", 2), ("turns", 3)):
        keep(file, part, {"figure": figure}, sizes({"rounds": figure}), busy=0.1)
    parts = load(file)["parts"]
    assert {name: one["figure"] for name, one in parts.items()} == {"turns": 3, "timers": 2}
    assert parts["turns"]["sizes"]["rounds"] == 3


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([1.0, 4.0, 9.0], [1.0, 2.0, 3.0]) == {"median": 2.0, "each": [1.0, 2.0, 3.0]}
    assert medians([{"a": 1.0}, {"a": 5.0}, {"a": 2.0}]) == {"a": 2.0}
    assert [rounded(value) for value in (0.12345, 12.345, 12345.6)] == [0.123, 12.3, 12346.0]


def test_full_is_ten_million_unless_said_otherwise() -> None:
    assert sizes({"stored": None}, full=True).stored == 10_000_000
    assert sizes({"stored": 5}, full=True).stored == 5
