"""Settings from the environment and `.env`. A wrong one is named at start, with what is expected instead."""

import base64
import difflib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from domain.errors import SettingsError
from storage.address import file_of, is_postgres

PREFIX = "HUIXIANG_"
FOREIGN = {"OPENAI_API_KEY": "openai_api_key", "OPENAI_BASE_URL": "openai_base_url"}
"""Names that others gave, and that people have set already: without our prefix."""
DATABASES = ("sqlite:///", "postgresql://", "postgres://")
ENV_FILE = Path(".env")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes."""
SHORTEST_SECRET = 6
"""Less than this would black out words that mean nothing."""
PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every description is the second half of the sentence "应该是……", shown when a value is wrong."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(
        "",
        description="sqlite:/// 或 postgresql:// 开头的地址，例如 sqlite:///var/huixiang.db 或 postgresql://huixiang@db/huixiang",
    )
    data_dir: Path = Field(Path("var"), description="存放数据库和照片的文件夹")
    company_dir: Path = Field(PROJECT / "company", description="放有 policy.toml 和 texts/ 的文件夹")
    host: str = Field("127.0.0.1", min_length=1, description="监听的地址，例如 127.0.0.1 或 0.0.0.0")
    port: int = Field(8000, ge=0, le=65535, description="0 到 65535 之间的端口号")
    health_port: int | None = Field(
        None, ge=0, le=65535, description="0 到 65535 之间的端口号；留空则 worker 和 poll 不开"
    )
    public_url: str = Field(
        "", description="客户能打开的网址，以 https:// 或 http:// 开头，例如 https://chat.example.cn"
    )
    timezone: str = Field("", description="时区名，例如 Asia/Shanghai")
    demo: bool = Field(False, description="1（打开演示）或 0（关闭）")
    api_key: SecretStr = Field(SecretStr(""), description="至少 16 个字符的随机串；留空则不开放接口")
    telegram_token: SecretStr = Field(SecretStr(""), description="@BotFather 给的令牌，形如 123456:ABC-DEF…")
    telegram_api: str = Field("", description="http:// 或 https:// 开头的 Bot API 地址；留空用官方的")
    telegram_library: Literal["aiogram", "ptb"] = Field("aiogram", description="aiogram 或 ptb（python-telegram-bot）")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="polling（轮询）或 webhook（回调）")
    telegram_per_second: float = Field(
        25.0, gt=0, le=1000, description="每秒最多发多少条（官方 25；自建的 Bot API 可以更高）"
    )
    reader: Literal["auto", "process", "thread"] = Field(
        "auto", description="auto、process（在另一个进程里读消息）或 thread（在同一个进程里读，省内存）"
    )
    sends_in_flight: int = Field(
        1, ge=1, le=30, description="同时在路上的消息数；1 时断电最多重发一条，消息很多时可以调大"
    )
    webhook_secret: SecretStr = Field(SecretStr(""), description="1 到 256 个字母、数字、下划线或短横线")
    webhook_url: str = Field("", description="接收通知的网址，以 https:// 或 http:// 开头；留空则不发")
    webhook_signing_secret: SecretStr = Field(SecretStr(""), description="whsec_ 开头、后接 Base64 的签名密钥")
    openai_api_key: SecretStr = Field(SecretStr(""), description="语言模型服务的密钥；留空则不用")
    openai_base_url: str = Field("", description="http:// 或 https:// 开头的接口地址；留空用 OpenAI 官方的")
    llm_model: str = Field("", max_length=200, description="再读一遍投诉用的模型名，例如 gpt-4.1-mini；留空则不用")
    stt_model: str = Field("", max_length=200, description="听写语音用的模型名，例如 whisper-1；留空则不用")
    llm_daily: int = Field(500, ge=0, le=1_000_000, description="每天最多调用模型多少次，0 到 1000000 之间的整数")
    heartbeat_url: str = Field("", description="一切正常时每分钟访问的网址，以 https:// 或 http:// 开头；留空则不用")
    metrics_key: SecretStr = Field(SecretStr(""), description="至少 16 个字符的随机串；留空则只有本机能看数字")
    frame_ancestors: str = Field("'self'", description="允许嵌入聊天页的网站，例如 'self' https://www.example.cn")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="auto、console 或 json")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug、info、warning 或 error")

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        known = any(value.startswith(start) and len(value) > len(start) for start in DATABASES)
        if value and not known:
            raise ValueError("")
        return value

    @field_validator("public_url", "telegram_api", "webhook_url", "openai_base_url", "heartbeat_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("")
        return value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value or "Asia/Shanghai")
        except (KeyError, ValueError, OSError):
            raise ValueError("") from None
        return value

    @field_validator("api_key", "metrics_key")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("")
        return value

    @field_validator("api_key", "metrics_key")
    @classmethod
    def _comes_through(cls, value: SecretStr) -> SecretStr:
        """A header loses what stands around it and carries no Chinese: such a key would never fit."""
        key = value.get_secret_value()
        if key != key.strip() or any(not " " <= character <= "~" for character in key):
            raise ValueError("应该是一串不含中文的密钥，前后没有空格")
        return value

    @field_validator("openai_api_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr) -> SecretStr:
        if any(not "!" <= character <= "~" for character in value.get_secret_value()):
            raise ValueError("应该是一串不含空格和中文的密钥")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _suits_telegram(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("")
        return value

    @field_validator("webhook_signing_secret")
    @classmethod
    def _is_base64(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if key and not key.startswith("whsec_"):
            raise ValueError("")
        base64.b64decode(key.removeprefix("whsec_"), validate=True)
        return value

    @field_validator("frame_ancestors")
    @classmethod
    def _is_one_directive(cls, value: str) -> str:
        """It goes into a header: nothing may end the directive or the line."""
        if not value.strip() or any(character in value for character in ";,\r\n"):
            raise ValueError("")
        return value.strip()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` passes in: it has read the environment and `.env` already."""
        return (init_settings,)

    @property
    def url(self) -> str:
        """The database's address, with its default."""
        return self.database_url or f"sqlite:///{self.data_dir / 'huixiang.db'}"

    @property
    def reads_apart(self) -> bool:
        """Whether messages are read in a process of their own: where there is a second core for it."""
        return self.reader == "process" or (self.reader == "auto" and (os.cpu_count() or 1) > 1)

    @property
    def on_postgres(self) -> bool:
        """Whether the database is a server, and not a file of ours."""
        return is_postgres(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed, in pieces as well: half a token, the password in an address, the way of one."""
        kept = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        kept += [piece for one in kept for piece in (one.partition(":")[2], one.partition("_")[2])]
        heart = urlsplit(self.heartbeat_url)
        kept += [urlsplit(self.url).password or "", heart.path, heart.query]
        return tuple(one for one in kept if len(one) >= SHORTEST_SECRET)

    @property
    def database_file(self) -> Path:
        """With PostgreSQL there is none: a name in the data folder, for what stands beside it."""
        return self.data_dir / "huixiang.db" if self.on_postgres else file_of(self.url)

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def model_file(self) -> Path:
        """Where the company's own model is, once it has trained one."""
        return self.data_dir / "model.npz"

    @property
    def reads_again(self) -> bool:
        """Whether a language model reads complaints a second time."""
        return bool(self.openai_api_key.get_secret_value() and self.llm_model)

    @property
    def listens(self) -> bool:
        """Whether a model writes voice notes down."""
        return bool(self.openai_api_key.get_secret_value() and self.stt_model)


def load_settings(environment: Mapping[str, str] | None = None, env_file: Path = ENV_FILE) -> Settings:
    """The environment wins over the file. Raises `SettingsError` that names every wrong one."""
    given = given_values(environment, env_file)
    known = {FOREIGN.get(name, name.removeprefix(PREFIX).lower()): value for name, value in given.items()}
    try:
        settings = Settings.model_validate({name: value for name, value in known.items() if value != ""})
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(one["loc"], one.get("ctx", {})) for one in error.errors())) from None
    _check_together(settings)
    return settings


def given_values(environment: Mapping[str, str] | None = None, env_file: Path = ENV_FILE) -> dict[str, str]:
    """What was set under our prefix or the names of others, from the file and then the environment."""
    environment = os.environ if environment is None else environment
    filed = {name: value or "" for name, value in dotenv_values(env_file).items()} if env_file.is_file() else {}
    both = {**filed, **environment}.items()
    return {name: value for name, value in both if name.startswith(PREFIX) or name in FOREIGN}


def variable(field: str) -> str:
    """The name that a setting has in the environment."""
    return next((name for name, known in FOREIGN.items() if known == field), PREFIX + field.upper())


def unknown_names(given: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that looks like ours and is not, with the nearest one that is."""
    known = [variable(name) for name in Settings.model_fields]
    return [_unknown(name, known) for name in sorted(given) if name not in known]


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"不认识 {name}" + (f"，是不是想写 {near[0]}？" if near else "，请对照 .env.example。")


def _sentence(where: tuple[int | str, ...], context: Mapping[str, Any]) -> str:
    """Never the value itself: it may be a secret."""
    field = str(where[0])
    told = str(context.get("error", ""))
    told = "" if told.isascii() else told
    expected = Settings.model_fields[field].description or ""
    gap = " " if expected[:1].isascii() else ""
    return f"{variable(field)} 不对：" + (told or f"应该是{gap}{expected}") + "。"


def _check_together(settings: Settings) -> None:
    """What one setting needs of another."""
    if settings.webhook_url and not settings.webhook_signing_secret.get_secret_value():
        fresh = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
        raise SettingsError(f"HUIXIANG_WEBHOOK_SIGNING_SECRET 缺少：通知要签名。可以用这一串新的：{fresh}")
    if (settings.llm_model or settings.stt_model) and not settings.openai_api_key.get_secret_value():
        needs = "HUIXIANG_LLM_MODEL" if settings.llm_model else "HUIXIANG_STT_MODEL"
        raise SettingsError(f"OPENAI_API_KEY 缺少：填了 {needs} 就要有它；自建的服务不要密钥时，随便写几个字母。")
    if settings.telegram_mode != "webhook" or not settings.telegram_token.get_secret_value():
        return
    if not settings.public_url.startswith("https://"):
        raise SettingsError("HUIXIANG_PUBLIC_URL 不对：Telegram 的 webhook 方式需要 https:// 开头、外网能打开的网址。")
    if not settings.webhook_secret.get_secret_value():
        raise SettingsError("HUIXIANG_WEBHOOK_SECRET 缺少：webhook 方式必须有它，应该是一串随机的字母和数字。")
