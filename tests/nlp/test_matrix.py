"""The event matrix: places, things, people, demands, what to ask next."""

from datetime import datetime

import pytest

from domain.labels import Demand
from nlp.matrix.numbers import value_of
from nlp.reader import Reader


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("三百五", 350),
        ("三百零五", 305),
        ("一千二百", 1200),
        ("十五", 15),
        ("1.2万", 12_000),
        ("半", 0.5),
        ("零", 0),
        ("十七八", 17),
        ("一百二三", 120),
        ("十一二万", 110_000),
        ("1万3", 13_000),
        ("1.4k", 1400),
        ("一点五", 1.5),
        ("一点二万", 12_000),
        ("三到五", 3),
        ("3-5", 3),
        ("abc", None),
        ("", None),
    ],
)
def test_numbers(words: str, value: float | None) -> None:
    assert value_of(words) == value


def test_who_what_and_where(reader: Reader, at: datetime) -> None:
    matrix = reader.understand("刘阿姨把我家厨房的真皮沙发刮花了，赔我两千块，还要道歉", at).matrix
    assert [one.text for one in matrix.place] == ["厨房"]
    assert [one.text for one in matrix.objects] == ["真皮沙发"]
    assert [one.text for one in matrix.actors] == ["刘阿姨"]
    assert matrix.demands == (Demand.COMPENSATION, Demand.APOLOGY)
    assert matrix.facts[0].text == "刘阿姨把我家厨房的真皮沙发刮花了"


def test_what_was_said_is_not_asked_again(reader: Reader, at: datetime) -> None:
    told = reader.understand("昨天厨房没擦干净，要求返工", at).matrix
    bare = reader.understand("没擦干净", at).matrix
    assert told.missing == ("evidence",)
    assert bare.missing == ("place", "evidence", "demands")
    assert bare.demands == (Demand.NONE,)


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("油烟机滤网没洗", ["油烟机滤网"]),
        ("美的空调不制冷了", ["美的空调"]),
        ("把床头柜磕掉一块漆", ["床头柜"]),
        ("砸了我一只情侣杯，杯子是老公烧的", ["情侣杯"]),
        ("玩具柜里全是灰", ["玩具柜"]),
        ("浴室玻璃隔断一层水垢", ["玻璃隔断"]),
        ("拿抹布擦的餐桌", ["餐桌"]),
        ("领的吸尘器开不了机", ["吸尘器"]),
        ("花了三百块，包月的", []),
    ],
)
def test_things(reader: Reader, at: datetime, text: str, objects: list[str]) -> None:
    assert [one.text for one in reader.understand(text, at).matrix.objects] == objects


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("客服小唐说会回电", ["客服小唐"]),
        ("我妈跟住家阿姨吵起来了，阿姨把门一摔", ["我妈", "住家阿姨"]),
        ("韩阿姨没来", ["韩阿姨"]),
        ("周日做的日常保洁，灰都没擦", []),
        ("保洁到处乱翻", ["保洁"]),
        ("客服你好，地没拖", []),
    ],
)
def test_people(reader: Reader, at: datetime, text: str, actors: list[str]) -> None:
    assert [one.text for one in reader.understand(text, at).matrix.actors] == actors


@pytest.mark.parametrize(
    ("text", "place"),
    [("南阳台没拖", ["南阳台"]), ("主卧和客卫都没擦", ["主卧", "客卫"]), ("家里没擦干净", [])],
)
def test_places(reader: Reader, at: datetime, text: str, place: list[str]) -> None:
    assert [one.text for one in reader.understand(text, at).matrix.place] == place


@pytest.mark.parametrize(
    ("text", "demands"),
    [
        ("地砖没擦，回来返一遍", {Demand.REWORK}),
        ("返工来的人照样没擦干净", {Demand.NONE}),
        ("押金扣着不给，押金退我", {Demand.REFUND}),
        ("花瓶打碎了，医药费你们承担", {Demand.COMPENSATION}),
        ("我擦鱼缸撞裂一个角，客户要两千，我赔不起", {Demand.NONE}),
        ("她骂我，让她赔个不是，再停她的职", {Demand.APOLOGY, Demand.DISCIPLINE}),
        ("迟到三次，合同作废，换个细心的阿姨", {Demand.TERMINATE, Demand.REPLACE_STAFF}),
        ("空调洗完不制冷，派人来修，原因说清楚", {Demand.REPAIR, Demand.EXPLANATION}),
        ("没擦干净，我不要道歉，给我重做", {Demand.REWORK}),
        ("多收我八十，多的还我", {Demand.REFUND}),
        ("多扣一笔，把三十块退给我", {Demand.REFUND}),
        ("押金一分不退，说我违约", {Demand.NONE}),
        ("合同写干满半年全额退，干满了装死", {Demand.NONE}),
        ("重复扣款，到底退不退", {Demand.REFUND}),
        ("蜡打花了，重铺要五千，谁出", {Demand.NONE}),
        ("杯子打了俩，按价赔就行", {Demand.COMPENSATION}),
        ("检查费你们承担，这电费你们也得出", {Demand.COMPENSATION}),
        ("盘子被阿姨打碎了，不用赔", {Demand.NONE}),
        ("花瓶被阿姨打碎了，她说赔我，我没要", {Demand.NONE}),
        ("上回答应返工，到今天没动静", {Demand.NONE}),
        ("灰没擦干净，返工约了三次没来，今天给我来人重做", {Demand.REWORK}),
        ("阳台一层灰没擦，把阳台擦干净再走", {Demand.REWORK}),
        ("她没把地拖干净", {Demand.NONE}),
        ("洗衣机都不会开，给我换一个", {Demand.REPLACE_STAFF}),
        ("说好三次免费换人，一次没换", {Demand.NONE}),
        ("不道歉这事没完", {Demand.APOLOGY}),
        ("师傅骂我妈，骂完连个道歉都没有", {Demand.NONE}),
        ("师傅骂我妈，这种人必须处理", {Demand.DISCIPLINE}),
        ("我的电话被你们泄露了，我要知道客户信息是怎么管的", {Demand.EXPLANATION}),
        ("投诉三天没人回，给个准话", {Demand.EXPLANATION}),
        ("客服说三天给答复，投诉到现在没人理", {Demand.NONE}),
        ("水龙头被师傅拧坏了，派师傅来换好", {Demand.REPAIR}),
        ("报修两回了没人来", {Demand.NONE}),
        ("阿姨总迟到，不想做了，退卡", {Demand.TERMINATE}),
    ],
)
def test_demands(reader: Reader, at: datetime, text: str, demands: set[Demand]) -> None:
    assert set(reader.understand(text, at).matrix.demands) == demands
