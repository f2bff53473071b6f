"""Sign in with Slack and with a company's provider: what each check keeps out, against a small provider of our own."""

import hashlib
import json
import re
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.config import BotConfig
from bot.console.oidc_provider import providers_of
from tests.bot.console.conftest import COOKIE, OTHER_TENANT, TENANT
from tests.bot.console.fake_provider import STRANGE_KEY, FakeProvider


@pytest.fixture
def provider():
    provider = FakeProvider()
    yield provider
    provider.server.shutdown()


@pytest.fixture
def environ(provider):
    return {
        "PIIGUARD_BASE_URL": "http://pii.example",
        "PIIGUARD_OIDC_ISSUER": provider.url,
        "PIIGUARD_OIDC_CLIENT_ID": "client-1",
        "PIIGUARD_OIDC_CLIENT_SECRET": "secret-1",
        "PIIGUARD_OIDC_NAME": "Fernhill",
        "SLACK_CLIENT_ID": "client-1",
        "SLACK_CLIENT_SECRET": "secret-2",
        "SLACK_API_BASE_URL": provider.url + "/api/",
    }


SLACK_CLAIMS = {"https://slack.com/team_id": TENANT, "https://slack.com/user_id": "U0LEE00001"}
MAIL_CLAIMS = {"email": "lee@fernhill.example", "email_verified": True}


@pytest.fixture
def lee(make_person):
    return make_person("lee@fernhill.example", "reviewer", slack_user_id="U0LEE00001")


def start(client, provider, key="oidc", query=""):
    """Follow the button; gives what the provider was sent."""
    answer = client.get(f"/login/{key}{query}")
    assert answer.status_code == 302
    sent = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}  # fmt: skip
    provider.nonce = sent["nonce"]
    return sent


def come_back(client, sent, key="oidc"):
    return client.get(f"/login/{key}/back?code=c1&state={sent['state']}")


@pytest.mark.parametrize(("key", "claims"), [("oidc", MAIL_CLAIMS), ("slack", SLACK_CLAIMS)])
def test_who_is_known_gets_in_and_goes_on(stranger, provider, lee, parts, key, claims):
    provider.claims = claims

    sent = start(stranger, provider, key, "?next=/flags")
    answer = come_back(stranger, sent, key)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/flags")
    assert stranger.get("/me").status_code == 200
    assert sent["redirect_uri"] == f"http://pii.example/login/{key}/back"
    row = parts.store.audit.rows(TENANT)[0]
    assert (row.action, row.actor, row.details) == ("session.opened", lee.id, {"way": key})


def test_the_verifier_fits_the_challenge_and_slack_gets_none(stranger, provider, lee):
    provider.claims = MAIL_CLAIMS | SLACK_CLAIMS
    sent = start(stranger, provider)
    come_back(stranger, sent)
    to_slack = start(stranger, provider, "slack")
    come_back(stranger, to_slack, "slack")

    hashed = hashlib.sha256(provider.asked[0]["code_verifier"].encode()).digest()
    assert urlsafe_b64encode(hashed).rstrip(b"=").decode() == sent["code_challenge"]
    assert sent["code_challenge_method"] == "S256"
    assert "code_challenge" not in to_slack
    assert "code_verifier" not in provider.asked[1]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "client-2"},
        {"aud": ["client-2"]},
        {"aud": "client-2", "azp": "client-1"},
        {"exp": 1_000_000},
        {"nonce": "another"},
        {"email": "zoe@fernhill.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
    ],
)
def test_an_identity_that_is_not_right_in_each_point_opens_nothing(
    stranger, provider, lee, parts, claims
):
    provider.claims = MAIL_CLAIMS | claims

    answer = come_back(stranger, start(stranger, provider))

    assert answer.status_code == 400
    assert stranger.get("/me").status_code == 302
    assert parts.store.audit.rows("")[0].action == "session.refused"


@pytest.mark.parametrize("left_out", ["nonce", "exp", "iss", "aud", "sub"])
def test_an_identity_that_lacks_a_point_opens_nothing(stranger, provider, lee, left_out):
    provider.claims, provider.left_out = MAIL_CLAIMS, {left_out}

    assert come_back(stranger, start(stranger, provider)).status_code == 400


@pytest.mark.parametrize(
    "claims",
    [
        {"https://slack.com/team_id": "T0STRANGE"},
        {"https://slack.com/team_id": OTHER_TENANT},
        {"https://slack.com/user_id": "U0STRANGE"},
        {"https://slack.com/team_id": ""},
        {"https://slack.com/user_id": ""},
    ],
)
def test_a_slack_account_is_not_yet_a_role(stranger, provider, lee, claims):
    provider.claims = SLACK_CLAIMS | claims

    answer = come_back(stranger, start(stranger, provider, "slack"), "slack")

    assert answer.status_code == 400
    assert "You have no account here." in answer.text


def test_who_was_switched_off_stays_out(stranger, provider, lee, parts):
    parts.store.people.set_roles(lee.id, lee.roles, is_active=False)
    provider.claims = MAIL_CLAIMS

    assert come_back(stranger, start(stranger, provider)).status_code == 400


def test_another_key_is_refused_and_a_new_one_of_the_provider_is_taken_up(
    stranger, provider, lee, monkeypatch
):
    provider.claims = MAIL_CLAIMS
    provider.key = STRANGE_KEY
    refused = come_back(stranger, start(stranger, provider))
    provider.published = [STRANGE_KEY]
    monkeypatch.setattr("bot.console.oidc_provider.AGAIN_S", -1)
    taken = come_back(stranger, start(stranger, provider))

    assert (refused.status_code, taken.status_code) == (400, 302)


def test_an_unsigned_identity_is_refused(stranger, provider, lee, monkeypatch):
    sent = start(stranger, provider)
    claims = {"iss": provider.url, "aud": "client-1", "sub": "s", "iat": 1, "exp": 9_999_999_999, "nonce": provider.nonce} | MAIL_CLAIMS  # fmt: skip

    def part(data):
        return urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    monkeypatch.setattr(provider, "token", lambda: f"{part({'alg': 'none'})}.{part(claims)}.")

    assert come_back(stranger, sent).status_code == 400


# ------------------------------------------------------------------------------------------------ state
def test_a_state_works_once_in_the_browser_it_was_given_to(app, stranger, provider, lee):
    provider.claims = MAIL_CLAIMS
    sent = start(stranger, provider)
    other = app.test_client()

    elsewhere = come_back(other, sent)
    used_up = come_back(stranger, sent)

    assert (elsewhere.status_code, used_up.status_code) == (400, 400)
    assert "another browser" in elsewhere.text
    assert "used up or too old" in used_up.text
    assert provider.asked == []


@pytest.mark.parametrize("query", ["", "?state=x&code=c", "?code=c", "?error=access_denied"])
def test_an_answer_that_nobody_asked_for_is_a_short_page(stranger, query):
    answer = stranger.get(f"/login/oidc/back{query}")

    assert answer.status_code == 400
    assert "Start again" in answer.text


def test_a_state_of_one_provider_is_none_of_another(stranger, provider, lee):
    provider.claims = MAIL_CLAIMS | SLACK_CLAIMS
    sent = start(stranger, provider, "oidc")

    assert come_back(stranger, sent, "slack").status_code == 400


def test_an_old_state_is_refused(stranger, provider, lee, parts, let_time_pass):
    provider.claims = MAIL_CLAIMS
    sent = start(stranger, provider)
    let_time_pass(parts.store, 601)

    assert come_back(stranger, sent).status_code == 400


def test_where_it_goes_on_is_checked_at_both_ends(stranger, provider, lee):
    provider.claims = MAIL_CLAIMS

    answer = come_back(stranger, start(stranger, provider, query="?next=//evil.example"))

    assert answer.headers["Location"] == "/"


# --------------------------------------------------------------------------------------------- a fresh sign-in
@pytest.mark.parametrize(("age_s", "status"), [(0, 302), (3600, 400), (None, 400)])
def test_fresh_is_what_the_provider_asked_just_now(
    sign_in, provider, lee, parts, let_time_pass, age_s, status
):
    client = sign_in(lee)
    let_time_pass(parts.store, 300)
    provider.claims = MAIL_CLAIMS | ({} if age_s is None else {"auth_time": int(time.time()) - age_s})  # fmt: skip

    sent = start(client, provider, query="?again=1&next=/me")
    answer = come_back(client, sent)

    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    assert answer.status_code == status
    assert (client.get_cookie(COOKIE).value != client.secret) is (status == 302)


def test_somebody_else_does_not_refresh_a_session(sign_in, provider, lee, make_person):
    client = sign_in(make_person("dana@fernhill.example", "compliance"))
    provider.claims = MAIL_CLAIMS | {"auth_time": int(time.time())}

    assert come_back(client, start(client, provider, query="?again=1")).status_code == 400
    assert "dana@fernhill.example" in client.get("/me").text


# --------------------------------------------------------------------------------------------- the configuration
def test_the_sign_in_page_offers_what_is_configured(stranger):
    page = stranger.get("/login?next=/flags").text

    assert re.findall(r'href="(/login/[^"]+)"', page) == ["/login/slack?next=/flags", "/login/oidc?next=/flags"]  # fmt: skip
    assert "Sign in with Fernhill" in page


@pytest.mark.parametrize(
    "left_out", ["PIIGUARD_BASE_URL", "PIIGUARD_OIDC_ISSUER", "PIIGUARD_OIDC_CLIENT_ID"]
)
def test_without_all_of_its_settings_there_is_no_provider(environ, left_out):
    kept = {name: value for name, value in environ.items() if name != left_out}

    assert "oidc" not in providers_of(BotConfig.read(kept))


def test_a_provider_that_is_away_is_said_so(stranger, provider):
    provider.server.server_close()
    provider.server.shutdown()

    assert stranger.get("/login/oidc").status_code == 503


def test_a_secret_of_a_provider_stands_in_no_repr(environ):
    shown = repr(providers_of(BotConfig.read(environ)))

    assert "secret-1" not in shown
    assert "secret-2" not in shown
