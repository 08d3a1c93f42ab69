"""A word of courtesy by itself asks for nothing, however little the model saw of it."""

from datetime import UTC, datetime

import pytest

from domain.labels import Intent
from tests.harness import shared_reader

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["再见", "再见！", "在", "在的～", "稍等", "不客气", "算了吧", "再會", "打扰了🙏"])
def test_a_courtesy_alone_is_no_complaint(text: str) -> None:
    reading = shared_reader().understand(text, AT)
    assert (reading.intent, reading.primary, reading.priority, reading.hazard) == (Intent.CHITCHAT, None, None, None)


@pytest.mark.parametrize(
    "text", ["在吗？厨房没擦干净", "稍等稍等，等了两个小时了还没来人", "再见，再也不用你们了，地板都泡坏了"]
)
def test_with_more_beside_it_what_is_beside_it_counts(text: str) -> None:
    assert shared_reader().understand(text, AT).intent is Intent.COMPLAINT
