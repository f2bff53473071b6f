"""What the tests of the doors share: signed requests, and real parts with a workspace installed."""

import json
import time
from urllib.parse import urlencode

from bot.build import Parts, build
from bot.config import BotConfig
from bot.crypto import MasterKey
from bot.ingress.signature import sign
from bot.records import Install

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TENANT = "T0TENANT1"
INSTALL = Install(TENANT, "Fernhill Coffee", "U0BOT00001", "B0BOT00001", "A0APP00001", "xoxb-1-a")


def config_of(folder, **environ) -> BotConfig:
    return BotConfig.read(
        {"PIIGUARD_DATA_DIR": str(folder), "SLACK_SIGNING_SECRET": SECRET} | environ
    )


def make_parts(folder, guard, *, install: Install | None = INSTALL, **environ) -> Parts:
    """Real parts on SQLite, nothing started; the workspace is installed and its Slack is nowhere."""
    environ = {"SLACK_API_BASE_URL": "http://127.0.0.1:9/api/"} | environ
    parts = build(config_of(folder, **environ), guard=guard, master_key=MasterKey.throw_away())
    if install is not None:
        with parts.store.transaction() as tx:
            parts.store.installs.save(tx, install)
    return parts


def headers_of(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at)).encode()
    return {
        "X-Slack-Request-Timestamp": stamp.decode(),
        "X-Slack-Signature": sign(secret.encode(), stamp, body).decode(),
    }


def post(client, path, body, *, content_type="application/json", headers=None, **kw):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = headers_of(body, **kw) | (headers or {})
    return client.post(path, data=body, headers=signed, content_type=content_type)


def post_form(client, path, form, **kw):
    body = urlencode(form).encode()
    return post(client, path, body, content_type="application/x-www-form-urlencoded", **kw)


def message_event(text="hello", *, event_id="Ev1", tenant=TENANT, ts="1700000000.000100", **event):
    """An Events API payload with a message of somebody in a channel."""
    return {
        "token": "deprecated",
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1_700_000_000,
        "team_id": tenant,
        "api_app_id": "A0APP00001",
        "authorizations": [{"team_id": tenant, "enterprise_id": None, "is_enterprise_install": False}],
        "event": {
            "type": "message", "channel": "C0GENERAL1", "user": "U0ANA00001", "text": text, "ts": ts, "event_ts": ts
        } | event,
    }  # fmt: skip


def payloads(parts) -> list[dict]:
    """What waits in the inbox."""
    return [job.payload for job in parts.store.inbox.claim(100)]
