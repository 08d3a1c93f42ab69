"""`huixiang classify`: messages in as JSON lines, what they mean out as JSON lines."""

import io
import sys

from nlp.contract import classify_stream
from nlp.reader import Reader


def classify() -> None:
    """读懂消息：标准输入每行一个 JSON（id、from、text、at），标准输出每行一个结果。"""
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    answers = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
    for answer in classify_stream(Reader.load(), lines):
        answers.write(answer.rstrip("\n") + "\n")


COMMAND = classify
