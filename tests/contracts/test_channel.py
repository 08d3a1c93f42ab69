"""What every channel owes: the same tests for all of them. What one cannot do, its stage says, with the reason."""

import io
from functools import partial

import pytest
from PIL import Image

from domain.channel import Sent
from domain.events import ButtonTapped, ChatStarted, MessageCame
from tests.contracts.company import Told
from tests.contracts.stages import ABILITIES, Person, Shown, Stage
from tests.contracts.waiting import until

TEXTS = (
    "厨房的油烟机没擦干净，麻烦返工。",
    "👩‍👩‍👧‍👦👍🏽🇨🇳 谢谢😀",
    "<b>王</b> & &amp; [bold]李[/bold] *a* _b_ `c` [d](e) :smile: :100: {name} %s \\n $x",
    "净" * 4096,
    "😀" * 2048,
    "a b  c\td",
)
LINES = "第一行\n\n  第三行"
HOSTILE = "前\x00中\ud800后"
END = "就这些。"
ROWS = (("厨房", "客厅"), ("全部重做",))


def need(stage: Stage, ability: str) -> None:
    assert ability in ABILITIES
    if ability in stage.lacks:
        pytest.skip(stage.lacks[ability])


async def everything(stage: Stage, person: Person) -> list[Shown]:
    """All that this person was shown: a last word tells that no more is to come."""
    await tell(stage, person, END)
    shown = await person.heard(END)
    assert shown[-1].text == END
    return shown[:-1]


async def tell(stage: Stage, person: Person, text: str, **more: object) -> Told:
    told = await stage.company.tell(stage.channel, person.address, text, **more)  # type: ignore[arg-type]
    assert isinstance(told.outcome, Sent)
    return told


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (160, 120), colour).save(out, "JPEG")
    return out.getvalue()


def size(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as image:
        return image.size


async def unwell(stage: Stage) -> bool:
    return not (await stage.channel.health()).ok


class TestSaying:
    """From a person to us."""

    async def test_each_message_is_one_event_with_its_words_unchanged(self, stage: Stage) -> None:
        person = await stage.person(1)
        for text in (*TEXTS, END):
            await person.says(text)
        await stage.company.hears(person.address, END)
        assert stage.company.said(person.address) == [*TEXTS, END]
        came = [one for one in stage.company.offered if isinstance(one.event, MessageCame)]
        assert {(one.source, one.lane) for one in came} == {(stage.channel.name, str(person.address))}
        assert len({one.key for one in came}) == len(came) == len(TEXTS) + 1

    async def test_a_message_of_several_lines_stays_one(self, stage: Stage) -> None:
        need(stage, "lines")
        person = await stage.person(1)
        await person.says(LINES)
        await stage.company.hears(person.address, LINES)

    async def test_a_busy_house_loses_nothing_and_knows_what_it_is_offered_again(self, stage: Stage) -> None:
        person = await stage.person(1)
        stage.company.refusals = 3
        for text in ("一", "二", "三"):
            await person.says(text)
        await stage.company.hears(person.address, "三")
        assert stage.company.said(person.address) == ["一", "二", "三"]
        first = [one for one in stage.company.offered if isinstance(one.event, MessageCame) and one.event.text == "一"]
        assert len(first) > 1
        assert len({(one.source, one.key) for one in first}) == 1

    async def test_the_same_event_twice_has_the_same_key(self, stage: Stage) -> None:
        need(stage, "repeat")
        person = await stage.person(1)
        await person.says("只说一次")
        await stage.company.hears(person.address, "只说一次")
        before = len(stage.company.offered)
        await person.repeats()
        await stage.company.until(lambda: len(stage.company.offered) > before)
        again = stage.company.offered[-1]
        assert (again.source, again.key) == (stage.company.stored[-1].source, stage.company.stored[-1].key)
        assert again.event == stage.company.stored[-1].event
        assert stage.company.said(person.address) == ["只说一次"]

    async def test_two_people_never_share_a_lane(self, stage: Stage) -> None:
        one, other = await stage.person(1), await stage.person(2)
        for text in ("甲", "乙"):
            await one.says(f"{text}一")
            await other.says(f"{text}二")
        await stage.company.hears(one.address, "乙一")
        await stage.company.hears(other.address, "乙二")
        assert stage.company.said(one.address) == ["甲一", "乙一"]
        assert stage.company.said(other.address) == ["甲二", "乙二"]

    async def test_many_messages_keep_their_order(self, stage: Stage) -> None:
        person = await stage.person(1)
        said = [f"第{number}句" for number in range(15)]
        for text in said:
            await person.says(text)
        await stage.company.hears(person.address, said[-1])
        assert stage.company.said(person.address) == said

    async def test_broken_characters_break_nothing(self, stage: Stage) -> None:
        person = await stage.person(1)
        await person.says(HOSTILE)
        await person.says(END)
        await stage.company.hears(person.address, END)
        came, _ = stage.company.said(person.address)
        assert came.startswith("前")
        assert came.endswith("后")
        assert "\x00" not in came
        assert came.encode()

    async def test_a_photo_comes_with_its_caption(self, stage: Stage) -> None:
        need(stage, "photos")
        person = await stage.person(1)
        await person.sends_photo(picture("red"), "这里漏水")
        (came,) = await stage.company.next(person.address, MessageCame)
        (photo,) = came.attachments
        assert (came.text, photo.kind) == ("这里漏水", "photo")
        assert size(await stage.content(photo)) == (160, 120)

    async def test_a_reply_names_the_message_it_answers(self, stage: Stage) -> None:
        need(stage, "replies")
        person = await stage.person(1)
        await tell(stage, person, "别的")
        told = await tell(stage, person, "几点方便？")
        await person.heard("几点方便？")
        await person.replies("下午三点")
        (came,) = await stage.company.next(person.address, MessageCame)
        assert stage.company.replied_to(person.address, came.reply_to) == told.row

    async def test_a_link_opens_the_chat_with_its_code(self, stage: Stage) -> None:
        need(stage, "links")
        person = await stage.person(1)
        await person.opens(stage.channel.link("order-A1_x"))
        first, linked = await stage.company.next(person.address, ChatStarted, count=2)
        assert (first.code, linked.code) == ("", "order-A1_x")


class TestBeingTold:
    """From us to a person."""

    @pytest.mark.parametrize("text", [*TEXTS[:3], LINES], ids=["words", "emoji", "markup", "lines"])
    async def test_a_text_is_shown_once_as_it_is_written(self, stage: Stage, text: str) -> None:
        person = await stage.person(1)
        await tell(stage, person, text)
        assert await everything(stage, person) == [Shown(text)]

    async def test_buttons_stand_in_order_and_bring_back_what_they_carry(self, stage: Stage) -> None:
        person = await stage.person(1)
        told = await tell(stage, person, "哪里没做好？", buttons=ROWS)
        labels = tuple(label for row in ROWS for label in row)
        assert await person.heard("哪里没做好？") == [Shown("哪里没做好？", labels)]
        for label in labels:
            await person.taps(label)
        taps = await stage.company.next(person.address, ButtonTapped, count=3)
        assert [(tap.button, tap.label) for tap in taps] == [(told.data(n), label) for n, label in enumerate(labels)]
        assert {tap.address for tap in taps} == {person.address}

    async def test_each_person_presses_their_own_buttons(self, stage: Stage) -> None:
        one, other = await stage.person(1), await stage.person(2)
        first = await tell(stage, one, "要返工吗？", buttons=ROWS)
        second = await tell(stage, other, "要返工吗？", buttons=ROWS)
        for person, told in ((one, first), (other, second)):
            await person.heard("要返工吗？")
            await person.taps("客厅")
            (tap,) = await stage.company.next(person.address, ButtonTapped)
            assert tap.button == told.data(1)

    @pytest.mark.parametrize("text", ["话很长，" * 2500, "净😀" * 3000], ids=["sentences", "no-gap"])
    async def test_a_long_text_arrives_whole_with_the_buttons_at_its_end(self, stage: Stage, text: str) -> None:
        person = await stage.person(1)
        await tell(stage, person, text, buttons=ROWS)
        parts = await everything(stage, person)
        assert "".join(part.text for part in parts) == text
        assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]

    async def test_messages_arrive_in_the_order_they_were_sent(self, stage: Stage) -> None:
        person = await stage.person(1)
        texts = [f"第{number}条" for number in range(12)]
        for text in texts:
            await tell(stage, person, text)
        assert [shown.text for shown in await everything(stage, person)] == texts

    async def test_broken_characters_do_not_keep_the_rest_back(self, stage: Stage) -> None:
        person = await stage.person(1)
        await tell(stage, person, HOSTILE, buttons=ROWS)
        (shown,) = await everything(stage, person)
        assert "".join(char for char in shown.text if char.isprintable()) == "前中后"
        assert shown.labels == ("厨房", "客厅", "全部重做")

    async def test_a_photo_is_shown_with_its_text(self, stage: Stage) -> None:
        need(stage, "photos")
        person = await stage.person(1)
        photo = picture("blue")
        await tell(stage, person, "做完了，请看", photos=[stage.company.keep(photo, "image/jpeg")])
        assert await everything(stage, person) == [Shown("做完了，请看", photos=(photo,))]

    async def test_nobody_hears_what_is_said_to_another(self, stage: Stage) -> None:
        one, other = await stage.person(1), await stage.person(2)
        await tell(stage, one, "只给您看")
        assert await everything(stage, other) == []

    async def test_who_was_away_is_shown_it_on_return(self, stage: Stage) -> None:
        need(stage, "away")
        person = await stage.person(1)
        await tell(stage, person, "在的时候")
        await person.heard("在的时候")
        await person.leaves()
        await tell(stage, person, "走了以后")
        await person.returns()
        assert [shown.text for shown in await everything(stage, person)] == ["在的时候", "走了以后"]

    async def test_a_chat_that_cannot_be_reached_is_told_of_and_raises_nothing(self, stage: Stage) -> None:
        need(stage, "unreachable")
        address, honest = await stage.unreachable()
        told = await stage.company.tell(stage.channel, address, "在吗？")
        assert isinstance(told.outcome, honest)


class TestRunning:
    async def test_what_is_said_during_a_restart_comes_afterwards(self, stage: Stage) -> None:
        need(stage, "restart")
        person = await stage.person(1)
        await person.says("之前")
        await stage.company.hears(person.address, "之前")
        await stage.stop()
        for text in ("其间一", "其间二"):
            await person.says(text)
        await stage.start()
        await person.says("之后")
        await stage.company.hears(person.address, "之后")
        assert stage.company.said(person.address) == ["之前", "其间一", "其间二", "之后"]
        await tell(stage, person, "都收到了")
        assert [shown.text for shown in await everything(stage, person)] == ["都收到了"]

    async def test_a_working_channel_says_that_it_is_well(self, stage: Stage) -> None:
        person = await stage.person(1)
        await person.says("在吗")
        await stage.company.hears(person.address, "在吗")
        assert (await stage.channel.health()).ok

    async def test_a_broken_channel_says_so(self, stage: Stage) -> None:
        need(stage, "breaks")
        await stage.breaks()
        await until(partial(unwell, stage))
