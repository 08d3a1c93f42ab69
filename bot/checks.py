"""What `huixiang doctor` looks at. Each check answers with what it found and, when something is wrong, what to do."""

import importlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from bot.company import load_company, load_texts
from bot.lock import ProcessLock
from bot.settings import Settings
from domain.errors import HuixiangError, SettingsError
from handlers.texts import DEFAULT_LOCALE
from storage import migrating

LEAST_FREE, ENOUGH_FREE = 200 * 2**20, 2**30
LOCKED_SECONDS = 3.0
AHEAD = timedelta(minutes=2)
REACH_SECONDS = 8.0
UNLED = """SELECT code FROM branch WHERE NOT EXISTS (
    SELECT 1 FROM person WHERE role = 'supervisor' AND (branch_id = branch.id OR branch_id IS NULL))"""
CHANGED = {"corpus": "自带的例子更新了", "dictionary": "词典更新了", "file": "文件坏了"}
"""Why a model does not fit any more; a library is called by its name."""
OFFICIAL_API = "https://api.telegram.org"
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do; empty when all is well."""

    ok: bool
    what: str
    advice: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def company(settings: Settings) -> Iterator[Finding]:
    try:
        known = load_company(settings.company_dir, settings.timezone)
        texts = load_texts(settings.company_dir, known.hours.timezone)
    except SettingsError as error:
        yield Finding(False, "公司的政策或文字有误", error.message)
        return
    yield Finding(True, f"公司 {known.name}，时区 {known.hours.timezone}")
    count = sum(len(entries) for entries in texts.tables[DEFAULT_LOCALE].values())
    yield Finding(True, f"文字 {count} 条，语言 {'、'.join(sorted(texts.tables))}")


def reader(settings: Settings) -> Iterator[Finding]:
    try:
        reading = importlib.import_module("bot.reading")
        choice = reading.choose(settings.model_file)
        importlib.import_module("nlp.reader").Reader.load(model=choice.file)
    except Exception as error:
        yield Finding(False, f"词典或模型读不出来（{type(error).__name__}）", "请重新安装：make install")
        return
    yield Finding(True, "词典和模型可以用")
    if choice.passed_over:
        why = CHANGED.get(choice.passed_over, f"{choice.passed_over} 换了版本")
        what = f"公司自己的模型没有用上，先用自带的（{why}）"
        yield Finding(False, what, "请运行 huixiang train 重新训练，再重启服务。")
    elif choice.corrections:
        yield Finding(True, f"用的是公司自己的模型，学过 {choice.corrections} 条改过的分类")
    kept = int(str(_value(settings, "SELECT count(*) FROM correction") or 0))
    if kept > choice.corrections and not choice.passed_over:
        advice = "攒到几十条后，运行 huixiang train。"
        yield Finding(True, f"有 {kept - choice.corrections} 条改过的分类还没有学", advice)


def disk(settings: Settings) -> Iterator[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    what = f"磁盘还剩 {free / 2**30:.1f} GB（{settings.data_dir.resolve()}）"
    advice = "请清理磁盘；不到 200 MB 时不再接收照片。" if free < ENOUGH_FREE else ""
    yield Finding(free >= LEAST_FREE, what, advice)
    probe = settings.data_dir / ".doctor"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        yield Finding(False, f"写不了 {settings.data_dir}（{error.strerror}）", "请检查文件夹的权限和所属用户。")


def process(settings: Settings) -> Iterator[Finding]:
    lock = ProcessLock(settings.database_file)
    if not settings.database_file.parent.is_dir():
        return
    holder = lock.holder()
    yield Finding(True, f"服务正在运行，进程 {holder}" if lock.is_taken() else "服务没有在运行")


def database(settings: Settings) -> Iterator[Finding]:
    file = settings.database_file
    try:
        standing = migrating.standing(file)
    except sqlite3.DatabaseError as error:
        yield Finding(False, f"{file} 打不开（{error}）", "请从备份恢复，或换一个 HUIXIANG_DATABASE_URL。")
        return
    if standing == migrating.NEW:
        yield Finding(True, "还没有数据库，第一次启动时会建好")
    elif standing == migrating.NEWER:
        yield Finding(False, "数据库是更新版本的程序建的", "请先升级程序。")
    else:
        yield Finding(True, "数据库结构是最新的" if standing == migrating.CURRENT else "数据库结构会在启动时升级")
        with closing(sqlite3.connect(file, timeout=LOCKED_SECONDS, isolation_level=None)) as connection:
            yield from _inside(connection)


def _inside(connection: sqlite3.Connection) -> Iterator[Finding]:
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        yield Finding(False, f"数据库写不进去（{error}）", "可能有别的程序锁着它，请关掉打开这个数据库的工具。")
        return
    except sqlite3.DatabaseError as error:
        verdict, journal = str(error), "wal"
    yield Finding(verdict == "ok", f"数据库完整性 {verdict}", "" if verdict == "ok" else "请停掉服务，从备份恢复。")
    advice = "" if journal == "wal" else "不要把数据库放在网络盘上，启动服务后会自动改回 WAL。"
    yield Finding(journal == "wal", f"写入方式 {journal.upper()}", advice)


def clock(settings: Settings) -> Iterator[Finding]:
    """Rows from the future mean that the clock was set back."""
    now = datetime.now(UTC)
    latest, offset = _latest(settings), _offset(settings)
    if latest is not None and latest - offset > now + AHEAD:
        ahead = latest - offset - now
        what = f"系统时间比最近的记录还早 {ahead}"
        yield Finding(False, what, "时钟可能被调回过：请打开时间同步（timedatectl set-ntp true）再启动。")
    else:
        moved = f"，演示时间拨快了 {offset}" if offset else ""
        yield Finding(True, f"时钟正常 {now:%Y-%m-%d %H:%M} UTC{moved}")


def branches(settings: Settings) -> Iterator[Finding]:
    """Those of the file, those that only the database knows any more, and those that nobody leads."""
    wanted = {one.code: one.name for one in load_company(settings.company_dir, settings.timezone).branches}
    known = {str(code): str(name) for code, name in _rows(settings, "SELECT code, name FROM branch ORDER BY id")}
    named = "、".join(f"{name}（{code}）" for code, name in (known | wanted).items())
    yield Finding(True, f"门店：{named}" if named else "没有分门店，订单和同事都归公司")
    if left := [code for code in known if wanted and code not in wanted]:
        advice = "订单和同事还认得它，所以不会删；如果只是改名，请用回原来的 code。"
        yield Finding(True, f"不在 policy.toml 里的门店：{'、'.join(left)}", advice)
    for (code,) in _rows(settings, UNLED):
        advice = f"请用 huixiang staff invite supervisor 姓名 --branch {code} 邀请一位，否则案件直接找下一级。"
        yield Finding(True, f"门店 {code} 还没有主管", advice)


def _rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """None when there is no such table yet."""
    if not settings.database_file.is_file():
        return []
    try:
        with closing(sqlite3.connect(settings.database_file, timeout=LOCKED_SECONDS)) as connection:
            return connection.execute(sql).fetchall()
    except sqlite3.DatabaseError:
        return []


def _latest(settings: Settings) -> datetime | None:
    found = _value(settings, "SELECT max(received_at) FROM inbox")
    return datetime.fromisoformat(str(found)).replace(tzinfo=UTC) if found else None


def _offset(settings: Settings) -> timedelta:
    return timedelta(seconds=float(str(_value(settings, "SELECT value FROM fact WHERE key = 'clock_offset'") or 0)))


def _value(settings: Settings, sql: str) -> object:
    """One value, None when there is no such thing."""
    rows = _rows(settings, sql)
    return rows[0][0] if rows else None


def backlog(settings: Settings) -> Iterator[Finding]:
    """Events and messages that wait for a human look."""
    parked = _value(settings, "SELECT count(*) FROM inbox WHERE state = 'parked'") or 0
    dead = _value(settings, "SELECT count(*) FROM outbox WHERE state = 'dead'") or 0
    if parked:
        yield Finding(False, f"{parked} 条消息没能处理", "请在日志里找 turn_failed，把 event_id 一起报给开发者。")
    yield Finding(True, f"没能送达的消息 {dead} 条")


def telegram(settings: Settings) -> Iterator[Finding]:
    token = settings.telegram_token.get_secret_value()
    if not token:
        yield Finding(True, "Telegram 没有配置，只用网页聊天")
        return
    try:
        answer = httpx.get(f"{settings.telegram_api or OFFICIAL_API}/bot{token}/getMe", timeout=REACH_SECONDS).json()
    except (httpx.HTTPError, ValueError) as error:
        advice = "请检查网络，或用 HUIXIANG_TELEGRAM_API 指定代理或自建的 Bot API。"
        yield Finding(False, f"Telegram 连不上（{type(error).__name__}）", advice)
        return
    if answer.get("ok"):
        yield Finding(True, f"Telegram 机器人 @{answer['result']['username']}，方式 {settings.telegram_mode}")
    else:
        yield Finding(False, "Telegram 不认这个令牌", "请向 @BotFather 重新取一个，填到 HUIXIANG_TELEGRAM_TOKEN。")


def models(settings: Settings) -> Iterator[Finding]:
    """Whether the service answers and knows the models; nothing is spent."""
    if not (settings.reads_again or settings.listens):
        yield Finding(True, "语言模型没有配置，只用自带的词典，语音由同事听")
        return
    address = f"{settings.openai_base_url or OPENAI}/models"
    key = settings.openai_api_key.get_secret_value()
    try:
        answer = httpx.get(address, headers={"Authorization": f"Bearer {key}"}, timeout=REACH_SECONDS)
    except httpx.HTTPError as error:
        advice = "请检查网络和 OPENAI_BASE_URL；连不上时照常接待客户，只是少读一遍。"
        yield Finding(False, f"语言模型连不上（{type(error).__name__}）", advice)
        return
    if answer.status_code in (401, 403):
        yield Finding(False, "语言模型的服务不认这个密钥", "请检查 OPENAI_API_KEY。")
        return
    named = {"HUIXIANG_LLM_MODEL": settings.llm_model, "HUIXIANG_STT_MODEL": settings.stt_model}
    listed = _listed(answer)
    for name, model in named.items():
        if model and listed and model not in listed:
            yield Finding(False, f"语言模型的服务里没有 {model}", f"请检查 {name}。")
    calls, _, count = str(_value(settings, "SELECT value FROM fact WHERE key = 'model_calls'") or "").partition(" ")
    spent = f"，{calls} 用了 {count}" if count else ""
    yield Finding(True, f"语言模型连得上，每天最多 {settings.llm_daily} 次{spent}")


def _listed(answer: httpx.Response) -> set[str]:
    """The models that the service names; empty when it keeps no list."""
    try:
        return {str(one["id"]) for one in answer.json()["data"]}
    except (ValueError, LookupError, TypeError):
        return set()


CHECKS: tuple[Check, ...] = (
    company, branches, reader, disk, process, database, clock, backlog, telegram, models
)  # fmt: skip


def examine(settings: Settings) -> Iterator[Finding]:
    """All checks; one that fails itself is a finding too."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except (OSError, HuixiangError, ValueError) as error:
            yield Finding(False, f"检查 {check.__name__} 没能完成（{type(error).__name__}）", str(error)[:200])
