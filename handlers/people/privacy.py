"""我的数据: see it, have it put right, have it deleted, hear nothing unasked any more."""

from domain.effects import Action, OpenRequest, Say
from domain.events import MessageCame
from domain.understanding import Understanding
from handlers import running
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.people import collecting, handing
from handlers.requests import talking
from handlers.turn import Turn
from storage.people import Person

STOPS = ("退订", "td", "取消订阅", "名单", "群发")
UNASKED = ("短信", "消息", "推送", "广告", "营销", "通知", "推广", "骚扰", "打电话", "信息")
NEGATIONS = ("别", "不要", "不想", "停止", "取消", "不用", "拒绝", "请勿", "少")
DELETES = ("删", "注销", "清除", "抹", "清掉", "销毁", "delete", "erase")
CORRECTS = ("改成", "改为", "更正", "登记错", "写错", "记错", "换号", "换成", "修改")
EXPORTS = ("导出", "下载", "拷贝", "export")


def asked(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> None:
    """By what is wanted; when that is not clear, all of it is offered. In a talk only the words we teach are ours."""
    taught = turn.world.texts.named("chat.commands", {"data_request": ""}, message.text, dialog.person.locale)
    if not taught and talking.passed_on(turn, dialog, message):
        return
    match wish(message.text):
        case "delete":
            running.begin(turn, dialog, "erase", {})
        case "stop":
            _mute(turn, dialog, muted=True)
        case "correct":
            turn.perform((OpenRequest("data", message.text),), dialog)
        case "export":
            _export(turn, dialog)
        case _:
            _offer(turn, dialog)


def wish(text: str) -> str:
    """`delete`, `stop`, `correct`, `export`, or "" when it only says 我的数据."""
    plain = text.casefold()
    if any(word in plain for word in STOPS) or (_has(plain, NEGATIONS) and _has(plain, UNASKED) and "删" not in plain):
        return "stop"
    for name, words in (("delete", DELETES), ("correct", CORRECTS), ("export", EXPORTS)):
        if _has(plain, words):
            return name
    return ""


def _offer(turn: Turn, dialog: Dialog) -> None:
    stop = ("unmute_me", "privacy.unmute_label") if dialog.person.muted else ("mute_me", "privacy.mute_label")
    buttons = (Action("export_me", "privacy.export_label"), Action("erase_me", "privacy.erase_label"), Action(*stop))
    found = collecting.counts(turn.tx, dialog.person)
    turn.perform(
        (Say("privacy.offer" if any(found.values()) else "privacy.offer_new", found, buttons=buttons),), dialog
    )


def _export(turn: Turn, dialog: Dialog) -> None:
    """What we keep, readable, right here; the whole of it, with every word of the chat, as a file behind a link."""
    texts, locale = turn.world.texts, dialog.person.locale
    lines = [texts.render(key, args, locale) for key, args in collecting.lines(turn.tx, dialog.person)]
    said = {"lines": "\n".join(lines), "at": turn.now}
    download = handing.button(turn, dialog)
    turn.perform((Say("privacy.export", said, buttons=(download,) if download else ()),), dialog)


def _mute(turn: Turn, dialog: Dialog, *, muted: bool) -> None:
    turn.tx.change(Person, dialog.person.id or 0, muted=muted)
    dialog.person = turn.person(dialog.person.id or 0)
    turn.say("privacy.muted" if muted else "privacy.unmuted", dialog)


AREA = Area(
    actions={
        "export_me": lambda turn, actor, args: _export(turn, args["dialog"]),
        "erase_me": lambda turn, actor, args: _begin_erasing(turn, args["dialog"]),
        "mute_me": lambda turn, actor, args: _mute(turn, args["dialog"], muted=True),
        "unmute_me": lambda turn, actor, args: _mute(turn, args["dialog"], muted=False),
    }
)


def _begin_erasing(turn: Turn, dialog: Dialog) -> None:
    running.begin(turn, dialog, "erase", {})


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
