"""The page where people join and leave: for managers and owners, without a command line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import links, people
from storage.desk import Login
from storage.inbox import Inbox
from storage.links import Link
from storage.statement import Statement, core
from tests.web.house_server import DeskClient, HouseServer

STAFF = "/desk/staff"
EVENTS, LOGINS = Statement(select(core(Inbox))), Statement(select(core(Login)))


class StaffServer(HouseServer):
    """With two more supervisors: one gets a new password, the other leaves."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.he, self.wu = self.house.supervisor("何主管"), self.house.supervisor("吴主管")
        for guest, username in ((self.lead, "chen"), (self.he, "he"), (self.boss, "lin"), (self.owner, "zhou")):
            self.login(guest, username)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffServer]:
    server = StaffServer(tmp_path_factory.mktemp("staff"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def owner(server: StaffServer) -> DeskClient:
    return server.enter("zhou")


def open_invitations(server: StaffServer) -> list[Link]:
    with server.house.tx() as tx:
        return links.invitations(tx, server.house.clock.now())


def card_of(page: str, name: str) -> str:
    return next(card for card in page.split('<li class="card colleague">') if f"<b>{name}</b>" in card)


def test_a_supervisor_sees_neither_the_page_nor_its_name_and_does_nothing_there(server: StaffServer) -> None:
    desk = server.enter("chen")
    assert 'href="/desk/staff"' not in desk.get("/desk/cases").text
    assert desk.get(STAFF).status_code == 403
    person = server.cleaner.person_id
    for action, form in (
        ("invite_staff", {"role": "cleaner", "name": "小赵", "hours": 48}),
        ("dismiss_staff", {"person": person}),
        ("give_login", {"person": server.lead.person_id}),
    ):
        assert desk.do(action, **form).status == 403, action
    assert server.cleaner.person.role == "cleaner"
    assert open_invitations(server) == []


def test_everybody_is_listed_with_what_they_have(server: StaffServer, owner: DeskClient) -> None:
    number = server.open_case(order=1)
    server.act(server.lead, "take_case", case=int(number.removeprefix("HX")) - 1000)
    page = owner.get(STAFF).text
    lead, cleaner = card_of(page, "陈主管"), card_of(page, "李秀兰")

    assert 'href="/desk/staff" aria-current="page"' in page
    assert re.search(r"\d 个案件", lead)
    assert "工作台账号：chen" in lead
    assert "能收到消息：网页聊天" in lead
    assert "1 次上门" in cleaner
    assert "工作台账号" not in cleaner
    assert "要另外派人" in cleaner
    assert "系统" not in re.findall(r"<b>([^<]+)</b>", page)
    assert "确认周总离职" not in page, "nobody lets themself go"


def test_a_manager_is_offered_only_those_below(server: StaffServer) -> None:
    desk = server.enter("lin")
    page = desk.get(STAFF).text
    assert "确认陈主管离职" in page
    assert "确认周总离职" not in page
    assert 'value="owner"' not in page
    assert desk.do("dismiss_staff", person=server.owner.person_id).status == 403
    taken = desk.do("give_login", person=server.owner.person_id, username="zhou")
    assert (taken.status, "要老板才能办" in taken.text) == (403, True), "else a manager could become an owner"
    assert server.enter("zhou").get(STAFF).status_code == 200


def test_an_invitation_is_shown_once_with_its_code_and_can_be_taken_back(
    server: StaffServer, owner: DeskClient
) -> None:
    form = {"role": "cleaner", "name": "小钱", "hours": 24, "form": "invite"}
    made = owner.do("invite_staff", **form)
    (link,) = open_invitations(server)

    assert link.code in made.text
    assert link.code in owner.do("invite_staff", **form).text
    assert len(open_invitations(server)) == 1, "twice is once"
    assert f"/desk/qr/{link.code}.svg" in made.text
    assert not re.search(rf'href="[^"]*c={link.code}', made.text), "a tap on it here would use it up"
    assert made.told["said"]["text"] == "邀请做好了，请发给本人。"
    page = owner.get(STAFF).text
    assert link.code not in page
    assert "小钱" in page
    assert owner.do("void_invitation", invitation=link.id).told["said"]["text"] == "邀请已作废。"
    assert open_invitations(server) == []


def test_without_scripts_the_link_stands_on_the_whole_page(server: StaffServer, owner: DeskClient) -> None:
    form = {"csrf": owner.csrf, "once": "plain", "role": "supervisor", "name": "小孙", "hours": "2"}
    page = owner.post("/desk/do/invite_staff", form)
    (link,) = open_invitations(server)

    assert page.status_code == 200
    assert link.code in page.text
    assert 'hx-get="/desk/staff"' in page.text
    owner.do("void_invitation", invitation=link.id)


@pytest.mark.parametrize(("field", "value", "words"), [
    ("name", "", "请填写“姓名”"), ("role", "customer", "请填写“角色”"), ("hours", "0", "1 到 720"),
    ("hours", "abc", "“有效小时数”填得不对"),
])  # fmt: skip
def test_a_wrong_field_is_named(owner: DeskClient, field: str, value: str, words: str) -> None:
    sent = owner.do("invite_staff", **{"role": "cleaner", "name": "小李", "hours": "48", field: value})

    assert (sent.status, words in sent.text) == (422, True)


def test_a_login_is_given_with_a_password_shown_once_and_renewed(server: StaffServer, owner: DeskClient) -> None:
    before = server.enter("he")
    sent = owner.do("give_login", person=server.he.person_id, username="he2", form="login-3")
    password = re.findall(r'secret">([^<]+)<', sent.text)

    assert len(password) == 1
    assert before.get("/desk/cases").status_code == 303, "whoever knew the old password is out"
    assert server.enter("he2", password[0]).get("/desk/cases").status_code == 200
    assert password[0] not in owner.get(STAFF).text
    with server.house.tx() as tx:
        rows = [str(tuple(row)) for what in (EVENTS, LOGINS) for row in tx.all(what)]
    assert rows
    assert not [row for row in rows if password[0] in row], "kept nowhere"
    assert "换一个" in owner.do("give_login", person=server.boss.person_id, username="he2").text
    assert owner.do("give_login", person=server.cleaner.person_id, username="li").status == 404


def test_who_leaves_is_gone_at_once_and_twice_is_once(server: StaffServer, owner: DeskClient) -> None:
    number = server.open_case(order=1)
    server.act(server.wu, "take_case", case=int(number.removeprefix("HX")) - 1000)
    first = owner.do("dismiss_staff", once="go", person=server.wu.person_id)
    again = owner.do("dismiss_staff", once="go", person=server.wu.person_id)
    other = server.enter("lin").do("dismiss_staff", person=server.wu.person_id)

    assert first.told["said"]["text"] == "吴主管的离职办好了，1 个案件已转给当班的同事。"
    assert again.told == first.told, "the same form is the same event"
    assert other.told["said"]["text"] == "已经有人先办了，页面已更新。"
    assert [heard.key for heard in server.wu.heard].count("parting.goodbye") == 1
    timeline = owner.get(f"/desk/cases/{number}").text.split('id="timeline"')[1]
    assert "吴主管 · 主管" in timeline, "who did what stays known"
    page = owner.get(STAFF).text
    assert "确认吴主管离职" not in page
    assert "由周总办理" in page
    with server.house.tx() as tx:
        assert people.get(tx, server.wu.person_id).name == "吴主管"


def test_a_form_of_another_page_is_refused(server: StaffServer, owner: DeskClient) -> None:
    assert owner.do("dismiss_staff", csrf="guess", person=server.cleaner.person_id).status == 403
    assert server.cleaner.person.role == "cleaner"
