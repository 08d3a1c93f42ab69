"""Which language a page begins in, before we know who reads it."""

from fastapi import Request

from web.chat_texts import DEFAULT_LOCALE, LOCALES

CHINESE = frozenset({"zh", "cmn", "yue", "wuu", "nan", "hak"})
MOST = 30
"""Languages looked at in one header: nobody speaks more."""


def asked(lang: str) -> str:
    """What the address asks for with `?lang=`; "" when that is nothing we speak."""
    return lang if lang in LOCALES else ""


def wished(request: Request) -> str:
    """The second language for a browser that names some and no Chinese among them; else Chinese."""
    named = request.headers.get("Accept-Language", "").split(",")[:MOST]
    languages = {one.partition(";")[0].partition("-")[0].strip().lower() for one in named} - {"", "*"}
    return DEFAULT_LOCALE if not languages or languages & CHINESE else LOCALES[1]
