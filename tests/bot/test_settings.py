"""Settings: defaults that work, and a sentence for everything that is wrong."""

from pathlib import Path

import pytest

from bot.settings import Settings, given_values, load_settings, unknown_names, variable
from domain.errors import SettingsError

NOWHERE = Path("no-such-file.env")


def load(**values: str) -> Settings:
    return load_settings({f"HUIXIANG_{name.upper()}": value for name, value in values.items()}, NOWHERE)


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.url == "sqlite:///var/huixiang.db"
    assert settings.database_file == Path("var/huixiang.db")
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, False)


def test_an_empty_value_is_as_good_as_none() -> None:
    assert load(port="", telegram_token="").port == 8000


def test_data_folder_moves_the_database_with_it() -> None:
    assert load(data_dir="/srv/h").url == "sqlite:////srv/h/huixiang.db"
    assert load(data_dir="/srv/h").database_file == Path("/srv/h/huixiang.db")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "abc", "0 到 65535"),
        ("port", "70000", "0 到 65535"),
        ("database_url", "mysql://x", "sqlite:///"),
        ("database_url", "postgresql://", "postgresql://"),
        ("public_url", "chat.example.cn", "https://"),
        ("public_url", "ftp://chat.example.cn", "https://"),
        ("timezone", "Asia/Shanghei", "Asia/Shanghai"),
        ("timezone", "../../etc/passwd", "Asia/Shanghai"),
        ("demo", "vielleicht", "1"),
        ("api_key", "short", "16 个字符"),
        ("telegram_mode", "pull", "polling"),
        ("telegram_api", "localhost:8081", "http"),
        ("frame_ancestors", "'self'; script-src *", "嵌入"),
        ("frame_ancestors", "a\r\nSet-Cookie: x", "嵌入"),
        ("log_level", "loud", "info"),
        ("llm_daily", "many", "每天最多"),
        ("llm_daily", "-1", "每天最多"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: value})
    assert caught.value.message.startswith(f"HUIXIANG_{name.upper()} 不对：")
    assert expected in caught.value.message
    assert "secret-word" not in caught.value.message


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load(port="x", demo="maybe")
    assert len(caught.value.message.splitlines()) == 2


def test_secrets_are_never_shown() -> None:
    settings = load(telegram_token="123:SECRET", api_key="k" * 16)
    assert "SECRET" not in repr(settings)
    assert "kkk" not in repr(settings)


def test_webhook_mode_needs_a_public_https_address_and_a_secret() -> None:
    with pytest.raises(SettingsError, match="HUIXIANG_PUBLIC_URL"):
        load(telegram_token="1:a", telegram_mode="webhook", public_url="http://x.cn")
    with pytest.raises(SettingsError, match="HUIXIANG_WEBHOOK_SECRET"):
        load(telegram_token="1:a", telegram_mode="webhook", public_url="https://x.cn")


@pytest.mark.parametrize("secret", ["有空格 a", "two words", "a" * 257])
def test_a_webhook_secret_that_telegram_would_refuse_is_named_at_start(secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(webhook_secret=secret)
    assert caught.value.message == "HUIXIANG_WEBHOOK_SECRET 不对：应该是 1 到 256 个字母、数字、下划线或短横线。"


@pytest.mark.parametrize("name", ["api_key", "metrics_key"])
@pytest.mark.parametrize("key", ["这是一个很长很长的接口密钥请记好呀", " a-key-with-room-around-it "])
def test_a_key_that_no_header_can_carry_is_named_at_start(name: str, key: str) -> None:
    with pytest.raises(SettingsError, match=f"HUIXIANG_{name.upper()} 不对：.*不含中文"):
        load(**{name: key})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("HUIXIANG_PORT=1234\nHUIXIANG_HOST=0.0.0.0\nOTHER=1\n")
    settings = load_settings({"HUIXIANG_PORT": "4321"}, file)
    assert (settings.port, settings.host) == (4321, "0.0.0.0")


def test_a_misspelt_name_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("HUIXIANG_TELEGRAM_TOKN=1:a\n")
    given = given_values({"HUIXIANG_PORT": "1", "HUIXIANG_COLOUR": "red", "PATH": "/bin"}, file)
    colour, token = unknown_names(given)
    assert "HUIXIANG_COLOUR" in colour
    assert "HUIXIANG_TELEGRAM_TOKEN" in token


def test_the_example_file_names_exactly_the_settings_there_are() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text("utf-8")
    named = {line.lstrip("# ").partition("=")[0] for line in example.splitlines() if "=" in line}
    assert named == {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("OPENAI_BASE_URL", "api.example.cn", "https://"), ("OPENAI_API_KEY", "sk-密钥 abc", "不含空格和中文")],
)
def test_names_that_others_gave_are_named_as_they_are(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, NOWHERE)
    assert caught.value.message.startswith(f"{name} 不对：")
    assert expected in caught.value.message
    assert "abc" not in caught.value.message


@pytest.mark.parametrize("model", ["llm_model", "stt_model"])
def test_a_model_needs_a_key(model: str) -> None:
    with pytest.raises(SettingsError, match=f"OPENAI_API_KEY 缺少：填了 HUIXIANG_{model.upper()}"):
        load(**{model: "m"})


def test_a_model_is_used_only_when_it_and_the_key_are_there() -> None:
    alone = load_settings({"OPENAI_API_KEY": "k"}, NOWHERE)
    both = load_settings({"OPENAI_API_KEY": "k", "HUIXIANG_STT_MODEL": "m"}, NOWHERE)
    assert (alone.reads_again, alone.listens) == (False, False)
    assert (both.reads_again, both.listens) == (False, True)
