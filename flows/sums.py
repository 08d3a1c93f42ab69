"""A sum of money as a colleague types it to us: 50, ¥49.9, 五十块, 两百, 一百五, "给她50元优惠券"."""

import re
from decimal import Decimal

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
MOST_FEN = 10_000_000
"""Nobody means more than this, even with a second person."""
_FIGURES = r"\d{1,8}(?:\.\d{1,2})?"
_WORDS = r"[零〇一二两三四五六七八九十百千万]+"
_SUM = re.compile(rf"(?:{_FIGURES}|{_WORDS})(?![\d.])")
_MEANS = (
    ("coupon", re.compile(r"优惠券|代金券|抵用券|券|coupon|voucher", re.IGNORECASE)),
    ("cash", re.compile(r"退款|退钱|退费|退现|返现|现金|转账|退|refund|cash", re.IGNORECASE)),
)
_COUNTED = re.compile(r"一张|1张|一个|一次|一下|一点|\ba\b", re.IGNORECASE)
_AROUND = re.compile(
    r"[\s,，。.!！~～:：、¥￥]|优惠|代金|抵用|券|补偿|补|赔偿|赔|退款|退还|退回|退费|退现|退|返现|返|现金|转账|转|直接|先|就"
    r"|给|发|送|减免|减|免|客户|顾客|女士|先生|她|他|人家|对方|张|块钱|块|元|圆|钱|人民币|的|吧|了|嗯|好|行|整|来|那|改成|改为|改|不对|不是|错了|等等|算了|还是"
    r"|换成|换|用|yuan|rmb|cny|coupon|voucher|refund|cash|give|her|him|them|of|make it|in",
    re.IGNORECASE,
)
"""What people put around a sum, and which says nothing more about how much it is."""


def fen_in(text: str) -> int:
    """The only sum that the words name, in fen; 0 when they name none, two, or say more than a sum."""
    left = _COUNTED.sub("", text)
    found = _SUM.findall(left)
    if len(found) != 1 or _AROUND.sub("", left.replace(found[0], "", 1)):
        return 0
    said = found[0]
    return int(Decimal(said) * 100) if said[0].isascii() else _number(said) * 100


def means_in(text: str) -> str:
    """`coupon` or `cash` when one of them is named, else ""."""
    named = [means for means, words in _MEANS if words.search(text)]
    return named[0] if len(named) == 1 else ""


def _number(words: str) -> int:
    """一百五 is 150, 一百零五 is 105; 0 for words that are no number."""
    total, digit, unit = 0, 0, 1
    for place, word in enumerate(words):
        if word in UNITS:
            unit = UNITS[word]
            total += (digit or (1 if word == "十" and place == 0 else 0)) * unit
            digit = 0
        elif digit:
            return 0
        else:
            digit, unit = DIGITS[word], 1 if word in "零〇" else unit
    return total + digit * (unit // 10 if unit > 10 else 1)
