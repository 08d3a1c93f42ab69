"""Whether what the company wrote can be read: its policies, texts and branches, and the reader of messages."""

import importlib
from collections.abc import Iterator

from bot.checks.finding import Finding
from bot.checks.rows import rows, value
from bot.company import load_company, load_texts
from bot.settings import Settings
from domain.errors import SettingsError
from handlers.texts import DEFAULT_LOCALE

UNLED = """SELECT code FROM branch WHERE NOT EXISTS (
    SELECT 1 FROM person WHERE role = 'supervisor' AND (branch_id = branch.id OR branch_id IS NULL))"""
CHANGED = {"corpus": "自带的例子更新了", "dictionary": "词典更新了", "file": "文件坏了"}
"""Why a model does not fit any more; a library is called by its name."""


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
        reading = importlib.import_module("bot.reading.choice")
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
    kept = int(str(value(settings, "SELECT count(*) FROM correction") or 0))
    if kept > choice.corrections and not choice.passed_over:
        advice = "攒到几十条后，运行 huixiang train。"
        yield Finding(True, f"有 {kept - choice.corrections} 条改过的分类还没有学", advice)


def branches(settings: Settings) -> Iterator[Finding]:
    """Those of the file, those that only the database knows any more, and those that nobody leads."""
    wanted = {one.code: one.name for one in load_company(settings.company_dir, settings.timezone).branches}
    known = {str(code): str(name) for code, name in rows(settings, "SELECT code, name FROM branch ORDER BY id")}
    named = "、".join(f"{name}（{code}）" for code, name in (known | wanted).items())
    yield Finding(True, f"门店：{named}" if named else "没有分门店，订单和同事都归公司")
    if left := [code for code in known if wanted and code not in wanted]:
        advice = "订单和同事还认得它，所以不会删；如果只是改名，请用回原来的 code。"
        yield Finding(True, f"不在 policy.toml 里的门店：{'、'.join(left)}", advice)
    for (code,) in rows(settings, UNLED):
        advice = f"请用 huixiang staff invite supervisor 姓名 --branch {code} 邀请一位，否则案件直接找下一级。"
        yield Finding(True, f"门店 {code} 还没有主管", advice)
