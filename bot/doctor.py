"""doctor: what is set and from where, what is wrong, and what to do about it. Never a value."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.config import BotConfig
from bot.crypto import load_master_key
from bot.slack.client import Done, Refused, SlackClient
from bot.store import InboxDepth, Store
from piiguard.errors import PiiguardError

Mark = Literal["ok   ", "fault", "note "]
MAX_SKEW_S = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. A fault has a remedy."""

    mark: Mark
    subject: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that was found; ``settings`` maps each name to its source."""

    settings: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def has_fault(self) -> bool:
        """True when something keeps the bot from doing its work."""
        return any(finding.mark == "fault" for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "settings": self.settings,
            "findings": [
                {**asdict(finding), "mark": finding.mark.strip()} for finding in self.findings
            ],
        }


def examine(config: BotConfig, *, ask_slack: bool = True) -> Checkup:
    """Look at everything that can be looked at without changing anything."""
    findings = [
        *_settings(config),
        *_database(config),
        *_model(config),
        *_policy(config),
        *(_slack(config) if ask_slack else ()),
        Finding(
            "note ",
            "Delayed Events",
            "no API tells whether they are on; without them an outage of six minutes loses messages",
            "app settings > Event Subscriptions > Delayed Events: on",
        ),
    ]
    return Checkup(config.sources(), tuple(findings))


def _settings(config: BotConfig) -> Iterator[Finding]:
    tokens = {
        "SLACK_SIGNING_SECRET": (
            config.slack_signing_secret,
            "Basic Information > App Credentials",
        ),
        "SLACK_BOT_TOKEN": (config.slack_bot_token, "OAuth & Permissions > Bot User OAuth Token"),
    }
    by_socket, by_oauth = config.slack_app_token, config.slack_client_id
    for name, (value, place) in tokens.items():
        replaced = by_socket if name == "SLACK_SIGNING_SECRET" else by_oauth
        if value:
            yield Finding("ok   ", name, "set")
        elif replaced:
            yield Finding(
                "ok   ", name, "not set, and not needed for Socket Mode or OAuth installs"
            )
        else:
            yield Finding("fault", name, "missing", f"copy it from the app's settings: {place}")
    if not config.alert_channel and not config.policy:
        yield Finding(
            "fault", "review channel", "no channel is named for the cards",
            "set PIIGUARD_ALERT_CHANNEL to the id of a private channel (C...) and /invite @piiguard there",
        )  # fmt: skip
    url = urlsplit(config.base_url)
    if url.scheme == "https":
        yield Finding("ok   ", "PIIGUARD_BASE_URL", "https")
    elif by_socket and not by_oauth:
        yield Finding("ok   ", "PIIGUARD_BASE_URL", "no https, and none needed for Socket Mode")
    else:
        yield Finding(
            "fault", "PIIGUARD_BASE_URL", "not an https address: Slack cannot reach it, installs cannot end",
            "set it to the public https address of this bot, or use python -m bot socket",
        )  # fmt: skip
    if config.secret_key is None:
        yield Finding(
            "note ", "PIIGUARD_SECRET_KEY", "a key file in the data directory is used, or will be made",
            "keep a copy apart from the database's backups: without the key nothing stored can be read",
        )  # fmt: skip


def _database(config: BotConfig) -> Iterator[Finding]:
    path = _sqlite_file(config.database_url)
    if path is not None and not path.exists():
        yield Finding("note ", "database", "none yet; the first start makes it")
        return
    try:
        key = load_master_key(config, create=False)
        store = Store.open(config.database_url, config.keys_url, key)
    except PiiguardError as error:
        yield Finding(
            "fault",
            "database and keys",
            str(error),
            "see PIIGUARD_DATABASE_URL, PIIGUARD_KEYS_URL, PIIGUARD_SECRET_KEY, PIIGUARD_DATA_DIR",
        )
        return
    try:
        yield Finding("ok   ", "keys", "the master key opens them")
        if not store.is_current():
            yield Finding(
                "fault",
                "database",
                "its tables are of an older version",
                "python -m bot db upgrade",
            )
            return
        yield Finding("ok   ", "database", f"opens, {store.engine_name}")
        with store.transaction() as tx:
            skew = abs(store.now(tx).timestamp() - time.time())
        if skew > MAX_SKEW_S:
            yield Finding(
                "fault",
                "clock",
                f"{skew:.0f} s between this machine and the database",
                "set the time by NTP: what is five minutes off, we refuse",
            )
        yield from _inbox(store.inbox.depth())
        yield from _workspaces(store)
    except PiiguardError as error:
        yield Finding("fault", "database", str(error), "is the database up, and its disk not full?")
    finally:
        store.close()
    # the store refuses one database for both
    yield Finding(
        "ok   ", "key store", "a database of its own; of its backups keep only the newest"
    )


def _workspaces(store: Store) -> Iterator[Finding]:
    for tenant, code in store.outbox.stopped().items():
        yield Finding(
            "fault",
            f"workspace {tenant}",
            f"nothing is sent any more: {code}",
            "install the app again",
        )


def _sqlite_file(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _inbox(depth: InboxDepth) -> Iterator[Finding]:
    if depth.dead:
        yield Finding(
            "fault", "inbox", f"{depth.dead} messages were set aside and are not scanned",
            "see the console's System page, mend the cause, and retry them",
        )  # fmt: skip
    if depth.oldest_age_s > 300:
        yield Finding(
            "fault", "inbox", f"the oldest unfinished event is {depth.oldest_age_s:.0f} s old",
            "is python -m bot serve (or worker) running? Is the machine too slow?",
        )  # fmt: skip


def _model(config: BotConfig) -> Iterator[Finding]:
    from piiguard.model_dir import default_model_dir, open_model_dir

    path = Path(config.model) if config.model else default_model_dir()
    try:
        manifest = open_model_dir(path)
    except PiiguardError as error:
        yield Finding("fault", "model", str(error), "run: piiguard model verify")
    else:
        yield Finding("ok   ", "model", f"{manifest.name}, every checksum right")


def _policy(config: BotConfig) -> Iterator[Finding]:
    from bot.policies import Policies

    try:
        policy = Policies(
            config.policy, home=config.policy_home, alert_channel=config.alert_channel
        ).current()
    except PiiguardError as error:
        yield Finding(
            "fault", "policy", str(error), "correct the lines named, or unset PIIGUARD_POLICY"
        )
        return
    yield Finding("ok   ", "policy", "the file is valid" if config.policy else "the default")
    if config.policy and not policy.review_channels:
        yield Finding(
            "fault", "review channel", "the policy names none", "set routes.channel in the policy"
        )


def _slack(config: BotConfig) -> Iterator[Finding]:
    if not config.slack_bot_token:
        return
    client = SlackClient(
        config.slack_bot_token.get_secret_value(), config.slack_api_base_url, timeout_s=5
    )
    answer = client.call("auth.test")
    if isinstance(answer, Refused):
        yield Finding(
            "fault", "Slack", f"refuses the bot token: {answer.code}",
            "install the app to the workspace again and copy the new token",
        )  # fmt: skip
        return
    if not isinstance(answer, Done):
        yield Finding(
            "fault", "Slack", "gives no answer", "may this machine reach slack.com by https?"
        )
        return
    yield Finding("ok   ", "Slack", "takes the bot token")
    if channel := config.alert_channel:
        info = client.call("conversations.info", channel=channel)
        member = isinstance(info, Done) and bool(info.data.get("channel", {}).get("is_member"))
        if member:
            yield Finding("ok   ", "review channel", "the bot is a member")
        elif isinstance(info, Refused) and info.code == "missing_scope":
            yield Finding("note ", "review channel", "cannot be looked at without channels:read")
        else:
            yield Finding(
                "fault",
                "review channel",
                "the bot is not in it",
                "/invite @piiguard in that channel",
            )
