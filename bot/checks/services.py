"""Services elsewhere: whether they answer and know us. Nothing is spent by asking."""

from collections.abc import Iterator

import httpx

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
        answer = httpx.get(f"{settings.telegram_api or OFFICIAL_API}/bot{token}/getMe", timeout=REACH_SECONDS).json()
    except (httpx.HTTPError, ValueError) as error:
        advice = "请检查网络，或用 HUIXIANG_TELEGRAM_API 指定代理或自建的 Bot API。"
        yield Finding(False, f"Telegram 连不上（{type(error).__name__}）", advice)
        return
    if answer.get("ok"):
        way = f"方式 {settings.telegram_mode}，用 {settings.telegram_library}"
        yield Finding(True, f"Telegram 机器人 @{answer['result']['username']}，{way}")
    else:
        yield Finding(False, "Telegram 不认这个令牌", "请向 @BotFather 重新取一个，填到 HUIXIANG_TELEGRAM_TOKEN。")


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
