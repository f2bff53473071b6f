"""The bot's configuration: read once from the environment, frozen, passed on. The one reader of the environment.

Each setting may also stand in a file, named by the setting with ``_FILE``: ``SLACK_BOT_TOKEN_FILE=/run/secrets/token``.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigError

_ADDRESS: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(?P<port>[0-9]{1,5})")
SLACK_API: Final = "https://slack.com/api/"


def _named(name: str, **options: Any) -> Any:
    """A field whose setting is called ``name``."""
    return Field(alias=name, repr=False, **options)


class BotConfig(BaseSettings):
    """Every setting of the bot. Make it with ``BotConfig.read``."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )

    data_dir: Path = _named("PIIGUARD_DATA_DIR", default=Path("piiguard-data"))
    database_url: str = _named("PIIGUARD_DATABASE_URL", default="")
    keys_url: str = _named("PIIGUARD_KEYS_URL", default="")
    secret_key: SecretStr | None = _named("PIIGUARD_SECRET_KEY", default=None)
    model: Path | None = _named("PIIGUARD_MODEL", default=None)
    policy: Path | None = _named("PIIGUARD_POLICY", default=None)
    alert_channel: str = _named("PIIGUARD_ALERT_CHANNEL", default="")
    bind: str = _named("PIIGUARD_BIND", default="127.0.0.1:8787")
    base_url: str = _named("PIIGUARD_BASE_URL", default="")
    #: Team or enterprise ids that may install us, separated by commas; of no use without SLACK_CLIENT_ID.
    teams: str = _named("PIIGUARD_TEAMS", default="")
    #: How many proxies in front of us set X-Forwarded-*; 0 trusts none of these headers.
    proxy_hops: int = _named("PIIGUARD_PROXY_HOPS", default=0, ge=0, le=8)
    #: Sign-in at the console by an OpenID Connect provider besides Slack; its redirect address: BASE_URL/login/oidc/back
    oidc_issuer: str = _named("PIIGUARD_OIDC_ISSUER", default="")
    oidc_client_id: str = _named("PIIGUARD_OIDC_CLIENT_ID", default="")
    oidc_client_secret: SecretStr | None = _named("PIIGUARD_OIDC_CLIENT_SECRET", default=None)
    #: What the button says: "Sign in with NAME".
    oidc_name: str = _named("PIIGUARD_OIDC_NAME", default="single sign-on")
    #: Accounts with a password; switch them off once another way in works.
    local_login: bool = _named("PIIGUARD_LOCAL_LOGIN", default=True)
    demo_seconds: float | None = _named("PIIGUARD_DEMO_SECONDS", default=None, ge=0)
    slack_bot_token: SecretStr | None = _named("SLACK_BOT_TOKEN", default=None)
    slack_signing_secret: SecretStr | None = _named("SLACK_SIGNING_SECRET", default=None)
    slack_app_token: SecretStr | None = _named("SLACK_APP_TOKEN", default=None)
    slack_client_id: str = _named("SLACK_CLIENT_ID", default="")
    slack_client_secret: SecretStr | None = _named("SLACK_CLIENT_SECRET", default=None)
    slack_admin_user_token: SecretStr | None = _named("SLACK_ADMIN_USER_TOKEN", default=None)
    slack_api_base_url: str = _named("SLACK_API_BASE_URL", default=SLACK_API)

    _sources: dict[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``read`` found: an environment that a caller gives counts alone."""
        return (init_settings,)

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> "BotConfig":
        """The configuration of an environment, the process's own when none is given.

        Raises: ConfigError that names the setting and what was expected, never the value.
        """
        given = os.environ if environ is None else environ
        values: dict[str, str] = {}
        sources: dict[str, str] = {}
        for name in names():
            values[name], sources[name] = _look_up(name, given)
        try:
            given_values: dict[str, Any] = {name: value for name, value in values.items() if value}
            config = cls(**given_values)
        except ValidationError as error:
            # the messages hold no input (hide_input_in_errors); the context could
            wrong = "; ".join(
                f"{'.'.join(str(place) for place in found['loc']) or 'settings'}: "
                f"{found['msg'].removeprefix('Value error, ')}"
                for found in error.errors(
                    include_input=False, include_context=False, include_url=False
                )
            )
            raise ConfigError(wrong) from None
        config._sources.update(sources)
        return config

    def sources(self) -> dict[str, str]:
        """Where each setting came from: "environment", "file PATH", "default" or "not set". Never a value."""
        return dict(self._sources) or dict.fromkeys(names(), "given")

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on; 0 for any free one."""
        return int(self.bind.rpartition(":")[2])

    @property
    def policy_home(self) -> Path:
        """Where the console writes the policy while PIIGUARD_POLICY names no file."""
        return self.data_dir / "policy.yaml"

    @property
    def signing_secrets(self) -> tuple[bytes, ...]:
        """The signing secrets: during a rotation there are two, separated by a comma."""
        if self.slack_signing_secret is None:
            return ()
        pieces = self.slack_signing_secret.get_secret_value().split(",")
        return tuple(piece.strip().encode() for piece in pieces if piece.strip())

    @property
    def allowed_teams(self) -> frozenset[str]:
        """The team or enterprise ids that may install us."""
        return frozenset(piece.strip() for piece in self.teams.split(",") if piece.strip())

    @field_validator("bind")
    @classmethod
    def _check_bind(cls, value: str) -> str:
        found = _ADDRESS.fullmatch(value)
        if found is None or int(found["port"]) > 65535:
            raise ValueError("expected ADDRESS:PORT, such as 127.0.0.1:8787")
        return value

    @field_validator("base_url", "slack_api_base_url", "oidc_issuer")
    @classmethod
    def _check_url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("expected an address that starts with http:// or https://")
        return value

    @field_validator("base_url", "oidc_issuer")
    @classmethod
    def _cut_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("slack_api_base_url")
    @classmethod
    def _add_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @field_validator("alert_channel")
    @classmethod
    def _check_channel(cls, value: str) -> str:
        if value and not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
            raise ValueError("expected the id of a channel, such as C0123456789, not its name")
        return value

    @model_validator(mode="before")
    @classmethod
    def _set_databases(cls, values: Any) -> Any:
        """The databases default to files of the data directory; a key store of its own is no choice."""
        if not isinstance(values, dict):
            return values
        given = dict(values)
        folder = Path(given.get("PIIGUARD_DATA_DIR") or given.get("data_dir") or "piiguard-data")
        url = given.pop("database_url", "") or given.pop("PIIGUARD_DATABASE_URL", "")
        keys = given.pop("keys_url", "") or given.pop("PIIGUARD_KEYS_URL", "")
        url = str(url) or f"sqlite:///{folder / 'piiguard.db'}"
        if not keys and not url.startswith("sqlite"):
            raise ValueError(
                "PIIGUARD_KEYS_URL is missing: beside PostgreSQL the key store is a database of its own, "
                "that every process reaches"
            )
        keys = str(keys) or f"sqlite:///{folder / 'keys.db'}"
        if keys == url:
            raise ValueError("PIIGUARD_KEYS_URL must differ from PIIGUARD_DATABASE_URL")
        return given | {"PIIGUARD_DATABASE_URL": url, "PIIGUARD_KEYS_URL": keys}


def names() -> list[str]:
    """The names of all settings, as they stand in the environment."""
    return [str(field.alias) for field in BotConfig.model_fields.values()]


def _look_up(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The text of a setting and where it came from; an empty text counts as not set."""
    value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise ConfigError(f"{name} and {name}_FILE are both set; keep one of them")
    if path:
        try:
            written = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"{name}_FILE names {path}, which cannot be read as text") from None
        if not written:
            raise ConfigError(f"{name}_FILE names {path}, which is empty")
        return written, f"file {path}"
    if value:
        return value, "environment"
    field = next(field for field in BotConfig.model_fields.values() if field.alias == name)
    is_set = field.default not in (None, "") or name in (
        "PIIGUARD_DATABASE_URL",
        "PIIGUARD_KEYS_URL",
    )
    return "", "default" if is_set else "not set"
