"""Shows an evaluation at a terminal: figures beside the peers', classes, confusions, calibration, the worst errors."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nlp.learning.evaluate import OURS, Evaluation, Mistake
from nlp.learning.measure import Bin, Score
from nlp.learning.scoring import AIMS, Figures

READERS = {OURS: "回响", "dictionary": "只用词典", "words": "TF-IDF + 逻辑回归", "snownlp": "SnowNLP"}
FIGURES = {
    "intent": "意图", "complaint": "是不是投诉", "primary": "投诉类型", "primary_f1": "投诉类型（宏 F1）",
    "priority": "轻重", "urgent_recall": "紧急的找全了", "urgent_precision": "紧急的没喊错",
    "secondary_f1": "次要类型 F1", "topic_hit": "咨询主题说中一个", "topic_f1": "咨询主题 F1",
    "anger": "火气", "anger_near": "火气差不过一级",
}  # fmt: skip
MATRIX = {
    "when": "时间说对", "place": "区域", "objects": "物品", "actors": "人员", "amounts": "金额数量", "demands": "诉求",
}  # fmt: skip
CLASSES = {"intent": "意图", "primary": "投诉类型", "priority": "轻重", "topic": "咨询主题"}


def show(console: Console, found: Evaluation) -> None:
    """Everything but the errors."""
    console.print(f"{found.messages} 条消息，其中 {found.complaints} 条投诉。\n")
    console.print(_beside(found.readers))
    for name, scores in found.classes.items():
        console.print(_classes(CLASSES[name], scores))
    console.print(_confusions(found.confusions))
    console.print(_calibration(found.calibration, found.calibration_error))
    console.print(_matrix(found.matrix))
    console.print(_times(found.times))


def show_errors(console: Console, errors: Iterable[Mistake]) -> None:
    for number, one in enumerate(errors, 1):
        console.print(Text.assemble((f"\n{number:>3}  ", "bold"), one.text))
        console.print(Text(f"     应是 {one.right}；读成 {one.read}，把握 {one.confidence:.2f}"))
        console.print(Text(f"     {'；'.join(one.why)}", style="dim"))


def _beside(readers: dict[str, Figures]) -> Table:
    table = _table("读得怎么样", "", "目标", *(READERS[name] for name in readers))
    for name, title in FIGURES.items():
        aim = f"{AIMS[name]:.2f}" if name in AIMS else ""
        table.add_row(title, aim, *(_share(figures.get(name)) for figures in readers.values()))
    return table


def _classes(title: str, scores: Iterable[Score]) -> Table:
    table = _table(title, "", "查准", "查全", "F1", "条数")
    for one in scores:
        table.add_row(one.label, _share(one.precision), _share(one.recall), _share(one.f1), str(one.count))
    return table


def _confusions(confusions: Iterable[tuple[str, str, int]]) -> Table:
    table = _table("最常混淆的", "应是", "读成", "次数")
    for right, read, count in confusions:
        table.add_row(right, read, str(count))
    return table


def _calibration(bins: Iterable[Bin], error: float) -> Table:
    table = _table(f"说有几分把握，就对几分吗（平均差 {error:.3f}）", "把握", "对的", "条数")
    for one in bins:
        table.add_row(_share(one.sure), _share(one.right), str(one.count))
    return table


def _matrix(figures: Figures) -> Table:
    table = _table("事件矩阵", "", "目标", "F1")
    for name, value in figures.items():
        aim = f"{AIMS[name]:.2f}" if name in AIMS else ""
        table.add_row(MATRIX[name], aim, _share(value))
    return table


def _times(times: dict[str, Figures]) -> Table:
    table = _table("读一条要多久（毫秒）", "", "一半在", "百分之九十九在")
    for name, took in times.items():
        table.add_row(READERS[name], f"{took['p50']:.1f}", f"{took['p99']:.1f}")
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"
