"""A voice note is written down and then heard like words; what cannot be written down goes to a person as before."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.events import Attachment
from handlers import history
from handlers.models.hearing import Hearing
from handlers.models.voices import MOST_BYTES, MOST_SECONDS
from storage import files
from storage.files import StoredFile
from tests.llm.fixed import SAID, WISH
from tests.llm.service import cut, hang, heard, page, status
from tests.llm.stage import Stage, staged


async def gives_up(stage: Stage) -> None:
    for pause in (*Hearing.pauses, timedelta(0)):
        await stage.listens()
        stage.house.clock.advance(pause)


async def test_the_first_answer_says_that_it_was_received_and_the_words_open_the_case(tmp_path: Path) -> None:
    async with staged(tmp_path, heard(SAID)) as stage:
        customer = stage.house.customer()
        assert stage.speaks(customer) == ["voice.received"]
        await stage.listens()

        case = stage.case(customer)
        (opened,) = stage.timeline(customer, "opened")
        assert case.text == opened.text == SAID
        assert [(file["kind"], file["words"]) for file in opened.data["files"]] == [("voice", SAID)]
        assert case.matrix["evidence"] == [opened.data["files"][0]["file"]]
        assert any("HX" in one.text for one in customer.news())


async def test_the_words_answer_the_question_at_hand(tmp_path: Path) -> None:
    async with staged(tmp_path, heard(WISH)) as stage:
        customer = stage.house.customer()
        customer.says(SAID)
        stage.speaks(customer)
        await stage.listens()
        assert [entry.text for entry in stage.timeline(customer, "answer")] == [WISH]


async def test_a_danger_that_was_spoken_is_a_danger(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("家里有煤气味，阿姨刚走")) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await stage.listens()
        assert stage.case(customer).hazard == "gas"
        assert any(one.key == "safety.gas" for one in customer.news())


async def test_a_cleaner_is_heard_too(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("今天")) as stage:
        cleaner = stage.house.cleaner()
        assert stage.speaks(cleaner) == ["voice.received"]
        await stage.listens()
        assert cleaner.news()


@pytest.mark.parametrize(
    "answer", [status(500), cut, page("{}"), page('{"text": 5}'), status(429, **{"retry-after": "900"})]
)
async def test_what_cannot_be_written_down_goes_the_old_way(tmp_path: Path, answer: Any) -> None:
    async with staged(tmp_path, answer) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await gives_up(stage)
        assert [one.key for one in customer.news()] == ["voice.not_heard", "showing.ask"]
        assert [job.state for job in stage.jobs] == ["given_up"]
        assert await stage.listens() == 0


@pytest.mark.parametrize("text", ["", "   ", "请不吝点赞 订阅 转发"])
async def test_silence_is_no_words(tmp_path: Path, text: str) -> None:
    async with staged(tmp_path, heard(text)) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await stage.listens()
        assert customer.news()[0].key == "voice.not_heard"
        assert stage.service.calls == 1


async def test_whoever_holds_the_case_gets_a_note_that_nobody_could_write_down(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("")) as stage:
        supervisor, customer = stage.house.supervisor(), stage.house.customer()
        customer.says(SAID)
        customer.says("取消")
        supervisor.taps("接单")
        supervisor.news()
        stage.speaks(customer)
        assert supervisor.news() == []
        await stage.listens()
        (told,) = supervisor.news()
        assert (told.key, len(told.row.attachments)) == ("staff.sent_files", 1)


async def test_a_service_that_hangs_is_left_in_time(tmp_path: Path) -> None:
    async with staged(tmp_path, hang, seconds=0.2) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await gives_up(stage)
        assert customer.news()[0].key == "voice.not_heard"


async def test_while_the_service_is_down_or_the_budget_spent_a_person_hears_at_once(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好"), daily=0) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await stage.listens()
        assert stage.service.calls == 0
        assert customer.news()[0].key == "voice.not_heard"


@pytest.mark.parametrize("much", [{"size": MOST_BYTES + 1}, {"seconds": MOST_SECONDS + 1}])
async def test_what_is_too_long_is_for_people(tmp_path: Path, much: dict[str, int]) -> None:
    async with staged(tmp_path, heard(SAID)) as stage:
        assert stage.speaks(stage.house.customer(), **much) == ["showing.ask"]
        assert stage.jobs == []


async def test_a_note_on_its_way_is_waited_for_and_one_that_does_not_come_is_not(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好")) as stage:
        first, other = stage.house.customer(), stage.house.customer("赵先生")
        for who in (first, other):
            assert stage.speaks(who, state="pending") == ["voice.received"]
        await stage.listens()
        assert stage.service.calls == 0
        with stage.house.writing() as tx:
            tx.change(StoredFile, 1, state="ready")
        stage.house.clock.advance(timedelta(seconds=2))
        await stage.listens()
        assert first.news()[0].key != "voice.not_heard"
        stage.house.clock.advance(timedelta(minutes=3))
        await stage.listens()
        assert other.news()[0].key == "voice.not_heard"


async def test_a_file_that_is_gone_from_the_disk_is_no_error(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好")) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        stage.content = None
        await stage.listens()
        assert customer.news()[0].key == "voice.not_heard"


async def test_the_words_of_somebody_who_was_erased_meanwhile_are_not_kept(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("我是王女士住在三楼")) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        work = Hearing(stage.engine, stage.client, lambda file: b"OggS")
        result = await work.do(stage.jobs[0])
        customer.says("删除我的数据")
        customer.taps("确定删除")
        with stage.house.tx() as tx:
            assert result is not None
            assert not work.wanted(tx, stage.jobs[0])
        await stage.listens()
        with stage.house.tx() as tx:
            assert tx.driver.execute("SELECT count(*) FROM inbox WHERE body LIKE '%三楼%'").fetchone() == (0,)
            assert files.find(tx, 1).state == "erased"  # type: ignore[union-attr]


async def test_the_chat_shows_the_note_once(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好呀，请问在吗")) as stage:
        customer = stage.house.customer()
        stage.speaks(customer)
        await stage.listens()
        with stage.house.tx() as tx:
            mine = [line for line in history.page(tx, customer.address) if line.mine]
        assert [[file.kind for file in line.attachments] for line in mine] == [["voice"]]


async def test_what_is_sent_is_the_note_and_the_model_and_nothing_of_the_sender(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好")) as stage:
        stage.speaks(stage.house.customer("王女士", phone="13900001111"))
        await stage.listens()
        path, _, body = stage.service.receiver.got[0]
        assert path == "/v1/audio/transcriptions"
        assert b"OggS a voice" in body
        assert b"listener" in body
        assert "王女士".encode() not in body


async def test_a_person_in_a_talk_hears_the_voice_itself(tmp_path: Path) -> None:
    async with staged(tmp_path, heard("你好")) as stage:
        supervisor, customer = stage.house.supervisor(), stage.house.customer()
        customer.says("转人工")
        supervisor.taps("我来处理")
        supervisor.news()
        assert "voice.received" not in stage.speaks(customer)
        assert supervisor.news()[0].row.attachments


async def test_pictures_beside_the_note_stay_with_it(tmp_path: Path) -> None:
    async with staged(tmp_path, heard(SAID)) as stage:
        customer = stage.house.customer()
        with stage.house.writing() as tx:
            now = stage.house.clock.now()
            voice, photo = (
                tx.add(StoredFile, kind=kind, name="a" * 64, owner=str(customer.address), created_at=now)
                for kind in ("voice", "photo")
            )
        customer.says("", Attachment("photo", str(photo)), Attachment("voice", str(voice)))
        await stage.listens()
        (opened,) = stage.timeline(customer, "opened")
        assert json.dumps(sorted(file["kind"] for file in opened.data["files"])) == '["photo", "voice"]'
