"""The command line, as a person or a script at the company's machine uses it."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli import run
from tests.bot.processes import ROOT, Serving, huixiang

HEAD = "订单号,客户,电话,服务,上门时间,价格\n"
GOOD = "A1,王女士,13800000001,日常保洁,2099-11-25 14:00,239\n"
BAD = "A2,张先生,12,日常保洁,昨天,239\n"


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Desk:
    """Somebody at the company's machine; commands run in this process, which is quicker than starting one."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def types(self, *args: str, **settings: str) -> Ended:
        given = {"data_dir": str(self.folder), "company_dir": str(ROOT / "company"), **settings}
        with self.monkeypatch.context() as patch:
            patch.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith("HUIXIANG_")]:
                patch.delenv(name)
            for name, value in given.items():
                patch.setenv(f"HUIXIANG_{name.upper()}", value)
            with capture_logs():
                code = run(list(args))
        return Ended(code, *self.capsys.readouterr())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def table(folder: Path, *rows: str, encoding: str = "utf-8") -> str:
    file = folder / "orders.csv"
    file.write_text(HEAD + "".join(rows), encoding=encoding)
    return str(file)


def numbers(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "huixiang.db")) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM orders ORDER BY number")]


def test_orders_are_imported_without_a_server_and_again_without_effect(tmp_path: Path, desk: Desk) -> None:
    file = table(tmp_path, GOOD, GOOD.replace("A1", "A2"), encoding="gbk")
    ended = desk.types("import", "orders", file)
    assert (ended.returncode, numbers(tmp_path)) == (0, ["A1", "A2"])
    assert "2 行成功" in ended.stdout
    assert desk.types("import", "orders", file).returncode == 0
    with closing(sqlite3.connect(tmp_path / "huixiang.db")) as connection:
        assert connection.execute("SELECT max(version) FROM orders").fetchone() == (1,)


def test_one_bad_row_holds_up_the_whole_file_unless_told_otherwise(tmp_path: Path, desk: Desk) -> None:
    file = table(tmp_path, GOOD, BAD)
    ended = desk.types("import", "orders", file)
    assert ended.returncode == 1
    assert "第 3 行" in ended.stdout
    assert "一行都没有导入" in ended.stdout
    assert not (tmp_path / "huixiang.db").exists()
    ended = desk.types("import", "orders", "--skip-bad", file)
    assert (ended.returncode, numbers(tmp_path)) == (1, ["A1"])


def test_a_dry_run_writes_nothing(tmp_path: Path, desk: Desk) -> None:
    ended = desk.types("import", "orders", "--dry-run", table(tmp_path, GOOD))
    assert ended.returncode == 0
    assert not (tmp_path / "huixiang.db").exists()


def test_what_only_the_company_can_know_is_told_by_line(tmp_path: Path, desk: Desk) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(HEAD.replace("价格", "保洁师") + GOOD.replace("239", "没有这个人"), encoding="utf-8")
    ended = desk.types("import", "orders", str(file))
    assert ended.returncode == 1
    assert "第 2 行 A1：没有找到这位保洁师。" in ended.stdout


def test_errands_reach_a_serving_process(tmp_path: Path, desk: Desk) -> None:
    with Serving(tmp_path):
        ended = desk.types("import", "orders", table(tmp_path, GOOD))
        assert (ended.returncode, numbers(tmp_path)) == (0, ["A1"])
        refused = desk.types("coupon", "redeem", "NO-SUCH", "--order", "A1")
        assert refused.returncode == 1
        assert "券码" in refused.stderr
        assert "Traceback" not in refused.stderr
        invited = desk.types("staff", "invite", "cleaner", "李秀兰")
        assert invited.returncode == 0
        assert "/chat?c=" in invited.stdout
        assert "还没有同事" in desk.types("staff", "list").stdout
        nobody = desk.types("staff", "dismiss", "没有这个人", "--yes")
        assert (nobody.returncode, "没有叫没有这个人的同事" in nobody.stderr) == (1, True)
        assert "服务正在运行" in desk.types("doctor").stdout


def test_an_unknown_role_is_told_which_there_are(desk: Desk) -> None:
    ended = desk.types("staff", "invite", "king", "李秀兰")
    assert ended.returncode == 1
    assert "supervisor" in ended.stderr


def test_classify_answers_line_by_line(tmp_path: Path) -> None:
    asked = {"id": "7", "from": "customer", "text": "地板没擦干净", "at": "2026-11-21T10:00:00+08:00"}
    ended = huixiang(tmp_path, "classify", given=json.dumps(asked, ensure_ascii=False) + "\nnonsense\n")
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["id"], first["intent"], first["primary"]) == ("7", "complaint", "quality")
    assert "error" in second


def test_the_doctor_finds_a_healthy_company_healthy(desk: Desk) -> None:
    ended = desk.types("doctor")
    assert ended.returncode == 0
    assert "✗" not in ended.stdout


def test_the_doctor_says_what_to_do(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "huixiang.db").write_bytes(b"not a database at all, but long enough " * 99)
    ended = desk.types("doctor", telegram_token="1:a", telegram_api="http://127.0.0.1:1", colour="red")
    assert ended.returncode == 1
    assert ended.stdout.count("✗") == 3
    assert ended.stdout.count("→") == 3
    assert "1:a" not in ended.stdout


def test_a_chat_in_the_terminal(tmp_path: Path) -> None:
    ended = huixiang(tmp_path, "chat", given="/as supervisor\n你好\n/as king\n")
    assert ended.returncode == 0
    assert "陈主管您好" in ended.stdout
    assert "回响 → 主管" in ended.stdout
    assert "可以切换成" in ended.stdout


def test_an_unknown_command_is_refused(desk: Desk) -> None:
    assert desk.types("dance").returncode == 2


def test_customers_data_is_exported_then_erased_for_good(tmp_path: Path, desk: Desk) -> None:
    desk.types("import", "orders", table(tmp_path, GOOD))
    printed = desk.types("customer", "export", "138 0000 0001")
    assert json.loads(printed.stdout)["person"]["name"] == "王女士"
    file = tmp_path / "copy.json"
    assert desk.types("customer", "export", "13800000001", "--to", str(file)).returncode == 0
    assert json.loads(file.read_text("utf-8"))["orders"][0]["number"] == "A1"
    assert file.stat().st_mode & 0o077 == 0, "for nobody else's eyes"
    assert "已经有了" in desk.types("customer", "export", "13800000001", "--to", str(file)).stderr

    assert desk.types("customer", "erase", "13800000001", "--yes").returncode == 0
    assert "没有这位客户" in desk.types("customer", "export", "13800000001").stderr, "and the number is not kept for it"
    with closing(sqlite3.connect(tmp_path / "huixiang.db")) as connection:
        rows = "".join(connection.iterdump())
    assert "王女士" not in rows
    assert "13800000001" not in rows


def test_a_branch_of_the_companys_file_takes_orders_and_staff_and_doctor_asks_who_leads_it(
    tmp_path: Path, desk: Desk
) -> None:
    mine = shutil.copytree(ROOT / "company", tmp_path / "mine")
    policy = mine / "policy.toml"
    branch = '[[branches]]\ncode = "jingan"\nname = "静安店"\n\n[hours]'
    policy.write_text(policy.read_text("utf-8").replace("[hours]", branch), "utf-8")
    ours = {"company_dir": str(mine)}
    assert "静安店（jingan）" in desk.types("doctor", **ours).stdout
    file = tmp_path / "jingan.csv"
    file.write_text(HEAD.replace("\n", ",门店\n") + GOOD.replace("\n", ",jingan\n"), "utf-8")
    assert desk.types("import", "orders", str(file), **ours).returncode == 0
    assert "门店 jingan 还没有主管" in desk.types("doctor", **ours).stdout
    assert desk.types("staff", "invite", "supervisor", "陈主管", "--branch", "jingan", **ours).returncode == 0
    with closing(sqlite3.connect(tmp_path / "huixiang.db")) as connection:
        named = connection.execute("SELECT branch.code FROM branch JOIN orders ON branch_id = branch.id").fetchall()
    assert named == [("jingan",)]
    assert "不在 policy.toml 里的门店" not in desk.types("doctor").stdout, (
        "a company that lists none lists none wrongly"
    )


def test_a_command_prints_its_answer_and_nothing_else(tmp_path: Path) -> None:
    ended = huixiang(tmp_path, "customer", "export", "13899999999")

    assert (ended.stdout, ended.stderr) == ("", "没有这位客户：请给登记的手机号，或这位客户的案件编号。\n")


def test_the_list_of_commands_says_each_in_a_line_or_two_and_cuts_none_off(desk: Desk) -> None:
    shown = desk.types("--help").stdout
    assert "doctor" in shown
    assert "…" not in shown
