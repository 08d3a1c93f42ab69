"""What is stuck, since when, and how to free it: `huixiang doctor --free` does for all of it what can be done."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checks.finding import Finding
from bot.checks.rows import view
from bot.settings import Settings
from domain.clock import SystemClock
from handlers import auditor
from handlers.troubles import troubles
from storage import waiting
from storage.database import Tx
from storage.waiting import Queue

FREE = "修好原因以后，运行 huixiang doctor --free，让它们马上再来一次。"
START = "服务没在运行就启动它；在运行，就看日志里的 round_failed 和 delivery_waits，再重启。"
RECEIVE = (
    "常见的原因：另一个程序在用同一个令牌取消息（停掉它）；别人给机器人设了 webhook；网络或令牌有问题。"
    "消息留在对方那里，通了再收。"
)
HOLDER = (
    "几个进程一起跑的话，上面“发……的消息”一行写着现在归哪个进程（进程号@机器）；它卡住了就在那台机器上 kill -9 它，"
    "几秒内别的 worker 接手，消息不会丢。"
)
LATE, SLOW = timedelta(minutes=1), timedelta(minutes=10)


def stuck(settings: Settings) -> Iterator[Finding]:
    with view(settings) as tx:
        if tx is not None:
            now = SystemClock().now()
            yield from _channels(tx, now)
            yield from _house(tx, now)
            yield from _elsewhere(tx, now)
            yield from _audit(tx, now)


def _channels(tx: Tx, now: datetime) -> Iterator[Finding]:
    """What the process that receives says of it, wherever that is."""
    for trouble in troubles(tx, now):
        what = f"{trouble.channel} 收不到消息，已经{_ago(now - trouble.since)}：{trouble.detail}"
        yield Finding(False, what, RECEIVE)


def _house(tx: Tx, now: datetime) -> Iterator[Finding]:
    """What we should have done ourselves."""
    yield from _late("件收到的事还没处理", waiting.events(tx, now), now, LATE, START)
    yield from _late("件到点的事还没做", waiting.timers(tx, now), now, LATE, START)
    why = f"日志里的 turn_failed 有原因。{FREE}"
    yield from _late("件事处理失败，搁置了", waiting.parked(tx), now, timedelta(0), why)


def _elsewhere(tx: Tx, now: datetime) -> Iterator[Finding]:
    """What goes out to others."""
    for queue in auditor.unsent(tx, now):
        yield from _late(f"条消息该发没发（{queue.of}）", queue, now, LATE, f"{START}{HOLDER}")
    for queue in waiting.held(tx, now):
        yield Finding(True, f"{queue.count} 条消息等着再发（{queue.of}）", FREE)
    yield from _late("条通知公司系统的消息没送到", waiting.webhooks(tx), now, SLOW, f"请看看对方的系统。{FREE}")
    dead = waiting.dead_webhooks(tx)
    if dead.count:
        yield Finding(False, f"{dead.count} 条通知试完了所有次数，停了", FREE)
    for queue in waiting.failing_jobs(tx):
        yield Finding(True, f"{queue.count} 件请模型做的事没做成，会再试（{queue.of}）", FREE)
    for channel, state, count in waiting.undelivered(tx):
        why = "渠道不收（多半是被拉黑），不会再发" if state == "dead" else "发的时候断了线，不知道到没到"
        yield Finding(True, f"{count} 条消息没能送达（{channel}）：{why}")


def _audit(tx: Tx, now: datetime) -> Iterator[Finding]:
    report = auditor.latest(tx)
    if report is None:
        return
    found = "、".join(f"{name} {count}" for name, count in report.found.items()) or "都做了"
    advice = "" if report.well else "各是什么，见运维文档里的“自己查自己”。"
    yield Finding(report.well, f"上次自己查是{_ago(now - report.at)}前：{found}", advice)


def _late(what: str, queue: Queue, now: datetime, allowed: timedelta, advice: str) -> Iterator[Finding]:
    if queue.since is not None and now - queue.since >= allowed:
        yield Finding(False, f"{queue.count} {what}，最早的等了{_ago(now - queue.since)}", advice)


def _ago(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 120:
        return f" {minutes} 分钟"
    return f" {minutes // 60} 小时" if minutes < 2 * 24 * 60 else f" {minutes // (24 * 60)} 天"
