"""`huixiang train`: a model of the company's own, from the shipped examples and what its people put right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import Settings, load_settings
from domain.errors import Invalid
from domain.labels import CaseType, Intent, Priority
from nlp.eyes import Eyes
from nlp.learning.company import Figures, Trial, learn
from nlp.learning.examples import CORPUS, CORRECTIONS, Example, read_examples, training_files
from nlp.origin import fingerprint
from nlp.reader import load_nouns
from storage import corrections
from storage.corrections import Correction
from storage.database import Database
from storage.erasing import BLANK
from storage.migrating import CURRENT, standing

Force = Annotated[bool, typer.Option("--force", help="成绩变差也换上新模型。")]
Corpus = Annotated[Path, typer.Option(help="例子所在的文件夹；不写就是随程序来的。", show_default=False)]
NAMES = {"intent": "意图", "type": "投诉类型", "priority": "优先级", "urgent": "紧急的没漏掉"}


def train(force: Force = False, corpus: Corpus = CORPUS) -> None:
    """用同事改过的分类，加上自带的例子，训练公司自己的模型。

    要一两分钟；变差了就不换。
    """
    settings, console = load_settings(), Console(highlight=False, soft_wrap=True)
    own = list(_corrections(settings))
    if not own:
        _nothing_to_learn(settings, console)
        return
    files = training_files(corpus)
    examples = list(read_examples(files))
    console.print(f"自带的例子 {len(examples)} 条，公司改过的 {len(own)} 条，正在学……", markup=False)
    made_from = {**fingerprint(files), "examples": len(examples) + len(own), "corrections": len(own)}
    model, trial = learn(examples, own, Eyes.load(load_nouns().all()), made_from)
    _show(console, trial)
    if trial.worse and not force:
        raise Invalid("有成绩变差了，没有换上新模型。请看看最近改的分类对不对；一定要换，加 --force。")
    model.save(settings.model_file)
    console.print(f"写好了：{settings.model_file}。重启服务后用它。", markup=False)


def taught(row: Correction) -> Example:
    """A correction as an example of the corpus."""
    return Example(
        batch=CORRECTIONS,
        id=f"case-{row.case_id}",
        sender="cleaner" if row.sender == "cleaner" else "customer",
        text=row.text,
        at=row.at,
        intent=Intent(row.intent),
        primary=CaseType(row.type) if row.type else None,
        secondary=tuple(map(CaseType, row.secondary)),
        priority=Priority(row.priority) if row.priority else None,
        anger=row.anger,
    )


def _corrections(settings: Settings) -> Iterator[Example]:
    """None while there is no database, or one that the next start still has to bring up to date."""
    if standing(settings.url) != CURRENT:
        return
    database = Database(settings.url)
    try:
        with database.read() as tx:
            yield from (taught(row) for row in corrections.all_of_them(tx) if row.text.strip(BLANK).strip())
    finally:
        database.close()


def _nothing_to_learn(settings: Settings, console: Console) -> None:
    """What an earlier model knew of words that are erased since must not stay."""
    if settings.model_file.is_file():
        settings.model_file.unlink()
        console.print("已经没有改过的分类了，旧的模型删掉了；重启服务后用自带的。")
    else:
        console.print("还没有改过的分类，不用训练：现在用的就是自带的模型。主管在案件里点“改分类”，这里就能学到。")


def _show(console: Console, trial: Trial) -> None:
    """Before and after, side by side."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for heading in ("学之前", "学之后"):
        table.add_column(heading, justify="right")
    _rows(table, "没学过的例子", trial.aside)
    if trial.own is not None:
        _rows(table, "公司改过、留着没学的", trial.own)
    console.print(table)


def _rows(table: Table, about: str, pair: tuple[Figures, Figures]) -> None:
    before, after = pair
    table.add_row(f"{about} {before.intent.of} 条", "", "", style="bold")
    for name, shown in NAMES.items():
        if not getattr(before, name).of:
            continue
        table.add_row(f"  {shown}", f"{getattr(before, name).rate:.1%}", f"{getattr(after, name).rate:.1%}")


COMMAND = train
