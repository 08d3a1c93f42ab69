"""With PostgreSQL: which machines work on it, and who of them does what there is one of."""

import importlib
from collections.abc import Iterator

from bot import duties
from bot.checks.finding import Finding
from bot.checks.rows import view
from bot.settings import Settings

CONNECTIONS = """SELECT coalesce(host(client_addr), ''), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'huixiang%' AND pid <> pg_backend_pid()
    GROUP BY 1 ORDER BY 1"""
HOLDERS = """SELECT l.classid::bigint, l.objid::bigint, coalesce(host(a.client_addr), ''),
    split_part(a.application_name, ' ', 2), a.backend_start
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()"""
WHOLE = 2**64


def cluster(settings: Settings) -> Iterator[Finding]:
    """Nothing to tell of a company in one process, which has no driver of PostgreSQL either."""
    if not settings.on_postgres:
        return
    key_of = importlib.import_module("storage.advisory").key_of
    with view(settings) as tx:
        if tx is None:
            return
        hosts = tx.driver.execute(CONNECTIONS).fetchall()
        holders = tx.driver.execute(HOLDERS).fetchall()
    if not hosts:
        yield Finding(True, "没有进程在用这个数据库")
        return
    told = "、".join(f"{_named(host)} {count} 条连接" for host, count in hosts)
    yield Finding(True, f"正在用这个数据库的：{told}")
    held = {(high << 32 | low) % WHOLE: (host, process, since) for high, low, host, process, since in holders}
    for name, (duty, command) in wanted(settings).items():
        yield _duty(duty, command, held.get(key_of(duties.lock_of(name)) % WHOLE))


def wanted(settings: Settings) -> dict[str, tuple[str, str]]:
    """The duties that somebody must have: what each is, and the command of who could."""
    token = settings.telegram_token.get_secret_value()
    found = {duties.delivery("web"): ("发网页上的消息", "huixiang worker")}
    if token:
        found[duties.delivery("telegram")] = ("发 Telegram 的消息", "huixiang worker")
    found[duties.CHORES] = ("取照片、请模型、发通知", "huixiang worker")
    if duties.polls(settings):
        found[duties.poll(token)] = ("收 Telegram 的消息", "huixiang poll")
    return found


def _duty(duty: str, command: str, holder: "tuple[str, str, object] | None") -> Finding:
    if holder is None:
        return Finding(False, f"没有进程在{duty}", f"请启动 {command}；刚停了一个的话，十几秒内会有别的接手。")
    host, process, since = holder
    return Finding(True, f"{duty}：{_named(host)}，进程 {process}，从 {since:%m-%d %H:%M} UTC 起")


def _named(host: str) -> str:
    return host or "本机"
