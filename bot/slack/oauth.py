"""OAuth v2 towards Slack: where to send the administrator, and what comes back for the code.

Stores and cookie are ours (bot/store/installs.py, bot/ingress/install.py): the SDK's state store selects and then
deletes, so two callbacks can both win, and its installation store keeps tokens in clear columns.
https://docs.slack.dev/authentication/installing-with-oauth
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.oauth import AuthorizeUrlGenerator

from bot.errors import BotError
from bot.records import Install
from bot.slack.client import Done, Refused, SlackClient


class OAuthError(BotError):
    """Slack did not give a token for the code. Holds Slack's word for it, never the code."""


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """Our app as Slack knows it. ``base_url`` points elsewhere in tests and in the demo."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    base_url: str = ""

    def authorize_url(self, state: str, scopes: Sequence[str]) -> str:
        """Where the administrator says yes."""
        url = "https://slack.com/oauth/v2/authorize"
        if self.base_url:
            parts = urlsplit(self.base_url)
            url = f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"
        generator = AuthorizeUrlGenerator(
            client_id=self.client_id,
            scopes=list(scopes),
            redirect_uri=self.redirect_uri,
            authorization_url=url,
        )
        return str(generator.generate(state))

    def exchange(self, code: str) -> "Grant":
        """The installation for a code; OAuthError where Slack says no or nothing."""
        answer = SlackClient("", self.base_url).call(
            "oauth.v2.access",
            client_id=self.client_id,
            client_secret=self.client_secret,
            code=code,
            redirect_uri=self.redirect_uri,
        )
        if isinstance(answer, Done):
            return _read_grant(answer.data, self)
        reason = answer.code if isinstance(answer, Refused) else type(answer).__name__.lower()
        raise OAuthError(f"Slack gave no token for the code: {reason}; start the install again")

    def revoke(self, token: str) -> None:
        """Give a token back that is not to be kept."""
        SlackClient(token, self.base_url).call("auth.revoke")


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack granted: the installation, and the ids that an allow-list may name."""

    install: Install
    team_id: str
    enterprise_id: str

    @property
    def ids(self) -> frozenset[str]:
        """The ids by which the allow-list may know this workspace."""
        return frozenset({self.team_id, self.enterprise_id, self.install.tenant}) - {""}


def _read_grant(data: dict[str, Any], app: OAuthApp) -> Grant:
    team: dict[str, Any] = data.get("team") or {}
    enterprise: dict[str, Any] = data.get("enterprise") or {}
    is_org = bool(data.get("is_enterprise_install"))
    token = str(data.get("access_token") or "")
    tenant = str((enterprise if is_org else team).get("id") or "")
    if not token or not tenant or data.get("token_type", "bot") != "bot":
        raise OAuthError("expected a bot token of a workspace, found none; start the install again")
    about = SlackClient(token, app.base_url).call("auth.test")
    bot_id = str(about.data.get("bot_id") or "") if isinstance(about, Done) else ""
    install = Install(
        tenant=tenant,
        team_name=str((enterprise if is_org else team).get("name") or ""),
        bot_user_id=str(data.get("bot_user_id") or ""),
        bot_id=bot_id,
        app_id=str(data.get("app_id") or ""),
        token=token,
    )
    return Grant(install, str(team.get("id") or ""), str(enterprise.get("id") or ""))
