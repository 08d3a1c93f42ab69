"""Services elsewhere: whether they answer and know us. Nothing is spent by asking."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels.telegram_hook import HOOK_PATH
from bot.channels.telegram_library import INSTALL, installed
from bot.checks.finding import Finding
from bot.checks.rows import value
from bot.settings import Settings

REACH_SECONDS = 8.0
OFFICIAL_API = "https://api.telegram.org"
OPENAI = "https://api.openai.com/v1"


def telegram(settings: Settings) -> Iterator[Finding]:
    token = settings.telegram_token.get_secret_value()
    if not token:
        yield Finding(True, "Telegram 没有配置，只用网页聊天")
        return
    if not installed(settings.telegram_library):
        yield Finding(False, f"Telegram 用的库 {settings.telegram_library} 还没有安装", f"请运行：{INSTALL}")
    try:
        with httpx.Client(timeout=REACH_SECONDS) as http:
            answer, hook = _asked(http, settings, "getMe"), _asked(http, settings, "getWebhookInfo")
    except (httpx.HTTPError, ValueError) as error:
        advice = "请检查网络，或用 HUIXIANG_TELEGRAM_API 指定代理或自建的 Bot API。"
        yield Finding(False, f"Telegram 连不上（{type(error).__name__}）", advice)
        return
    if answer.get("ok"):
        way = f"方式 {settings.telegram_mode}，用 {settings.telegram_library}"
        yield Finding(True, f"Telegram 机器人 @{answer['result']['username']}，{way}")
        yield from _webhook(settings, hook.get("result") or {})
    else:
        yield Finding(False, "Telegram 不认这个令牌", "请向 @BotFather 重新取一个，填到 HUIXIANG_TELEGRAM_TOKEN。")


def _asked(http: httpx.Client, settings: Settings, method: str) -> dict[str, Any]:
    bot = f"{settings.telegram_api or OFFICIAL_API}/bot{settings.telegram_token.get_secret_value()}"
    answer = http.get(f"{bot}/{method}").json()
    if not isinstance(answer, dict):
        raise ValueError("no answer of the Bot API")
    return answer


def _webhook(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    """Whether Telegram brings updates where we take them. Of another's address only the host is shown."""
    address = str(info.get("url") or "")
    there = urlsplit(address).hostname
    if settings.telegram_mode == "polling":
        if address:
            advice = "停掉设它的程序，再重启收消息的进程：它会取消这个 webhook，等着的消息不会丢。"
            yield Finding(False, f"有别的程序给机器人设了 webhook（{there}），我们取不到消息", advice)
        return
    if not address:
        advice = (
            "多半有一个设置还是 polling 的进程跑过，请停掉它。huixiang web（或 serve）在运行的话，"
            "一分钟内会重新设上，等着的消息不会丢。"
        )
        yield Finding(False, "Telegram 那边没有设 webhook，消息送不过来", advice)
    elif address != settings.public_url + HOOK_PATH:
        advice = "请看看 HUIXIANG_PUBLIC_URL；或停掉用同一个令牌的别的程序，再重启 huixiang web（或 serve）。"
        yield Finding(False, f"Telegram 把消息送到了别处（{there}）", advice)
    elif info.get("pending_update_count") and info.get("last_error_message"):
        what = f"Telegram 有 {info['pending_update_count']} 条消息没送进来：{info['last_error_message']}"
        yield Finding(False, what, "请看看网址从外面打不打得开、证书过没过期、反向代理通不通。")


def models(settings: Settings) -> Iterator[Finding]:
    """Whether the service answers and knows the models; nothing is spent."""
    if not (settings.reads_again or settings.listens):
        yield Finding(True, "语言模型没有配置，只用自带的词典，语音由同事听")
        return
    address = f"{settings.openai_base_url or OPENAI}/models"
    key = settings.openai_api_key.get_secret_value()
    try:
        answer = httpx.get(address, headers={"Authorization": f"Bearer {key}"}, timeout=REACH_SECONDS)
    except httpx.HTTPError as error:
        advice = "请检查网络和 OPENAI_BASE_URL；连不上时照常接待客户，只是少读一遍。"
        yield Finding(False, f"语言模型连不上（{type(error).__name__}）", advice)
        return
    if answer.status_code in (401, 403):
        yield Finding(False, "语言模型的服务不认这个密钥", "请检查 OPENAI_API_KEY。")
        return
    named = {"HUIXIANG_LLM_MODEL": settings.llm_model, "HUIXIANG_STT_MODEL": settings.stt_model}
    listed = _listed(answer)
    for name, model in named.items():
        if model and listed and model not in listed:
            yield Finding(False, f"语言模型的服务里没有 {model}", f"请检查 {name}。")
    calls, _, count = str(value(settings, "SELECT value FROM fact WHERE key = 'model_calls'") or "").partition(" ")
    spent = f"，{calls} 用了 {count}" if count else ""
    yield Finding(True, f"语言模型连得上，每天最多 {settings.llm_daily} 次{spent}")


def _listed(answer: httpx.Response) -> set[str]:
    """The models that the service names; empty when it keeps no list."""
    try:
        return {str(one["id"]) for one in answer.json()["data"]}
    except (ValueError, LookupError, TypeError):
        return set()
