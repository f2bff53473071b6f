"""Provider: somebody who says who a person is, by OpenID Connect (code flow). Slack is one.

https://openid.net/specs/openid-connect-core-1_0.html, https://docs.slack.dev/authentication/sign-in-with-slack
"""

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.config import SLACK_API, BotConfig
from bot.errors import BotError

TIMEOUT_S: Final = 5
MAX_BYTES: Final = 200_000
#: How long a provider's addresses and keys are kept; an unknown key is asked for sooner, once in a minute.
FRESH_S: Final = 3600.0
AGAIN_S: Final = 60.0
ALGORITHMS: Final = ["RS256", "ES256", "PS256"]
LEEWAY_S: Final = 30


class ProviderError(BotError):
    """The provider did not say who it is. Holds a word of ours, never what it answered."""


@dataclass(slots=True)
class Provider:
    """A provider as the configuration has it. ``key`` stands in our addresses."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    #: Slack takes a code verifier only from apps that gave up their client secret for good.
    uses_pkce: bool = True
    _about: dict[str, Any] = field(default_factory=dict, repr=False)
    _keys: KeySet | None = field(default=None, repr=False)
    _read_at: float = field(default=float("-inf"), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def authorize_url(self, state: str, browser: str, *, afresh: bool = False) -> str:
        """Where to send the person.

        Args:
            browser: a secret that only this browser has; nonce and code verifier follow from it.
            afresh: ask them again even if the provider knows them already.
        """
        params = {
            "response_type": "code",
            "scope": "openid email profile",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": state,
            "nonce": _derived(browser, "nonce"),
        }
        if self.uses_pkce:
            challenge = create_s256_code_challenge(_derived(browser, "verifier"))
            params |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        if afresh:
            params |= {"prompt": "login", "max_age": "0"}
        return f"{self._address('authorization_endpoint')}?{urlencode(params)}"

    def claims(self, code: str, browser: str) -> dict[str, Any]:
        """What the provider says of the person behind a code: signature, issuer, audience, times and nonce checked.

        Raises: ProviderError.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        if self.uses_pkce:
            form["code_verifier"] = _derived(browser, "verifier")
        answer = _fetch(self._address("token_endpoint"), form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the provider gave no identity for the code")
        return self._checked(token, browser)

    def _checked(self, token: str, browser: str) -> dict[str, Any]:
        try:
            opened = self._verified(token)
            claims = CodeIDToken(
                opened.claims,
                opened.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client_id},
                },
                params={"nonce": _derived(browser, "nonce"), "client_id": self.client_id},
            )
            claims.validate(now=int(time.time()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(f"the identity was refused: {type(error).__name__}") from None
        return dict(claims)

    def _verified(self, token: str) -> jwt.Token:
        keys = self._key_set()
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # the provider may have changed its keys a moment ago
            if time.monotonic() - self._read_at < AGAIN_S:
                raise
            self._read_at = float("-inf")
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)

    def _address(self, name: str) -> str:
        self._read()
        return str(self._about[name])

    def _key_set(self) -> KeySet:
        self._read()
        assert self._keys is not None
        return self._keys

    def _read(self) -> None:
        """The provider's own description of itself, and its keys."""
        with self._lock:
            if time.monotonic() - self._read_at < FRESH_S:
                return
            about = _fetch(f"{self.issuer}/.well-known/openid-configuration")
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if about.get("issuer") != self.issuer or not all(
                _is_address(about.get(name), self.issuer) for name in wanted
            ):
                raise ProviderError("the provider describes itself as another one")
            try:
                self._keys = KeySet.import_key_set(_fetch(about["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError):
                raise ProviderError("the provider's keys cannot be read") from None
            self._about, self._read_at = about, time.monotonic()


def providers_of(config: BotConfig) -> dict[str, Provider]:
    """The providers of a configuration, by key; none without an address to come back to."""
    found: dict[str, Provider] = {}
    if not config.base_url:
        return found
    if config.slack_client_id and config.slack_client_secret:
        own = urlsplit(config.slack_api_base_url)
        is_slack = config.slack_api_base_url == SLACK_API
        found["slack"] = Provider(
            "slack",
            "Slack",
            "https://slack.com" if is_slack else f"{own.scheme}://{own.netloc}",
            config.slack_client_id,
            config.slack_client_secret.get_secret_value(),
            f"{config.base_url}/login/slack/back",
            uses_pkce=False,
        )
    if config.oidc_issuer and config.oidc_client_id:
        secret = config.oidc_client_secret
        found["oidc"] = Provider(
            "oidc",
            config.oidc_name,
            config.oidc_issuer,
            config.oidc_client_id,
            secret.get_secret_value() if secret else "",
            f"{config.base_url}/login/oidc/back",
        )
    return found


def _derived(browser: str, purpose: str) -> str:
    return hashlib.sha256(f"{purpose}:{browser}".encode()).hexdigest()


def _is_address(value: object, issuer: str) -> bool:
    """https, or plain http where the issuer is so itself (a stand-in on this machine)."""
    scheme = urlsplit(str(value)).scheme
    return scheme == "https" or (scheme == "http" and issuer.startswith("http://"))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def _fetch(url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    body = urlencode(form).encode() if form is not None else None
    # _is_address has seen to the scheme; the issuer comes from our configuration
    asked = urllib.request.Request(url, body, {"Accept": "application/json"})  # noqa: S310
    try:
        with _OPENER.open(asked, timeout=TIMEOUT_S) as answer:
            found = json.loads(answer.read(MAX_BYTES))
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise ProviderError(f"the provider does not answer: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise ProviderError("the provider's answer cannot be read")
    return found
