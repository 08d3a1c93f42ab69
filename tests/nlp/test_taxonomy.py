"""The sharper lines of the taxonomy, one example at least on each side."""

from datetime import datetime
from typing import Literal

import pytest

from domain.labels import Intent, Priority
from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我的退款什么时候到账", "status"),
        ("退款说三天，都二十天了还没到", "complaint"),
        ("凭啥你们一小时要六十？别家才四十", "inquiry"),
        ("凭什么多收我三十", "complaint"),
        ("五星好评，就是镜子没擦干净", "complaint"),
        ("晚到几分钟可以理解，活干得真漂亮，谢谢师傅", "praise"),
        ("能不能换个人来", "complaint"),
        ("下次还要王姐来，周三上午", "booking"),
        ("地址填错了，是3栋不是5栋", "booking"),
        ("把我的手机号从系统里删掉", "data_request"),
        ("打碎东西你们赔吗", "inquiry"),
        ("服务很好，价格再便宜点就更好了", "suggestion"),
        ("谢谢", "chitchat"),
        ("有人吗", "chitchat"),
        ("还有人在吗", "chitchat"),
        ("周日晚上有人能来吗", "inquiry"),
        ("转人工", "handoff"),
        ("转人工，你们把我电视弄坏了", "complaint"),
        ("券用不了，多花了五十", "complaint"),
        ("我还有几张券", "reward"),
        ("周六下午有空吗", "inquiry"),
        ("帮我约周六下午", "booking"),
        ("我想预约", "booking"),
        ("查我的预约", "status"),
        ("我的数据", "data_request"),
        ("小孩对清洁剂过敏怎么办", "inquiry"),
        ("用了你们的清洁剂小孩过敏了怎么办", "complaint"),
        ("我家有两只狗，怕阿姨被吓到", "chitchat"),
        ("再不处理我就打12315投诉", "complaint"),
    ],
)
def test_intent(reader: Reader, at: datetime, text: str, intent: str) -> None:
    assert reader.understand(text, at).intent == intent


@pytest.mark.parametrize(
    ("text", "sender", "primary"),
    [
        ("擦马桶的抹布又去擦餐桌", "customer", "hygiene"),
        ("马桶没刷干净", "customer", "quality"),
        ("洗衣机清洗之前好好的，洗完就不转了", "customer", "damage"),
        ("你们带的吸尘器坏了", "customer", "equipment"),
        ("没有丢东西，就是来晚了", "customer", "punctuality"),
        ("智能锁死机了，老人一个人在里面出不来", "customer", "safety"),
        ("你们装的智能锁没反应", "customer", "equipment"),
        ("押金不退，合同上没这条", "customer", "contract"),
        ("多收了我六十块", "customer", "billing"),
        ("客户不在家，敲门没人开", "cleaner", "punctuality"),
        ("客户非要我加擦外窗，单子上没有", "cleaner", "contract"),
        ("清洁剂用完了", "cleaner", "equipment"),
        ("我今天发烧，去不了了", "cleaner", "hygiene"),
        ("客户家的狗咬了我", "cleaner", "safety"),
        ("太差了", "customer", "other"),
    ],
)
def test_primary_type(
    reader: Reader, at: datetime, text: str, sender: Literal["customer", "cleaner"], primary: str
) -> None:
    assert reader.understand(text, at, sender).primary == primary


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("打碎一个玻璃杯，二十块钱的", Priority.NORMAL),
        ("打碎一个花瓶，八百块买的", Priority.HIGH),
        ("打碎了我妈的遗物", Priority.HIGH),
        ("碰碎了个塑料花盆，不用赔，告诉你们一声", Priority.LOW),
        ("抽屉里的现金少了三百", Priority.HIGH),
        ("抽屉里的现金少了五千", Priority.URGENT),
        ("戒指不见了，我已经报警了", Priority.URGENT),
        ("押金不退，合同上没这条", Priority.NORMAL),
        ("押金不退，我找律师了", Priority.HIGH),
        ("垃圾公司，他妈的地都没拖", Priority.NORMAL),
        ("上次跟客服反映过没擦干净，这次还是没擦", Priority.HIGH),
        ("约的九点，现在十点半了人还没到", Priority.HIGH),
        ("早上通知我今天的保洁取消了，你们随便改", Priority.NORMAL),
        ("整体挺好，就是床底没拖到，下次注意下", Priority.LOW),
        ("我对消毒水过敏，脸肿了", Priority.HIGH),
    ],
)
def test_priority(reader: Reader, at: datetime, text: str, priority: Priority) -> None:
    assert reader.understand(text, at).priority is priority


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("擦玻璃多少钱", "price"),
        ("油烟机洗不洗", "scope"),
        ("阿姨有健康证吗", "qualification"),
        ("通州能上门吗", "coverage"),
        ("真丝窗帘能洗吗", "special"),
        ("能开发票吗", "contract"),
        ("新客户有优惠吗", "promotion"),
    ],
)
def test_topic(reader: Reader, at: datetime, text: str, topic: str) -> None:
    reading = reader.understand(text, at)
    assert reading.intent is Intent.INQUIRY
    assert topic in reading.topics


def test_a_denied_failing_is_no_secondary_type(reader: Reader, at: datetime) -> None:
    assert reader.understand("没有丢东西，也没弄坏什么，就是迟到了", at).secondary == ()


def test_anger_grows_with_marks_and_swearing(reader: Reader, at: datetime) -> None:
    texts = ("地没有拖干净", "地怎么又没拖干净，到底怎么回事", "垃圾公司！！！骗子！！马上退钱，不然法院见")
    levels = [reader.understand(text, at).anger for text in texts]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == 3
