"""One visit lived by three people in a real browser, with the whole company behind it: `huixiang serve` as a demo."""

import pytest
from playwright.sync_api import expect

from tests.browser.demo_company import DemoCompany
from tests.browser.person import Person
from tests.browser.stage import Stage

HOME = "上海市浦东新区锦绣路 1200 弄 8 号 301"
SLOW = 20_000
"""Milliseconds for pages to come back after a power cut."""


@pytest.mark.timeout(240)
def test_one_visit_from_the_first_question_to_the_last(stage: Stage) -> None:
    customer, cleaner, lead = (stage.enter(role) for role in ("customer", "cleaner", "supervisor"))
    _books(customer, lead, cleaner)
    _is_asked_the_day_before(stage, customer, cleaner)
    _works(stage, cleaner)
    desk = stage.desk()
    _rates_low(stage, customer)
    _complains(stage, customer)
    expect(desk.get_by_text("厨房窗户根本没擦")).to_be_visible()
    _is_taken_care_of(lead, customer)
    _a_power_cut_interrupts_nothing(stage.company, customer, lead)
    _gets_a_coupon(lead, customer)
    _is_closed_and_opened_again(lead, customer)
    _is_asked_days_later(stage, lead, customer)
    expect(desk.get_by_text("厨房窗户根本没擦")).to_be_hidden()
    for person in (customer, cleaner, lead):
        _nothing_changes_by_a_reload(person)


def _books(customer: Person, lead: Person, cleaner: Person) -> None:
    customer.says("擦玻璃多少钱？", then="¥8/平米")
    customer.says("我想约后天上午十点擦玻璃", then="上门地址")
    customer.taps(HOME, then="特别交代")
    customer.taps("没有了", then="跟您核对一下")
    customer.taps("没问题", then="预约已经交给主管")
    lead.hears("我想约后天上午十点擦玻璃")
    lead.taps("接受", then="派给谁上门")
    lead.taps("李秀兰", then="派给李秀兰了")
    customer.hears("您的预约已经安排好了")
    cleaner.hears("给您派了一单")


def _is_asked_the_day_before(stage: Stage, customer: Person, cleaner: Person) -> None:
    stage.until(customer, "擦玻璃快到了")
    customer.taps("家里有宠物", then="是猫还是狗")
    customer.says("有只橘猫，怕生，别进书房", then="会提前告诉保洁师")
    customer.taps("没有了", then="到时见")
    cleaner.hears("客户交代：家里有宠物：有只橘猫，怕生，别进书房")
    assert customer.days()[-1] == "今天"
    stage.company.ahead("morning")


def _works(stage: Stage, cleaner: Person) -> None:
    cleaner.says("今天", then="10:00 到 13:00 擦玻璃")
    cleaner.taps("出发", then="路上小心")
    cleaner.taps("到达", then="别进书房")
    cleaner.taps("中途自查", then="自查记下了")
    cleaner.sends(stage.photo("before.jpg", "teal"), then="收到，存好了")
    cleaner.taps("发完了", then="自查记好了")
    cleaner.taps("完成", then="完成记下了")
    cleaner.sends(stage.photo("one.jpg", "navy"), stage.photo("two.jpg", "olive"), text="都擦完了")
    cleaner.taps("发完了", then="这单完成了")


def _rates_low(stage: Stage, customer: Person) -> None:
    stage.until(customer, "您觉得怎么样")
    assert customer.days()[-2:] == ["昨天", "今天"]
    customer.taps("2 星", then="这次没让您满意")


def _complains(stage: Stage, customer: Person) -> None:
    """The three steps in the same chat: soothed at once, asked at most twice, told what follows."""
    customer.says("厨房窗户根本没擦，还有一道道水印", then="案件号 HX1001")
    customer.hears("方便拍张照片")
    customer.sends(stage.photo("streaks.jpg", "gray"), then="您希望我们怎么处理")
    customer.taps("重新打扫", then="我这样理解您说的情况")
    customer.taps("没错", then="已安排返工")


def _is_taken_care_of(lead: Person, customer: Person) -> None:
    """Plain words on both sides, as in any chat."""
    lead.hears("案件 HX1001｜清洁质量")
    lead.taps("接单", then="由您负责了")
    customer.hears("已由陈主管负责")
    lead.says("王女士您好，今天下午三点安排返工可以吗？", then="这句话要发给谁")
    lead.taps("发给王女士（HX1001）", then="已发给王女士")
    customer.hears("今天下午三点安排返工可以吗")


def _a_power_cut_interrupts_nothing(company: DemoCompany, customer: Person, lead: Person) -> None:
    company.kill()
    customer.writes("可以，三点我在家")
    expect(customer.page.locator(".mine.sending")).to_have_count(1)
    company.start()
    expect(customer.page.locator(".mine.sending")).to_have_count(0, timeout=SLOW)
    expect(lead.page.locator(".theirs", has_text="可以，三点我在家")).to_have_count(1, timeout=SLOW)


def _gets_a_coupon(lead: Person, customer: Person) -> None:
    lead.taps("补偿", then="怎么补偿王女士")
    lead.taps("优惠券", then="补偿多少")
    lead.taps("¥50", then="确定吗")
    lead.taps("确定")
    customer.says("我的券", then="¥50")


def _is_closed_and_opened_again(lead: Person, customer: Person) -> None:
    lead.taps("结案", then="请评个级")
    lead.taps("B 可改进", then="怎么做得更好")
    lead.says("收工前对着光检查玻璃", then="评为 B 级")
    customer.hears("我们这边已处理完")
    customer.taps("还没解决", then="已经重新打开")
    customer.says("还有一扇窗没有擦")
    lead.hears("【重新打开】")


def _is_asked_days_later(stage: Stage, lead: Person, customer: Person) -> None:
    lead.taps("接单", then="由您负责了")
    lead.says("明天上午再来一次可以吗？")
    lead.taps("发给王女士（HX1001）")
    customer.hears("明天上午再来一次")
    stage.until(customer, "事情解决了吗", step="morning")
    customer.taps("解决了", then="好的，案件 HX1001 就到这里")
    lead.hears("客户确认已解决")


def _nothing_changes_by_a_reload(person: Person) -> None:
    before = person.texts()[-20:]
    person.reloads()
    expect(person.page.locator(".line .bubble").last).to_have_text(before[-1])
    assert person.texts()[-20:] == before


def test_a_case_that_nobody_takes_climbs_to_the_owner(stage: Stage) -> None:
    lead, owner = stage.enter("supervisor"), stage.enter("owner")
    stranger = Person(stage.visit(stage.company.url + "/chat"))
    stranger.says("家里闻到很浓的煤气味，阿姨走的时候没关阀门", then="案件号")
    lead.hears("煤气味")
    stage.until(owner, "【升级】")
    owner.taps("接单", then="由您负责了")
    lead.hears("已由周总接单")
    lead.taps("接单", then="已由周总接单")
