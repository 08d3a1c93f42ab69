"""A complaint is read a second time, after its answer, and only ever gains by it."""

import json
from pathlib import Path

from storage.cases import Case
from tests.harness import Guest
from tests.llm.fixed import PRIVATE, SAID, VAGUE, WISHED
from tests.llm.service import read
from tests.llm.stage import Stage, staged


def complains(stage: Stage, text: str = SAID) -> Guest:
    customer = stage.house.customer()
    customer.says(text)
    return customer


async def test_nobody_is_asked_before_the_customer_has_been_answered(tmp_path: Path) -> None:
    async with staged(tmp_path, read()) as stage:
        complains(stage)
        assert await stage.reading.work_due() == 0
        assert stage.service.calls == 0
        assert await stage.reads() == 1


async def test_empty_fields_are_filled_and_types_added_with_a_line_in_the_timeline(tmp_path: Path) -> None:
    async with staged(tmp_path, read(primary="quality", secondary=["attitude"], impact=["心里很堵"])) as stage:
        customer = complains(stage)
        before = stage.case(customer)
        heard = len(customer.heard)
        await stage.reads()

        after = stage.case(customer)
        assert after.matrix == {**before.matrix, "impact": ["心里很堵"]}
        assert (after.type, after.secondary) == ("billing", ["quality", "attitude"])
        assert "影响" in stage.timeline(customer, "read_again")[0].text
        assert stage.timeline(customer, "read_again")[0].audience == "staff"
        assert len(customer.heard) == heard


async def test_a_filled_field_is_never_overwritten_or_emptied(tmp_path: Path) -> None:
    async with staged(tmp_path, read(place=["灶台"], amounts=[], demands=["apology"])) as stage:
        customer = complains(stage, WISHED)
        before = stage.case(customer).matrix
        assert before["demands"] == ["refund"]
        await stage.reads()
        assert stage.case(customer).matrix == before


async def test_a_graver_priority_starts_the_ladder_anew_and_a_lower_one_changes_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, read(priority="urgent"), read(priority="low")) as stage:
        supervisor = stage.house.supervisor()
        customer = complains(stage)
        assert stage.case(customer).priority == "normal"
        supervisor.news()
        await stage.reads()

        assert stage.case(customer).priority == "urgent"
        assert any(one.row.urgency == 0 for one in supervisor.news())
        customer.says("灶台后面的油也一点没擦，太敷衍了吧")
        await stage.reads()
        assert stage.case(customer).priority == "urgent"


async def test_whoever_holds_the_case_is_told_when_it_looks_graver(tmp_path: Path) -> None:
    async with staged(tmp_path, read(priority="high")) as stage:
        supervisor = stage.house.supervisor()
        customer = complains(stage)
        supervisor.taps("接单")
        supervisor.news()
        await stage.reads()
        assert [one.key for one in supervisor.news()] == ["models.graver"]
        assert stage.case(customer).priority == "high"


async def test_what_a_person_corrected_stands(tmp_path: Path) -> None:
    async with staged(tmp_path, read(primary="safety", priority="urgent", impact=["心里很堵"])) as stage:
        supervisor = stage.house.supervisor()
        customer = complains(stage)
        case = stage.case(customer)
        stage.house.act(supervisor, "correct_case", case=case.id, type="billing", priority="low")
        assert stage.timeline(customer, "corrected")
        await stage.reads()
        after = stage.case(customer)
        assert (after.type, after.priority, "safety" in after.secondary) == ("billing", "low", False)
        assert after.matrix["impact"] == ["心里很堵"]


async def test_a_closed_case_stays_as_it_is(tmp_path: Path) -> None:
    async with staged(tmp_path, read(priority="urgent", impact=["心里很堵"])) as stage:
        customer = complains(stage)
        with stage.house.writing() as tx:
            tx.change(Case, stage.case(customer).id or 0, status="closed")
        before = stage.case(customer)
        await stage.reads()
        assert stage.case(customer) == before


async def test_a_type_takes_the_place_of_one_that_says_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, read(primary="hygiene", secondary=["attitude"])) as stage:
        customer = complains(stage, VAGUE)
        assert stage.case(customer).type == "other"
        await stage.reads()
        assert (stage.case(customer).type, stage.case(customer).secondary) == ("hygiene", ["attitude"])


async def test_the_moment_is_worked_out_here_from_the_words_the_model_points_at(tmp_path: Path) -> None:
    async with staged(tmp_path, read(occurred_at=["昨天下午"])) as stage:
        customer = complains(stage)
        case = stage.case(customer)
        with stage.house.writing() as tx:
            tx.change(Case, case.id or 0, matrix={})
        await stage.reads()
        when = stage.case(customer).matrix["occurred_at"]
        assert when["text"] == "昨天下午"
        assert when["start"].startswith("2026-11-22T")


async def test_personal_data_stay_here_and_come_back_in_quotes(tmp_path: Path) -> None:
    async with staged(tmp_path, read(place=["〔地址1〕"])) as stage:
        customer = stage.house.customer("王女士", phone="13900001111")
        stage.house.order(customer, stage.house.cleaner("李秀兰"), number="A0012")
        customer.says(PRIVATE)
        await stage.reads()

        sent = json.dumps(stage.service.asked(), ensure_ascii=False)
        for secret in ("王女士", "13900001111", "周阿姨", "锦绣路88号", "A0012", "310101199001011234"):
            assert secret not in sent
        text = json.loads(stage.service.asked()["messages"][1]["content"])["text"]
        assert text.startswith("我是〔姓名1〕，电话〔电话1〕，〔姓名2〕阿姨来〔地址1〕")
        assert stage.case(customer).matrix["place"] == ["锦绣路88号"]


async def test_each_message_of_a_case_is_read_once(tmp_path: Path) -> None:
    async with staged(tmp_path, read(impact=["心里很堵"])) as stage:
        complains(stage)
        assert [await stage.reads(), await stage.reads()] == [1, 0]
        assert [(job.kind, job.state, job.attempts) for job in stage.jobs] == [("read_again", "done", 1)]
        assert stage.service.calls == 1


async def test_the_words_of_the_event_are_only_places_in_the_text(tmp_path: Path) -> None:
    async with staged(tmp_path, read(facts=["阿姨擦灶台的时候偷工减料"], impact=["心里很堵"])) as stage:
        complains(stage)
        await stage.reads()
        with stage.house.tx() as tx:
            (body,) = tx.driver.execute("SELECT body FROM inbox WHERE source = 'job'").fetchone()
        assert "灶台" not in body
        assert "心里" not in body


async def test_who_was_erased_meanwhile_is_not_read(tmp_path: Path) -> None:
    async with staged(tmp_path, read(impact=["心里很堵"])) as stage:
        customer = complains(stage)
        customer.says("删除我的数据")
        customer.taps("确定删除")
        await stage.reads()
        assert stage.service.calls == 0
        assert [job.state for job in stage.jobs] == ["given_up"]


async def test_small_talk_and_short_answers_are_not_read(tmp_path: Path) -> None:
    async with staged(tmp_path, read()) as stage:
        customer = stage.house.customer()
        customer.says("擦玻璃多少钱？你们浦东做吗，谢谢")
        assert stage.jobs == []


async def test_without_a_model_nothing_is_put_down(tmp_path: Path) -> None:
    async with staged(tmp_path, read(), reads_again=False, listens=False) as stage:
        complains(stage)
        assert stage.jobs == []
        assert stage.speaks(stage.house.customer("赵先生")) == ["showing.ask"]
