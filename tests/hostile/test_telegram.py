"""What Telegram's people send that nobody planned for: each gets its answer, and nobody waits for another's mess."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from domain.events import Address, Incoming, MessageCame, Sender
from storage.files import StoredFile
from tests.botapi import User
from tests.hostile.live import SOON, Live

pytestmark = pytest.mark.parametrize("library", ["aiogram", "ptb"])
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"
OVERRIDE = "\u202egnp.exe\u202c"


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def file_of(live: Live, number: int) -> StoredFile:
    with live.house.core.database.read() as tx:
        return tx.get(StoredFile, number)


async def complains(user: User) -> None:
    user.say(COMPLAINT)
    await user.expect("HX", timeout=SOON)


async def test_what_does_not_parse_stops_nobody(live: Live) -> None:
    first, last = live.api.user(1, "王女士"), live.api.user(2, "李先生")
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    first.say("你好")
    live.api.raw_update({"message": "不是对象"})
    live.api.raw_update({"message": {"message_id": "七", "chat": 5}})
    live.api.raw_update({"callback_query": {"id": [], "from": None}})
    live.api.raw_update({"message": deep})
    live.api.raw_update({"\ud800": "\udfff", "message": {"text": "\ud83d"}})
    last.say("你好")

    await first.expect(timeout=SOON)
    await last.expect(timeout=SOON)
    assert live.count("SELECT count(*) FROM inbox WHERE state = 'unreadable'") == 5


async def test_the_same_update_again_is_answered_once(live: Live) -> None:
    """Telegram repeats what it did not see confirmed."""
    user = live.api.user(1, "王女士")
    update = {"update_id": 555, "message": user.say(COMPLAINT)}
    live.api.raw_update(update)
    await user.expect("HX", timeout=SOON)
    await live.api.world.until(lambda: live.api.world.updates.polled, SOON)  # else its offset confirms what comes now
    live.api.raw_update(update)
    user.say("查进度")
    await user.expect("HX", timeout=SOON)

    await live.settled()
    assert live.count("SELECT count(*) FROM cases") == 1
    assert live.count("SELECT count(*) FROM inbox WHERE key LIKE '%:555:%'") == 1


async def test_two_of_the_same_at_once_are_one(live: Live) -> None:
    address = Address("telegram", "1")
    live.api.user(1).start()
    await live.settled()
    event = MessageCame(address, COMPLAINT, sender=Sender("王女士"), ref="7")
    same = Incoming("telegram", "4242:9:1.7.0", str(address), event)
    engine = live.house.core.engine
    await asyncio.gather(*(engine.accept([same, same]) for _ in range(8)), *(engine.submit(same) for _ in range(8)))

    assert live.count("SELECT count(*) FROM inbox WHERE key = ?", same.key) == 1
    assert live.count("SELECT count(*) FROM cases") == 1


async def test_a_sticker_and_a_location_are_answered_and_lose_no_question(live: Live) -> None:
    user = live.api.user(1, "王女士")
    await complains(user)
    question = await user.expect(timeout=SOON)
    for send in (user.sticker, user.location):
        send()
        await user.expect("看不懂", timeout=SOON)
        again = await user.expect(timeout=SOON)
        assert (again.text, again.labels) == (question.text, question.labels)


async def test_a_30_mb_voice_is_refused_in_words_and_never_fetched(live: Live) -> None:
    user = live.api.user(1, "王女士")
    await complains(user)
    user.send_voice(b"OggS" + bytes(30 * 1024 * 1024))
    await user.expect("20 MB", timeout=SOON)
    await live.settled()

    assert live.api.called("getFile") == []
    assert (file_of(live, 1).state, file_of(live, 1).reason) == ("failed", "too_large")


async def test_an_album_of_ten_is_one_message(live: Live) -> None:
    user = live.api.user(1, "王女士")
    user.send_album([png(40, 30)] * 10, caption=COMPLAINT)
    await user.expect("HX", timeout=SOON)
    await live.settled()

    assert live.count("SELECT count(*) FROM cases") == 1
    assert live.count("SELECT count(*) FROM stored_file") == 10
    assert sum("HX" in one.text for one in user.inbox) == 1
    async with asyncio.timeout(SOON):
        while live.count("SELECT count(*) FROM stored_file WHERE state = 'ready'") < 10:
            await asyncio.sleep(0.05)


async def test_a_giant_picture_and_a_page_named_jpg_are_refused_in_words(live: Live) -> None:
    user = live.api.user(1, "王女士")
    user.start()
    await user.expect(timeout=SOON)
    user.send_document(png(50_000, 50), "大图.png", "image/png")
    await user.expect("打不开", timeout=SOON)
    user.send_document(b"<html><script>alert(1)</script>", "照片.jpg", "image/jpeg")
    await user.expect("打不开", timeout=SOON)

    assert [file_of(live, number).state for number in (1, 2)] == ["failed", "failed"]
    stored = live.house.settings.files_dir
    assert not [file for file in stored.rglob("*") if file.is_file()] if stored.exists() else True


async def test_2048_emoji_and_a_reversed_name_come_and_go_whole(live: Live) -> None:
    """As many as Telegram lets through: 4,096 units. What we say about them is cut where Telegram wants it."""
    lead = await live.staff(9, "supervisor", "陈主管")
    user = live.api.user(1, f"<b>王</b>{OVERRIDE}\x00")
    user.say("厨房没擦干净" + "😡" * 2045)
    await user.expect("HX", timeout=SOON)
    card = await lead.expect("HX", timeout=SOON)
    assert "\u202e" not in card.text
    assert "<b>王</b>" in card.text
    await live.settled()
    assert live.count("SELECT count(*) FROM outbox WHERE state = 'dead'") == 0


async def test_words_over_the_limit_are_relayed_in_pieces(live: Live) -> None:
    """Our frame around a longest message is over Telegram's limit: it is split, and none of it is lost."""
    lead, user = await live.staff(9, "supervisor", "陈主管"), live.api.user(1, "王女士")
    await complains(user)
    card = await lead.expect("HX", timeout=SOON)
    lead.tap(card, "接单")
    await lead.expect("由您负责", timeout=SOON)
    said = await user.expect("陈主管", timeout=SOON)
    await live.settled()
    user.reply(said, "啊" * 4096)
    await live.settled()
    assert sum(one.text.count("啊") for one in lead.inbox) == 4096


async def test_a_forged_press_and_one_on_somebody_elses_card_do_nothing(live: Live) -> None:
    lead, user = await live.staff(9, "supervisor", "陈主管"), live.api.user(1, "王女士")
    await complains(user)
    card = await lead.expect("HX", timeout=SOON)
    take = card.button("接单")["callback_data"]
    own = user.inbox[-1]
    await live.settled()
    for forged in (take, "x.0", "💥" * 16, "a" * 64, take.partition(".")[0] + ".99", "\x00"):
        user.tap(own, data=forged)
        await user.expect("过期", timeout=SOON)
    await live.settled()
    assert live.count("SELECT count(*) FROM cases WHERE owner_id IS NOT NULL") == 0
    assert all(query.answered for query in live.api.world.queries.values())


async def test_a_double_press_takes_once(live: Live) -> None:
    lead, user = await live.staff(9, "supervisor", "陈主管"), live.api.user(1, "王女士")
    await complains(user)
    card = await lead.expect("HX", timeout=SOON)
    lead.tap(card, "接单")
    lead.tap(card, "接单")
    await lead.expect("由您负责", timeout=SOON)
    await lead.expect("已经在您手上", timeout=SOON)
    await live.settled()
    assert live.count("SELECT count(*) FROM case_entry WHERE kind = 'taken'") == 1
    assert sum("已由陈主管负责" in one.text for one in user.inbox) == 1


async def test_one_refusal_of_a_blocked_chat_is_enough(live: Live) -> None:
    """The chat closes while messages are on their way to it: one is refused, none is tried again, staff hear once."""
    lead = await live.staff(9, "supervisor", "陈主管")
    user = live.api.user(1, "王女士")
    user.say(COMPLAINT)
    await user.expect("HX", timeout=SOON)
    await lead.expect("HX", timeout=SOON)
    await live.settled()
    user.chat.closed = "bot was blocked by the user"
    before = len(sent_to(live, 1))
    lead.tap(next(one for one in lead.inbox if "接单" in one.labels), "接单")
    await lead.expect("关闭了和我们的聊天", timeout=SOON)

    assert len(sent_to(live, 1)) == before + 1
    with live.house.core.database.read() as tx:
        assert tx.driver.execute("SELECT count(*) FROM outbox WHERE state = 'queued' AND chat = '1'").fetchone()[0] == 0


def sent_to(live: Live, chat: int) -> list[object]:
    return [call for call in live.api.called("sendMessage") if call.text("chat_id") == str(chat)]
