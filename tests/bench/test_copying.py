"""Copies of a company are as real as the first: found by their numbers and chats, and no two the same."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bench import turning
from bench.company import FIRST_CHAT, STORY, Company
from bench.copying import COLUMNS, STRIDE, copy, count
from domain.events import Address
from storage import cases, conversations, escalations, inbox, timers
from tests.harness import shared_reader

PEOPLE, COPIES = 3, 4


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    with closing(Company(folder, reader=shared_reader())) as made:
        made.settle(PEOPLE)
        copy(made.database.url, COPIES)
        yield made


@pytest.mark.parametrize("table", COLUMNS)
def test_every_row_is_copied_so_many_times(company: Company, table: str) -> None:
    staff = 4 if table in ("person", "conversation") else 0
    copied, rest = divmod(count(company.database.url, table) - staff, COPIES + 1)
    assert rest == 0
    assert copied >= PEOPLE


def test_a_copy_hangs_together(company: Company) -> None:
    chat = FIRST_CHAT + 1 + 2 * STRIDE
    with company.database.read() as tx:
        talk = conversations.at(tx, Address("telegram", str(chat)))
        assert talk is not None
        (case,) = cases.of_customer(tx, talk.person_id)
        assert case.number == f"HX{1000 + (case.id or 0)}"
        assert cases.entries(tx, case.id or 0)[0].kind == "opened"
        assert len(cases.tasks(tx, case.id or 0)) == 1
        assert escalations.about(tx, f"case:{case.id}") is not None
        assert timers.find(tx, "ladder", f"case:{case.id}") is not None
        assert len(inbox.of_lane(tx, f"telegram:{chat}")) == len(STORY)


def test_a_turn_looks_through_no_table(company: Company) -> None:
    seen = turning.Seen()
    for number in range(2 * len(STORY)):
        chat = turning.chats(COPIES, number // len(STORY))
        turning.turn(company, chat, STORY[number % len(STORY)], f"new{number}", seen)
    assert turning.scans(company.core.settings.database_file, seen.statements) == []


def test_a_look_through_a_table_is_found(company: Company) -> None:
    asked = {"SELECT * FROM cases WHERE text = ?": 1}
    (found,) = turning.scans(company.core.settings.database_file, asked)
    assert found.startswith("cases: ")
