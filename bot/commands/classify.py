"""`huixiang classify`: messages in as JSON lines, what they mean out as JSON lines."""

import io
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from nlp.crowd import classify_together
from nlp.reader import Reader

SOME = 50
"""Answers after which the count on the terminal moves."""
Jobs = Annotated[int | None, typer.Option(help="用几个进程一起读；不写就是每个核一个。", min=1)]


def classify(jobs: Jobs = None) -> None:
    """读懂消息：标准输入每行一个 JSON（id、from、text、at），标准输出每行一个结果，次序不变。"""
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape")
    answers = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
    for answer in _watched(classify_together(Reader.load(), lines, jobs or _cores())):
        answers.write(answer + "\n")


def _cores() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _watched(answers: Iterable[str]) -> Iterator[str]:
    """Counts on the terminal while the answers go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from answers
        return
    text = TextColumn("读了 {task.completed:.0f} 条{task.fields[pace]}")
    with Progress(SpinnerColumn(), text, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, pace="")
        count = 0
        for count, answer in enumerate(answers, 1):
            yield answer
            if count % SOME == 0:
                progress.update(task, completed=count, pace=_pace(progress.tasks[0].speed))
        progress.update(task, completed=count)


def _pace(speed: float | None) -> str:
    return f"，每秒 {speed:.0f} 条" if speed else ""


COMMAND = classify
