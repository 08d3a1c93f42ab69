"""Times relative to the message: which day, which hours, how long; and the times that are not of the event."""

from datetime import datetime

import pytest

from domain.understanding import When
from nlp.findings import Findings
from nlp.matrix.times import find_when
from nlp.reader import Reader


def _told(text: str, at: datetime, ahead: bool = False) -> When | None:
    return find_when(Findings(text, text, "customer", [], False), at, ahead)


def _shown(when: When | None) -> tuple[str, str, str]:
    assert when is not None
    return f"{when.start:%Y-%m-%d %H:%M}"[2:], f"{when.end:%Y-%m-%d %H:%M}"[2:], when.words.text


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("昨天下午三点左右打碎的", "25-06-11 15:00", "25-06-11 15:00", "昨天下午三点左右"),
        ("The cleaner came yesterday at 3pm", "25-06-11 15:00", "25-06-11 15:00", "yesterday at 3pm"),
        ("上礼拜三没来", "25-06-04 00:00", "25-06-04 23:59", "上礼拜三"),
        ("大前天晚上弄坏的", "25-06-09 18:00", "25-06-09 22:00", "大前天晚上"),
        ("昨儿个后晌来的", "25-06-11 13:00", "25-06-11 18:00", "昨儿个后晌"),
        ("寻晚八点先到", "25-06-11 20:00", "25-06-11 20:00", "寻晚八点"),
        ("琴日冇来", "25-06-11 00:00", "25-06-11 23:59", "琴日"),
        ("昨夜两点水管爆了", "25-06-12 02:00", "25-06-12 02:00", "昨夜两点"),
        ("刚才来的人没擦地", "25-06-12 15:00", "25-06-12 15:30", "刚才"),
        ("五月二十号下午三点半", "25-05-20 15:30", "25-05-20 15:30", "五月二十号下午三点半"),
        ("6月3号 14:20 来的", "25-06-03 14:20", "25-06-03 14:20", "6月3号 14:20"),
        ("半小时前走的", "25-06-12 15:00", "25-06-12 15:00", "半小时前"),
        ("两周前做的", "25-05-29 00:00", "25-05-29 23:59", "两周前"),
        ("今天上午来的", "25-06-12 08:00", "25-06-12 12:00", "今天上午"),
        ("约的九点，现在还没来", "25-06-12 09:00", "25-06-12 09:00", "九点"),
        ("今天约的下午一点的", "25-06-12 13:00", "25-06-12 13:00", "今天约的下午一点"),
    ],
)
def test_a_day_and_its_hours(at: datetime, text: str, start: str, end: str, words: str) -> None:
    when = _told(text, at)
    assert _shown(when) == (start, end, words)
    assert when is not None
    assert when.start.utcoffset() == at.utcoffset()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("上周末的单", "25-06-07", "25-06-08"),
        ("上上周二", "25-05-27", "25-05-27"),
        ("周日做的", "25-06-08", "25-06-08"),
        ("周四做的", "25-06-05", "25-06-05"),
        ("上周一共来了两次", "25-06-02", "25-06-08"),
        ("三号来的", "25-06-03", "25-06-03"),
        ("20号来的", "25-05-20", "25-05-20"),
        ("上个月28号", "25-05-28", "25-05-28"),
        ("月初租的", "25-06-01", "25-06-07"),
        ("上个月底", "25-05-25", "25-05-31"),
        ("二月最后一天", "25-02-28", "25-02-28"),
        ("前几天做的", "25-06-05", "25-06-10"),
        ("国庆那几天没人来", "24-10-01", "24-10-07"),
        ("国庆第三天", "24-10-03", "24-10-03"),
        ("元旦前一天", "24-12-31", "24-12-31"),
        ("五一那天", "25-05-01", "25-05-01"),
        ("清明假期", "25-04-04", "25-04-06"),
        ("母亲节订的", "25-05-11", "25-05-11"),
        ("冬至那天", "24-12-21", "24-12-21"),
        ("双十一下的", "24-11-11", "24-11-11"),
        ("中秋晚上", "24-09-17", "24-09-17"),
        ("端午来的", "25-05-31", "25-05-31"),
        ("腊月二十八做的", "25-01-27", "25-01-27"),
        ("除夕当天", "25-01-28", "25-01-28"),
        ("大年初六", "25-02-03", "25-02-03"),
        ("正月十五", "25-02-12", "25-02-12"),
        ("去年腊月来扫房", "24-12-31", "25-01-28"),
    ],
)
def test_days_by_the_calendar(at: datetime, text: str, start: str, end: str) -> None:
    told = _shown(_told(text, at))
    assert (told[0][:8], told[1][:8]) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("等到现在仨钟头了", "25-06-12 12:30", "25-06-12 15:30"),
        ("从早上九点等到现在", "25-06-12 09:00", "25-06-12 15:30"),
        ("周一拿走窗帘，到今天没影", "25-06-09 00:00", "25-06-12 15:30"),
        ("昨晚七点半约的，八点五十才来", "25-06-11 19:30", "25-06-11 20:50"),
        ("昨天上午八点到十一点", "25-06-11 08:00", "25-06-11 11:00"),
        ("3号到6号没人来", "25-06-03 00:00", "25-06-06 23:59"),
        ("上周二到周四", "25-06-03 00:00", "25-06-05 23:59"),
        ("大年三十到初三", "25-01-28 00:00", "25-01-31 23:59"),
        ("上周六、周日连着两天", "25-06-07 00:00", "25-06-08 23:59"),
    ],
)
def test_a_stretch_told_in_two_pieces(at: datetime, text: str, start: str, end: str) -> None:
    assert _shown(_told(text, at))[:2] == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "没擦干净",
        "给个好评",
        "2月31号来的",
        "一点都不干净",
        "油一点没少",
        "有两点要求",
        "每周三都迟到",
        "周三之前给我退",
        "今天不退我就投诉",
        "明天上午必须来人",
        "过了晚上八点没人接",
        "去年买的沙发烫坏了",
        "心里难受一晚上",
        "25号楼的电梯",
        "人还在医院，现在输液",
        "五一平的地砖",
    ],
)
def test_no_time_is_made_up(at: datetime, text: str) -> None:
    assert _told(text, at) is None


def test_the_day_of_the_order_gives_way_to_the_day_it_happened(at: datetime) -> None:
    assert _shown(_told("周一下的单，昨天才来", at))[2] == "昨天"


def test_what_is_booked_lies_ahead_and_what_is_complained_of_behind(at: datetime) -> None:
    assert _shown(_told("周六上午来打扫", at, ahead=True))[0] == "25-06-14 08:00"
    assert _shown(_told("周六上午来打扫的", at))[0] == "25-06-07 08:00"
    assert _shown(_told("明天下午", at, ahead=True))[0] == "25-06-13 13:00"


def test_traditional_script_is_read_too(reader: Reader, at: datetime) -> None:
    when = reader.understand("上個禮拜五下晝個師傅冇嚟，投訴", at).matrix.occurred_at
    assert _shown(when) == ("25-06-06 13:00", "25-06-06 18:00", "上個禮拜五下晝")
