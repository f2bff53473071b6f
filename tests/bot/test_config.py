"""The bot's configuration: every setting from the environment or a file, never shown."""

import pytest
from pydantic import ValidationError

from bot.config import BotConfig, names
from bot.errors import ConfigError

SECRET = "hunter2-canary"


def test_defaults_need_nothing(tmp_path):
    config = BotConfig.read({"PIIGUARD_DATA_DIR": str(tmp_path)})

    assert config.database_url == f"sqlite:///{tmp_path}/piiguard.db"
    assert config.keys_url == f"sqlite:///{tmp_path}/keys.db"
    assert (config.host, config.port) == ("127.0.0.1", 8787)
    assert config.slack_api_base_url == "https://slack.com/api/"
    assert (config.signing_secrets, config.allowed_teams) == ((), frozenset())


def test_the_process_environment_is_read_once(monkeypatch):
    monkeypatch.setenv("PIIGUARD_ALERT_CHANNEL", "C0123456")

    assert BotConfig.read().alert_channel == "C0123456"
    assert BotConfig.read({}).alert_channel == ""


def test_the_names_are_those_of_the_interface():
    assert set(names()) >= {
        "PIIGUARD_DATABASE_URL", "PIIGUARD_DATA_DIR", "PIIGUARD_SECRET_KEY", "PIIGUARD_MODEL", "PIIGUARD_POLICY",
        "PIIGUARD_ALERT_CHANNEL", "PIIGUARD_BIND", "PIIGUARD_BASE_URL", "PIIGUARD_KEYS_URL", "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_ADMIN_USER_TOKEN",
        "SLACK_API_BASE_URL",
    }  # fmt: skip


def test_a_setting_may_stand_in_a_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(f" {SECRET}\n")

    config = BotConfig.read({"SLACK_BOT_TOKEN_FILE": str(path), "SLACK_APP_TOKEN": "x"})

    assert config.slack_bot_token is not None
    assert config.slack_bot_token.get_secret_value() == SECRET
    assert config.sources()["SLACK_BOT_TOKEN"] == f"file {path}"
    assert config.sources()["SLACK_APP_TOKEN"] == "environment"
    assert config.sources()["SLACK_CLIENT_ID"] == "not set"
    assert config.sources()["PIIGUARD_BIND"] == "default"
    assert SECRET not in str(config.sources())


@pytest.mark.parametrize(
    "environ",
    [
        {"SLACK_BOT_TOKEN": SECRET, "SLACK_BOT_TOKEN_FILE": "/x"},
        {"SLACK_BOT_TOKEN_FILE": "/does/not/exist"},
        {"PIIGUARD_BIND": SECRET},
        {"PIIGUARD_BIND": "127.0.0.1:99999"},
        {"PIIGUARD_BIND": "127.0.0.1:８７８７"},
        {"PIIGUARD_BASE_URL": f"ftp://{SECRET}"},
        {"PIIGUARD_BASE_URL": f"https://user:{SECRET}@host"},
        {"SLACK_API_BASE_URL": f"{SECRET}"},
        {"PIIGUARD_ALERT_CHANNEL": f"#{SECRET}"},
        {"PIIGUARD_PROXY_HOPS": SECRET},
        {"PIIGUARD_PROXY_HOPS": "-1"},
        {"PIIGUARD_DEMO_SECONDS": SECRET},
        {"PIIGUARD_DATABASE_URL": f"postgresql://u:{SECRET}@db/x"},
        {"PIIGUARD_DATABASE_URL": "sqlite:///a", "PIIGUARD_KEYS_URL": "sqlite:///a"},
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(environ):
    with pytest.raises(ConfigError) as caught:
        BotConfig.read(environ)

    assert SECRET not in str(caught.value)
    assert any(name.removesuffix("_FILE").removesuffix("DATABASE_URL") in str(caught.value) for name in environ)  # fmt: skip
    assert caught.value.__cause__ is None


def test_postgresql_takes_a_key_store_of_its_own():
    config = BotConfig.read(
        {"PIIGUARD_DATABASE_URL": "postgresql://db/x", "PIIGUARD_KEYS_URL": "postgresql://db/keys"}
    )

    assert config.keys_url == "postgresql://db/keys"


@pytest.mark.parametrize(
    ("given", "secrets"),
    [("a", (b"a",)), ("a,b", (b"a", b"b")), (" a , b ,", (b"a", b"b")), ("", ())],
)
def test_signing_secrets_may_be_two_during_a_rotation(given, secrets):
    assert BotConfig.read({"SLACK_SIGNING_SECRET": given}).signing_secrets == secrets


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("base_url", "https://pii.example.com/", "https://pii.example.com"),
        ("slack_api_base_url", "http://127.0.0.1:8788/api", "http://127.0.0.1:8788/api/"),
        ("bind", "[::1]:80", "[::1]:80"),
    ],
)
def test_addresses_are_kept_in_one_form(name, given, kept):
    setting = {"base_url": "PIIGUARD_BASE_URL", "slack_api_base_url": "SLACK_API_BASE_URL", "bind": "PIIGUARD_BIND"}[name]  # fmt: skip

    assert getattr(BotConfig.read({setting: given}), name) == kept


def test_no_value_shows_in_a_repr_and_nothing_can_be_changed():
    config = BotConfig.read({"SLACK_BOT_TOKEN": SECRET, "PIIGUARD_DATABASE_URL": f"sqlite:///{SECRET}"})  # fmt: skip

    assert SECRET not in repr(config)
    assert SECRET not in str(config)
    with pytest.raises(ValidationError):
        config.bind = "0.0.0.0:1"
