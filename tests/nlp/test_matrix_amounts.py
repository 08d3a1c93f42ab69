"""Amounts: what counts, in which unit, and the numbers that are no amounts."""

from datetime import datetime

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("两百来块钱", [(200, "元")]),
        ("等了仨钟头", [(3, "小时")]),
        ("120平的房子", [(120, "平米")]),
        ("一万二买的", [(12_000, "元")]),
        ("四五万的表", [(40_000, "元")]),
        ("干了一个半小时", [(1.5, "小时")]),
        ("下单199，做完跟我要260", [(199, "元"), (260, "元")]),
        ("六千八一个月", [(6800, "元")]),
        ("三十五一小时变六十", [(35, "元"), (60, "元")]),
        ("两块抹布", [(2, "块")]),
        ("五十五块", [(55, "元")]),
        ("网上十五块买的", [(15, "元")]),
        ("19块9的会员", [(19.9, "元")]),
        ("俩娃没人管", [(2, "个")]),
        ("打了六个电话", [(6, "个")]),
        ("叫她三遍不理", [(3, "遍")]),
        ("高出一米八", [(1.8, "米")]),
        ("扣百分之二十", [(20, "%")]),
        ("扣了三成", [(30, "%")]),
        ("我妈七十六，耳朵背", [(76, "岁")]),
        ("提前一个月说了", [(1, "个月")]),
        ("三日内回我", [(3, "天")]),
    ],
)
def test_amounts(reader: Reader, at: datetime, text: str, amounts: list[tuple[float, str]]) -> None:
    assert [(one.value, one.unit) for one in reader.understand(text, at).matrix.amounts] == amounts


@pytest.mark.parametrize(
    "text",
    [
        "一个杯子",
        "半小时前走的",
        "再不退我打12315",
        "洗洁精兑84擦的",
        "第二天又来了",
        "这两天没来",
        "差几百块",
        "万一出事呢",
        "零件装反了",
        "我在1703",
        "上个月那次",
        "一分钟没歇",
        "高考那两天",
    ],
)
def test_numbers_that_are_no_amounts(reader: Reader, at: datetime, text: str) -> None:
    assert reader.understand(text, at).matrix.amounts == ()


def test_an_amount_keeps_the_words_as_typed(reader: Reader, at: datetime) -> None:
    text = "抹咗三個鐘，收我三百八蚊"
    amounts = reader.understand(text, at).matrix.amounts
    assert [one.words.text for one in amounts] == ["三個鐘", "三百八蚊"]
    assert all(text[one.words.start : one.words.end] == one.words.text for one in amounts)
