"""Personal data do not leave; what happened, where in the home and for how much does."""

import time

import pytest

from handlers.models.redacting import NAME, PLACE, redact


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("我电话13812345678，打不通打138-1234-5678", "我电话〔电话1〕，打不通打〔电话2〕"),
        ("打13812345678，还是13812345678", "打〔电话1〕，还是〔电话1〕"),
        ("座机021-61234567，幺三八那个一三八一二三四五六七八", "座机〔电话1〕，幺三八那个〔电话2〕"),
        ("身份证310101199001011234和31010119900101123X", "身份证〔证件1〕和〔证件2〕"),
        ("卡号6222020200112233445", "卡号〔号码1〕"),
        ("王阿姨和李师傅都来了，张经理没来", "〔姓名1〕阿姨和〔姓名2〕师傅都来了，〔姓名3〕经理没来"),
        ("我叫李晓明，小王昨天没来", "我叫〔姓名1〕，小〔姓名2〕昨天没来"),
        ("住浦东新区锦绣路1200弄8号301室", "住〔地址1〕"),
        ("3号楼502室，世纪花园门口", "〔地址2〕，〔地址1〕门口"),
        ("订单A0012，案件HX1001，单号：99887-1", "订单〔单号1〕，案件〔单号2〕，单号〔单号3〕"),
        ("微信号abc_12345，a.b@c.com", "微信〔账号1〕，〔邮箱1〕"),
        ("沪A12345那辆车", "〔车牌1〕那辆车"),
    ],
)
def test_personal_data_become_placeholders(text: str, sent: str) -> None:
    redacted = redact(text)
    assert redacted.text == sent
    assert redacted.restore(sent) == text


@pytest.mark.parametrize(
    "text",
    [
        "阿姨把灶台擦了一遍，油烟机没擦，迟到了40分钟，120平，多收300块",
        "前天下午三点左右，2026年11月23日 13:00-15:00，来了2个人，少了1小时",
        "一层二层都没拖，高总是客气，路上堵车，一路上打电话，5层楼没电梯",
        "卫生间的马桶、厨房的水槽、次卧的飘窗",
    ],
)
def test_what_happened_stays(text: str) -> None:
    assert redact(text).text == text


def test_what_we_have_on_file_goes_wherever_it_stands() -> None:
    redacted = redact("秀兰阿姨说欧阳娜娜家在和平里十二号", [(NAME, "欧阳娜娜"), (PLACE, "和平里十二号"), (NAME, "")])
    assert redacted.text == "秀兰阿姨说〔姓名1〕家在〔地址1〕"


def test_placeholders_that_somebody_writes_mean_nothing() -> None:
    redacted = redact("〔电话1〕是13812345678")
    assert redacted.text == "（电话1）是〔电话1〕"
    assert redacted.restore("〔电话9〕") == "〔电话9〕"


def test_a_long_text_takes_no_time() -> None:
    begun = time.perf_counter()
    redact("王" * 1000 + "1" * 1000 + "路" * 1000 + "a." * 1000 + "三" * 1000)
    assert time.perf_counter() - begun < 1
