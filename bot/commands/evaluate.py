"""`huixiang evaluate`: how well messages are read that no example was taken from, beside simpler readers."""

import importlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.evaluation import show, show_errors
from domain.errors import Invalid
from nlp.learning.apart import learns_from, lessons, peers, taught_apart
from nlp.learning.evaluate import SNOW, Evaluation, evaluate
from nlp.learning.examples import Example, held_files, read_examples
from nlp.learning.peers import Peer
from nlp.reader import MODEL, Reader

Files = Annotated[list[Path] | None, typer.Option(help="标注好的消息（JSON Lines），可写几次；不写就用留作考试的。")]
Errors = Annotated[int, typer.Option(help="列出多少个最严重的错误。", min=0)]
Json = Annotated[Path | None, typer.Option("--json", help="把所有数字写进这个 JSON 文件。")]
ModelFile = Annotated[Path, typer.Option("--model", help="要考的模型；不写就是随程序来的那个。")]


def examine(files: Files = None, errors: Errors = 100, json_file: Json = None, model: ModelFile = MODEL) -> None:
    """考一考：标注好的消息读对了多少，和更简单的办法比一比。"""
    console = Console(highlight=False)
    asked = files or held_files()
    examples = _read(asked)
    others = lessons(asked)
    reader = _reader(console, asked, others, model)
    console.print(f"一共 {len(examples)} 条，正在读……", style="dim")
    found = evaluate(reader, examples, {**peers(others), **_snow(console)}, errors)
    show(console, found)
    show_errors(console, found.errors)
    if json_file is not None:
        json_file.write_text(_as_json(asked, found), "utf-8")
        console.print(f"数字写进了 {json_file}。", markup=False)


def _read(files: list[Path]) -> list[Example]:
    try:
        examples = list(read_examples(files))
    except (OSError, ValueError) as error:
        raise Invalid(f"读不了标注好的消息：{error}") from error
    if not examples:
        raise Invalid("没有可以考的消息：请用 --files 指明文件。")
    return examples


def _reader(console: Console, asked: list[Path], others: list[Example], model: Path) -> Reader:
    """The model as it is shipped, unless it was taught by what it is asked: then one made without."""
    if model == MODEL and learns_from(asked):
        console.print("这些消息模型学过：现在用其余的消息另训练一个来考，请等一两分钟。", style="yellow")
        return taught_apart(others)
    return Reader.load(model=model)


def _snow(console: Console) -> dict[str, Peer]:
    """SnowNLP when it is installed, else how to install it."""
    try:
        return {SNOW: importlib.import_module("nlp.learning.snow").Snow()}
    except ModuleNotFoundError:
        console.print("没有装 SnowNLP，这次不和它比。要比的话：pip install -c constraints.txt snownlp", style="dim")
        return {}


def _as_json(asked: list[Path], found: Evaluation) -> str:
    about = {"asked": [file.name for file in asked], "taught_apart": learns_from(asked)}
    return json.dumps({**about, **asdict(found)}, ensure_ascii=False, indent=1) + "\n"


COMMAND = examine
