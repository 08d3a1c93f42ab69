"""Any order of events: whatever people do, nothing raises, nobody meets silence or gets stuck, no complaint is lost.

Between every two events everything is reloaded from the database, as after a restart.
"""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from storage import cases
from storage.inbox import count
from tests import databases
from tests.harness import Guest, House

SAYINGS = st.sampled_from(
    [
        "你好", "谢谢", "5", "很满意", "挺好的", "差评", "取消", "算了", "查进度", "我的券", "转人工", "我的数据", "删除",
        "擦玻璃多少钱？", "你们浦东做吗", "想约明天上午的日常保洁", "改到后天下午", "90平", "13800138000", "没有", "跳过",
        "要晚到20分钟", "今天", "吸尘器坏了", "待处理", "1", "2", "", "😀" * 30, "<b>x</b>{name}", "0" * 500, "没错", "还没解决",
    ]
)  # fmt: skip
COMPLAINTS = st.sampled_from(
    [
        "厨房油污根本没擦干净，我要求返工", "阿姨迟到了两个小时", "把我家花瓶打碎了，三百多块", "家里有煤气味，阿姨刚走",
        "多收了我50块钱", "阿姨态度特别差，骂人", "太差了",
    ]
)  # fmt: skip
FILES = st.lists(
    st.sampled_from(["photo", "voice", "video", "document", "sticker", "location"]), min_size=1, max_size=4
)


class AnyOrder(RuleBasedStateMachine):
    on = databases.SQLITE

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name), on=self.on)
        self.customer = self.house.customer()
        self.cleaner = self.house.cleaner()
        self.supervisor = self.house.supervisor()
        self.owner = self.house.owner()
        self.guests = [self.customer, self.cleaner, self.supervisor, self.owner]
        self.order = self.house.order(self.customer, self.cleaner)
        self.complaints: list[str] = []

    def teardown(self) -> None:
        self.house.close()
        self.folder.cleanup()

    @rule(who=st.integers(0, 3), text=SAYINGS)
    def says(self, who: int, text: str) -> None:
        assert self.guests[who].says(text or "…"), f"silence after {text!r}"

    @rule(text=COMPLAINTS, number=st.integers(0, 999))
    def complains(self, text: str, number: int) -> None:
        said = f"{text}（{number}）"
        assert self.customer.says(said)
        self.complaints.append(said)

    @rule(who=st.integers(0, 3), kinds=FILES)
    def sends(self, who: int, kinds: list[str]) -> None:
        assert self.guests[who].sends(*kinds), f"silence after {kinds}"

    @rule(who=st.integers(0, 3), back=st.integers(1, 12))
    def taps(self, who: int, back: int) -> None:
        """One of the buttons still on the screen, new or old."""
        buttons = [data for heard in self.guests[who].heard for _, data in heard.buttons]
        if buttons:
            assert self.guests[who].presses(buttons[-min(back, len(buttons))]), "silence after a tap"

    @rule(who=st.integers(0, 3), whose=st.integers(0, 3))
    def taps_what_is_not_theirs(self, who: int, whose: int) -> None:
        buttons = [data for heard in self.guests[whose].heard for _, data in heard.buttons]
        if buttons and who != whose:
            assert self.guests[who].presses(buttons[-1])

    @rule(data=st.sampled_from(["x.0", "", "code0001.99", "code0001.-1", "….…", "a.b.c"]))
    def forges(self, data: str) -> None:
        assert self.customer.presses(data)

    @rule(hours=st.sampled_from([0.1, 1.0, 5.0, 26.0, 80.0]))
    def time_passes(self, hours: float) -> None:
        self.house.advance(hours=hours)

    @precondition(lambda self: self.complaints)
    @rule()
    def edits(self) -> None:
        assert self.customer.edits("m1", "改一下：是卫生间没擦")

    @invariant()
    def nothing_failed_or_waits(self) -> None:
        with self.house.tx() as tx:
            assert count(tx, "parked") == 0
            assert count(tx, "new") == 0

    @invariant()
    def no_complaint_is_lost(self) -> None:
        """Each complaint is in the timeline of a case, or was the answer to a question and stands with that."""
        with self.house.tx() as tx:
            known = cases.of_customer(tx, self.customer.person_id)
            told = {entry.text for case in known for entry in cases.entries(tx, case.id or 0)}
        missing = [said for said in self.complaints if said not in told]
        assert not missing, f"lost: {missing}"


def test_the_customer_can_always_leave_and_complain_anew() -> None:
    """Not stuck: whatever flow they are in, two cancellations and a complaint open a case."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        for opening in ("想约明天上午的日常保洁", "删除我的数据", "擦玻璃多少钱？", "阿姨迟到了两个小时"):
            guest: Guest = house.customer(opening[:2])
            guest.says(opening)
            guest.says("取消")
            guest.says("取消")
            assert any("HX" in heard.text for heard in guest.says("把我家花瓶打碎了，三百多块"))
        house.close()


class AnyOrderOnPostgres(AnyOrder):
    on = databases.POSTGRES


FEW = settings(
    max_examples=3,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = FEW
TestAnyOrderOnPostgres = AnyOrderOnPostgres.TestCase
TestAnyOrderOnPostgres.settings = settings(FEW, max_examples=2)
