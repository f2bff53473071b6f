"""SlackClient: one call to Slack, and what its answer means for whoever sends.

An answer is done, wait, refused, or unknown: Slack may or may not have done it. Nothing is repeated here (the
SDK's own retries double posts) and no body is ever logged.
"""

import json
import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.slack.files import MAX_BYTES, MAX_SECONDS, NotFetchedError

SLACK_API = "https://slack.com/api/"
_FILE_HOST = ("https", "files.slack.com")
_HOOKS_HOST = ("https", "hooks.slack.com")
#: Part of the work may be done: https://docs.slack.dev/reference/methods/chat.postMessage
_MAYBE_DONE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_STOPS_TENANT = frozenset(
    {"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "team_access_not_granted"}
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_DEFAULT_WAIT_S = 30.0
_MAX_REDIRECTS = 2

# The SDK prints bodies at DEBUG, and at ERROR the start of an answer that is no JSON.
_SILENT = logging.getLogger("bot.slack.sdk")
_SILENT.setLevel(logging.CRITICAL + 1)
_SILENT.propagate = False


@dataclass(frozen=True, slots=True)
class Done:
    """Slack did it. ``data`` may hold message text."""

    data: dict[str, Any] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def dropped_metadata(self) -> bool:
        """True when the message was posted without its mark: it could not be found again."""
        return any("metadata" in warning for warning in self.warnings)


@dataclass(frozen=True, slots=True)
class Wait:
    """Slack did nothing and says when to come back."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack did nothing, and asking again changes nothing. ``code`` is Slack's own."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Slack may have done it. ``code`` says what was seen: "timeout", "reset", "no_json", "http_502", .."""

    code: str


Answer = Done | Wait | Refused | Unknown


def stops_tenant(code: str) -> bool:
    """True when no call for this workspace can succeed any more."""
    return code in _STOPS_TENANT


class SlackClient:
    """Calls for one workspace. ``admin_token``: an administrator's user token, where there is one, to delete."""

    def __init__(
        self, token: str, base_url: str = "", *, admin_token: str = "", timeout_s: float = 10
    ) -> None:
        self._base_url = base_url.rstrip("/") + "/" if base_url else SLACK_API
        self._token = token
        self._timeout_s = timeout_s
        self._bot = self._web_client(token)
        self._admin = self._web_client(admin_token) if admin_token else None

    def __repr__(self) -> str:
        return f"SlackClient({urlsplit(self._base_url).hostname})"

    @property
    def may_delete(self) -> bool:
        """True when there is an administrator's token to delete with."""
        return self._admin is not None

    def call(self, method: str, **args: Any) -> Answer:
        """Call a Web API method as the bot. Lists and dicts go as JSON, None stays away."""
        return self._call(self._bot, method, args)

    def call_as_admin(self, method: str, **args: Any) -> Answer:
        """Call it with the administrator's token; Refused("no_admin_token") where there is none."""
        if self._admin is None:
            return Refused("no_admin_token")
        return self._call(self._admin, method, args)

    def respond(self, url: str, payload: Mapping[str, Any]) -> Answer:
        """Answer an interaction at its ``response_url``: five times within thirty minutes. It cannot be read back.

        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        if not self._is_at(url, _HOOKS_HOST):
            return Refused("another_host")
        hook = WebhookClient(url, timeout=max(1, round(self._timeout_s)), retry_handlers=[], logger=_SILENT)  # fmt: skip
        try:
            status = hook.send_dict(dict(payload)).status_code
        except TimeoutError:
            return Unknown("timeout")
        except (OSError, HTTPException, SlackClientError, ValueError, TypeError):
            return Unknown("reset")
        if status == 200:
            return Done({})
        is_refused = 400 <= status < 500 and status != 429
        return (Refused if is_refused else Unknown)(f"http_{status}")

    @staticmethod
    def stops_tenant(code: str) -> bool:
        return stops_tenant(code)

    def fetch_file(self, url: str) -> bytes:
        """A file's bytes, from Slack's file host or the configured stand-in only.

        Raises NotFetchedError with a reason that names no file.
        """
        give_up_at = time.monotonic() + MAX_SECONDS
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                if not self._is_at(url, _FILE_HOST):
                    raise NotFetchedError("another host")
                request = urllib.request.Request(  # noqa: S310 (the host is checked above)
                    url, headers={"Authorization": f"Bearer {self._token}"}
                )
                with opener.open(request, timeout=self._timeout_s) as answer:
                    if answer.status not in (301, 302, 303, 307, 308):
                        return _read_capped(answer, give_up_at)
                    url = _onward(url, answer.headers.get("Location") or "")
        except urllib.error.HTTPError as error:
            raise NotFetchedError(f"Slack answered {error.code}") from None
        except (OSError, HTTPException, ValueError):
            raise NotFetchedError("not reachable") from None
        raise NotFetchedError("redirected too often")

    def _is_at(self, url: str, host: tuple[str, str]) -> bool:
        """Whether an address is on a host of Slack's, or on the configured stand-in."""
        allowed = [host]
        if self._base_url != SLACK_API:
            base = urlsplit(self._base_url)
            allowed.append((base.scheme, base.netloc))
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return (parts.scheme, parts.netloc) in allowed

    def _web_client(self, token: str) -> WebClient:
        return WebClient(
            token=token,
            base_url=self._base_url,
            timeout=max(1, round(self._timeout_s)),
            retry_handlers=[],
            logger=_SILENT,
        )

    def _call(self, client: WebClient, method: str, args: Mapping[str, Any]) -> Answer:
        # a form: the reading methods take no JSON body
        form = {
            name: json.dumps(value) if isinstance(value, dict | list | tuple) else value
            for name, value in args.items()
            if value is not None
        }
        try:
            answer = client.api_call(method, data=form)
        except SlackApiError as error:
            response = error.response
            return _judge(response.status_code, response.headers, response.data)
        except TimeoutError:
            return Unknown("timeout")
        except urllib.error.URLError as error:
            return Unknown("timeout" if isinstance(error.reason, TimeoutError) else "not_reached")
        except (OSError, HTTPException, SlackClientError):
            return Unknown("reset")
        except (ValueError, AttributeError, TypeError, LookupError):
            # subtle: the SDK takes for granted that an answer is text in a known charset, and a JSON object
            return Unknown("no_json")
        return _judge(answer.status_code, answer.headers, answer.data)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Hands a redirect back as an answer, so that the bearer token follows none unseen."""

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message
    ) -> Any:
        return fp

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _onward(url: str, target: str) -> str:
    """Where a redirect leads. One that leaves Slack's folders of files leads to its sign-in page, not to the file."""
    is_file, stays = (urlsplit(one).path.startswith("/files-") for one in (url, target))
    if is_file and not stays and urlsplit(url).netloc == urlsplit(target).netloc:
        raise NotFetchedError("Slack does not give it to me")
    return target


def _judge(status: int, headers: Mapping[str, Any], data: object) -> Answer:
    if not isinstance(data, dict):
        return Wait(_wait_s(headers)) if status == 429 else Unknown("no_json")
    error = data.get("error")
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return Wait(_wait_s(headers))
    if status >= 500:
        return Unknown(f"http_{status}")
    if data.get("ok") is True:
        return Done(data, _warnings(data))
    # where the answer was no JSON, the SDK puts a sentence with its beginning there
    if not isinstance(error, str) or not _CODE.fullmatch(error):
        return Unknown("no_json")
    return Unknown(error) if error in _MAYBE_DONE else Refused(error)


def _wait_s(headers: Mapping[str, Any]) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after" and re.fullmatch(r"[0-9]{1,6}", str(value).strip()):
            return max(1.0, float(value))
    return _DEFAULT_WAIT_S


def _warnings(data: Mapping[str, Any]) -> tuple[str, ...]:
    found = str(data.get("warning") or "").split(",")
    metadata = data.get("response_metadata")
    for key in ("warnings", "messages"):
        listed = metadata.get(key) if isinstance(metadata, dict) else None
        found += [str(entry) for entry in listed] if isinstance(listed, list) else []
    return tuple(dict.fromkeys(entry.strip() for entry in found if entry.strip()))


def _read_capped(answer: Any, give_up_at: float) -> bytes:
    kept = bytearray()
    while chunk := answer.read1(65_536):
        kept += chunk
        if len(kept) > MAX_BYTES:
            raise NotFetchedError("too large")
        if time.monotonic() > give_up_at:
            raise NotFetchedError("took too long")
    return bytes(kept)
