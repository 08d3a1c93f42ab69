"""The dictionary can be extended by a company, and a slip in it is named."""

from datetime import datetime
from pathlib import Path

import pytest

from domain.labels import CaseType
from nlp.normal import Normaliser
from nlp.pattern import parse
from nlp.reader import Reader


def _matches(phrase: str, text: str) -> bool:
    return any(pattern.match_end(text, 0) == len(text) for pattern in parse(phrase, {"洗": "擦|拖"}))


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("没(擦|拖)", "没拖", True),
        ("没{洗}干净", "没擦干净", True),
        ("都(没|)来", "都来", True),
        ("门…开着", "门一直开着", True),
        ("门…开着", "门,开着", False),
        ("门…开着", "门一二三四五六七开着", False),
        ("等#小时", "等三小时", True),
        ("等(#|半)天", "等12天", True),
        ("(已经很(好|棒)|行)了", "已经很棒了", True),
        ("取消$", "取消", True),
    ],
)
def test_phrases(phrase: str, text: str, matches: bool) -> None:
    assert _matches(phrase, text) is matches


@pytest.mark.parametrize("phrase", ["(没", "{无此组}", "…没", "(水|)…没", "", "$"])
def test_a_phrase_that_is_not_well_formed_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        parse(phrase, {})


def test_a_company_adds_its_own_words(tmp_path: Path, at: datetime) -> None:
    extra = tmp_path / "own.toml"
    extra.write_text('[[rule]]\nname = "本地话"\nlabel = "type.quality"\nweight = 3\nsay = ["邋里邋遢滴"]\n', "utf-8")
    reading = Reader.load(extra).understand("搞得邋里邋遢滴", at)
    assert reading.primary is CaseType.QUALITY
    assert any(reason.rule == "本地话" for reason in reading.why)


def test_a_slip_in_the_dictionary_is_named(tmp_path: Path) -> None:
    extra = tmp_path / "own.toml"
    extra.write_text('[[rule]]\nname = "写错了"\nlabel = "type.quality"\nsay = ["(没"]\n', "utf-8")
    with pytest.raises(ValueError, match=r"own.toml: 写错了"):
        Reader.load(extra)


def test_normal_form_is_as_long_as_the_message(reader: Reader) -> None:
    normaliser = Normaliser("發发", {"态渡": "态度"})
    text = "ＡB１２，發态渡\x00\ud800İ"
    assert normaliser.normalise(text) == "ab12,发态度  İ"
    assert len(normaliser.normalise(text)) == len(text)


def test_a_typo_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        Normaliser("", {"态": "态度"})
