"""The machine: room on its disk, the process on it, its clock."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.checks.finding import Finding
from bot.checks.rows import value
from bot.lock import ProcessLock
from bot.settings import Settings

LEAST_FREE, ENOUGH_FREE = 200 * 2**20, 2**30
AHEAD = timedelta(minutes=2)


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
    """With PostgreSQL there may be several, and another check knows them."""
    lock = ProcessLock(settings.database_file)
    if settings.on_postgres or not settings.database_file.parent.is_dir():
        return
    holder = lock.holder()
    yield Finding(True, f"服务正在运行，进程 {holder}" if lock.is_taken() else "服务没有在运行")


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


def _latest(settings: Settings) -> datetime | None:
    found = value(settings, "SELECT max(received_at) FROM inbox")
    if not found:
        return None
    moment = datetime.fromisoformat(str(found))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _offset(settings: Settings) -> timedelta:
    return timedelta(seconds=float(str(value(settings, "SELECT value FROM fact WHERE key = 'clock_offset'") or 0)))
