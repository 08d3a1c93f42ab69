"""Why a message was read so: the words that decided are marked in what the customer said."""

from domain.understanding import LEARNT
from tests.harness import shared_texts
from web.desk.marking import Piece, by_label, pieces
from web.desk.texts import DeskTexts

TEXT = "厨房没擦干净，态度也差"


def reason(label: str, text: str, start: int = -1) -> dict[str, object]:
    return {"label": label, "rule": "规则", "text": text, "start": start, "end": start + len(text)}


def test_the_words_that_decided_are_marked_with_what_they_speak_for() -> None:
    why = [reason("type.quality", "没擦干净", 2), reason("type.attitude", "态度也差", 7)]
    assert pieces(TEXT, why) == [
        Piece("厨房", ()), Piece("没擦干净", ("type.quality",)), Piece("，", ()), Piece("态度也差", ("type.attitude",)),
    ]  # fmt: skip


def test_words_may_speak_for_two_labels() -> None:
    why = [reason("type.quality", "没擦干净", 2), reason("priority.normal", "擦干净", 3)]
    assert pieces(TEXT, why)[1:3] == [
        Piece("没", ("type.quality",)), Piece("擦干净", ("type.quality", "priority.normal")),
    ]  # fmt: skip


def test_words_without_offsets_are_looked_for_and_what_is_gone_is_not_marked() -> None:
    """Cases from before offsets were kept, and texts that were edited since."""
    old = {"label": "type.quality", "rule": "规则", "text": "没擦干净"}
    gone = reason("type.loss", "手表不见了", 3)
    moved = reason("type.attitude", "态度也差", 0)
    assert [piece.text for piece in pieces(TEXT, [old, gone, moved]) if piece.labels] == ["没擦干净", "态度也差"]
    assert "".join(piece.text for piece in pieces(TEXT, [old, gone, moved])) == TEXT


def test_nothing_decided_nothing_is_marked() -> None:
    assert pieces(TEXT, []) == [Piece(TEXT, ())]
    assert pieces("", [reason("type.other", "", 0)]) == []


def test_rules_stand_under_their_label() -> None:
    why = [reason("type.quality", "没擦干净"), reason("type.attitude", "差"), reason("type.quality", "厨房")]
    assert by_label(why) == {
        "type.quality": [("没擦干净", "规则"), ("厨房", "规则")], "type.attitude": [("差", "规则")],
    }  # fmt: skip


def test_an_english_reader_is_told_that_a_chinese_name_is_that_of_a_rule() -> None:
    english, chinese = DeskTexts(shared_texts(), "en"), DeskTexts(shared_texts(), "zh-CN")
    assert english.rule("没做干净") == "rule in the dictionary: “没做干净”"
    assert [chinese.rule("没做干净"), chinese.rule(LEARNT)] == ["没做干净", LEARNT]
    assert (english.rule(LEARNT), english.rule("")) == ("learnt from examples", "")
