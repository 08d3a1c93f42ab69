"""Words typed instead of a tap: labels, and the place of a button."""

import pytest

from tests.harness import shared_texts

CHOICES = {"yes": "没问题", "no": "再改改"}


@pytest.mark.parametrize(("text", "choice"), [
    ("没问题", "yes"), ("没问题。", "yes"), ("1", "yes"), ("1.", "yes"), ("（2）", "no"), ("２、", "no"), ("#2", "no"), ("②", "no"),
    ("-1", ""), ("1.5", ""), ("¥1", ""), ("3", ""), ("", ""),
])  # fmt: skip
def test_a_number_alone_names_a_button_and_a_sum_does_not(text: str, choice: str) -> None:
    assert shared_texts().typed("booking.confirm", CHOICES, text, "zh-CN") == choice
