"""What the corpus says of itself is counted, and nothing stands on both sides of the examination."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.labels import Intent
from nlp.learning.examples import Example, held_files, read_examples, training_files
from nlp.learning.likeness import doubles, overlaps
from nlp.learning.page import fill, filled
from nlp.learning.variety import README, counted, nearest, variety
from tests.nlp.learning.messages import other


def said(*texts: str) -> list[Example]:
    return [other(text, Intent.CHITCHAT) for text in texts]


def test_templates_show() -> None:
    templates = [
        f"您好我家{room}没有擦干净请尽快处理" for room in ("厨房", "客厅", "阳台", "浴室", "书房", "卧室", "车库")
    ]
    free = ["灶台一层油", "窗槽黑的", "地上全是脚印", "马桶圈没刷", "镜子花了", "柜子没抹", "纱窗拆了没装"]
    assert variety(templates).said > 0.5 > variety(free).said == 0
    assert variety(templates).median > 0.5 > variety(free).high


def test_nobody_is_their_own_neighbour() -> None:
    assert nearest(["厨房没擦干净"], ["厨房没擦干净", "退款什么时候到"]) == [0]
    assert nearest(["厨房没擦干净"], ["厨房没擦干净", "厨房没擦干净。"])[0] == pytest.approx(5 / 8)


def test_a_double_is_found_through_its_punctuation() -> None:
    found = doubles(said("厨房没擦干净！！", "???"), said("厨房，没擦干净", "。。。"))
    assert [(held.text, learnt.text) for held, learnt in found] == [("厨房没擦干净！！", "厨房，没擦干净")]


def test_the_longest_shared_words_are_told() -> None:
    found = overlaps(said("我说阿姨把马桶刷干净了吗"), said("听说阿姨把马桶刷了", "阿姨把马桶刷干净了真好"), least=6)
    assert [words for _, _, words in found] == ["阿姨把马桶刷干净了"]
    assert overlaps(said("阿姨把马桶"), said("阿姨把马桶"), least=6) == []


def test_the_examination_has_no_message_of_the_lessons() -> None:
    held, learnt = read_examples(held_files()), read_examples(training_files())
    assert [(one.id, other.id) for one, other in doubles(list(held), list(learnt))] == []


@pytest.mark.parametrize("files", [training_files(), held_files()], ids=["learnt", "held"])
def test_the_counts_in_the_readme_are_those_of_the_files(files: list[Path]) -> None:
    assert counted(list(read_examples(files))) in filled(README, "counted"), "run python -m nlp.learning.variety"


def test_every_message_has_its_own_name() -> None:
    names = [one.id for one in read_examples([*training_files(), *held_files()])]
    assert len(names) == len(set(names))


def test_counts_name_senders_and_matrices() -> None:
    one, two = said("你好", "在吗")
    assert "2 条，其中 1 条有事件矩阵" in counted([replace(one, sender="cleaner"), replace(two, matrix={"place": []})])


def test_a_page_is_filled_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a -->old<!-- /a -->\nafter", "utf-8")
    fill(page, "a", "one")
    fill(page, "a", "two")
    assert page.read_text("utf-8") == "before\n<!-- a -->\ntwo\n<!-- /a -->\nafter"
    with pytest.raises(ValueError, match="marked b"):
        fill(page, "b", "")
