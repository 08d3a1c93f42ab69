"""What is said of a figure beside its aim."""

import pytest

from bench.aims import AIMS, AT_LEAST, AT_MOST, BELOW, Aim, table


def aim(sign: str, value: float) -> Aim:
    return Aim("名字", "name", "part", sign, value, lambda found: float(found["figure"]))


@pytest.mark.parametrize(
    ("sign", "value", "reached"),
    [(AT_LEAST, 1.0, True), (AT_LEAST, 0.99, False), (AT_MOST, 1.0, True), (AT_MOST, 1.01, False), (BELOW, 1.0, False)],
)
def test_a_figure_on_the_line(sign: str, value: float, reached: bool) -> None:
    assert aim(sign, 1.0).reached(value) is reached


def test_what_failed_or_was_not_measured_has_no_figure() -> None:
    one = aim(AT_LEAST, 1.0)
    assert one.found({}) is None
    assert one.found({"part": {"failed": "RuntimeError"}}) is None
    assert one.found({"part": {"figure": 2}}) == 2


def test_a_part_that_failed_is_a_line_and_one_that_did_not_run_is_none() -> None:
    assert table({"timers": {"failed": "RuntimeError"}}).row_count == sum(one.part == "timers" for one in AIMS)
