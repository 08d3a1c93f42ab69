"""谢谢, 在吗, 快点 in the middle of our questions answer none of them: they get a word of their own, and we ask on."""

from domain.events import MessageCame
from domain.labels import Intent
from domain.understanding import Understanding
from flows.complaint import EVIDENCE, SAFE
from flows.flow import Answer
from handlers import running
from handlers.answers import feedback
from handlers.dialog import Dialog
from handlers.turn import Turn

ASKING = frozenset({"complaint", "booking", "change"})
"""Flows whose questions ask for facts: courtesies would be written down as such."""
NODS = frozenset({
    "嗯", "嗯嗯", "哦", "噢", "好", "好的", "好吧", "收到", "知道了", "行", "行吧", "没问题", "可以",
    "对", "对的", "是的", "没错", "ok", "okay", "yes", "yep", "sure", "fine", "right", "thatsright",
})  # fmt: skip
"""Fewer than make small talk of nothing: 都行 and 随便 do answer when."""
HURRY = frozenset({
    "快点", "快一点", "快点吧", "快快快", "搞快点", "赶紧", "赶紧的", "赶快", "抓紧", "急", "急急急",
    "快啲", "快啲啦", "唔该快啲", "唔该快啲啦", "管不管", "到底管不管", "你们到底管不管", "你们管不管",
    "hurry", "hurryup",
})  # fmt: skip
"""Said alone: somebody is tired of waiting, and has not told us anything yet."""
GOT_IT = frozenset({
    "收到了吗", "收到吗", "收到没", "收到没有", "看到了吗", "看到没", "看到没有", "听到了吗", "听到没", "听见没",
    "知道了吗", "明白了吗", "明白吗", "懂了吗", "记下了吗", "记下来了吗", "记了吗", "你们看到了吗", "你们收到了吗",
    "gotit", "gotthat", "didyougetit", "didyougetthat",
})  # fmt: skip
"""Said alone: somebody wants to know whether their words arrived."""
KINDS = frozenset({"thanks", "hello", "marks", "wait", "bye", "nod", "hurry", "got"})
ALONE = {"nod": NODS, "hurry": HURRY, "got": GOT_IT}
LEAVES_TIME = frozenset({"wait", "bye"})
SPOKEN = frozenset({Intent.CHITCHAT, Intent.PRAISE})


def heard(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """True when it was answered. To a question about safety every word is an answer; a nod promises the photo."""
    standing = dialog.current
    if standing is None or standing.flow not in ASKING:
        return False
    kind, asked = _kind(message.text, reading), getattr(standing.state, "asking", "")
    if kind not in KINDS or asked == SAFE or running.typed_choice(turn, dialog, Answer(text=message.text)).choice:
        return False
    kind = "wait" if kind == "nod" and asked == EVIDENCE else kind
    turn.say(f"chat.aside_{kind}", dialog)
    if kind not in LEAVES_TIME:
        running.ask_again(turn, dialog)
    return True


def _kind(text: str, reading: Understanding) -> str:
    bare = "".join(filter(str.isalnum, text.casefold()))
    said_alone = next((kind for kind, words in ALONE.items() if bare in words), "")
    if said_alone:
        return said_alone
    return feedback.kind_of(text) if reading.intent in SPOKEN else ""
