"""Telegram's numbers go beyond 32 bits: ids of people, groups, messages and updates, and the sizes of files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases
from tests.botapi import BotApi
from tests.hostile.live import SOON, Live, living

PERSON = 2**52 - 1
GROUP = -1_002_000_000_000 - 2**45
UPDATE = 2**40
MESSAGE = 2**33
FOUR_GIB = 2**32
COMPLAINT = "厨房油烟机根本没擦干净，我要求返工"


@pytest.fixture(params=databases.KINDS)
async def live(request: pytest.FixtureRequest, tmp_path: Path, api: BotApi) -> AsyncIterator[Live]:
    url = databases.server().fresh() if request.param == databases.POSTGRES else ""
    async with living(tmp_path, api, HUIXIANG_DATABASE_URL=url, HUIXIANG_TELEGRAM_LIBRARY="ptb") as live:
        yield live
    databases.drop(url)


async def test_numbers_beyond_32_bits_are_kept_and_answered(live: Live, api: BotApi) -> None:
    supervisor = await live.staff(PERSON - 1, "supervisor", "陈主管")
    api.world.updates.skip_to(UPDATE)
    user = api.user(PERSON, "王女士")
    user.chat.last_message = MESSAGE
    user.say(COMPLAINT)
    card = await supervisor.expect("HX", timeout=SOON)
    supervisor.tap(card, 0)
    await user.expect("HX", timeout=SOON)

    size = {"file_id": "a", "file_unique_id": "b", "file_size": FOUR_GIB, "file_name": "x.zip"}
    shown = {"message_id": MESSAGE + 9, "from": user.shown, "chat": user.chat.shown(), "date": 1_790_000_000}
    api.raw_update({"message": {**shown, "document": size}})
    await user.expect("太大", timeout=SOON)

    group = api.group(GROUP, supergroup=True)
    user.within(group).say(f"@huixiang_test_bot {COMPLAINT}")
    await live.settled()
    assert live.count(f"SELECT count(*) FROM inbox WHERE lane = 'telegram:{PERSON}'") >= 2
    assert live.count(f"SELECT size FROM stored_file WHERE owner = 'telegram:{PERSON}'") == FOUR_GIB
    assert live.count(f"SELECT count(*) FROM inbox WHERE replace(key, ':{UPDATE}:', '') <> key") == 1
    assert live.count("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
    assert live.count("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0
