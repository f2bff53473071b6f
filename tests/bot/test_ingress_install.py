"""Installing: who may start it, what comes back must belong to it, and which workspace may come."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.app import create_app
from bot.ingress.install import make_install_link
from bot.records import Person
from bot.simulator.simulator import Simulator
from tests.bot.ingress_tools import make_parts

BASE = "https://pii.example.com"
ADMIN = Person("p1", "", "lee", frozenset({"admin"}))
REVIEWER = Person("p2", "", "dana", frozenset({"reviewer"}))


@pytest.fixture
def sim():
    with Simulator() as sim:
        yield sim


@pytest.fixture
def open_app(tmp_path, guard, sim):
    """The application for whoever is signed in, with this workspace listed or not."""
    made = []

    def make(person=ADMIN, *, listed=True, base=BASE):
        parts = make_parts(
            tmp_path, guard, install=None,
            SLACK_CLIENT_ID=sim.app.client_id, SLACK_CLIENT_SECRET=sim.app.client_secret,
            SLACK_API_BASE_URL=sim.api_url, PIIGUARD_BASE_URL=base,
            PIIGUARD_TEAMS=sim.workspace.team_id if listed else "T0OTHER",
        )  # fmt: skip
        made.append(parts)
        client = create_app(parts, person_of=lambda: person).test_client()
        return parts, client

    yield make
    for parts in made:
        parts.stop()


def begin(client, base=BASE, link=""):
    return client.get(f"/slack/install{link}", base_url=base)


def say_yes(sim, answer):
    """Slack's own page: the administrator says yes, and the browser comes back with code and state."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
    assert asked["client_id"] == sim.app.client_id
    code = sim.workspace.new_id("code")
    sim.codes[code] = (asked["redirect_uri"], "", frozenset(asked["scope"].split(",")))
    return f"/slack/oauth_redirect?code={code}&state={asked['state']}"


def actions(parts):
    return [row.action for row in parts.store.audit.rows("", 10)]


def test_an_administrator_installs_a_listed_workspace(open_app, sim):
    parts, client = open_app()

    answer = begin(client)
    done = client.get(say_yes(sim, answer), base_url=BASE)

    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/oauth/v2/authorize"
    assert done.status_code == 200
    install = parts.store.installs.get(sim.workspace.team_id)
    assert install.is_active
    assert install.bot_user_id == sim.app.bot_user_id
    assert sim.tokens[install.token].is_bot
    assert parts.workspaces.is_active(sim.workspace.team_id)


def test_the_cookie_is_for_this_host_and_https_only(open_app):
    _, client = open_app()

    cookie = begin(client).headers["Set-Cookie"]

    assert cookie.startswith("__Host-")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_on_plain_http_the_cookie_has_neither_prefix_nor_secure(open_app, sim):
    base = "http://127.0.0.1:8787"
    _, client = open_app(base=base)

    answer = begin(client, base)

    assert not answer.headers["Set-Cookie"].startswith("__Host-")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert client.get(say_yes(sim, answer), base_url=base).status_code == 200


@pytest.mark.parametrize("person", [None, REVIEWER])
def test_who_is_no_administrator_cannot_begin(open_app, person):
    _, client = open_app(person)

    answer = begin(client)

    assert answer.status_code == 403
    assert "Location" not in answer.headers


def test_a_link_from_the_command_line_begins_one_install(open_app, sim):
    parts, client = open_app(None)
    link = "?" + urlsplit(make_install_link(parts.store, BASE)).query

    first, again = begin(client, link=link), begin(client, link=link)
    forged = begin(client, link="?link=guess")

    assert [first.status_code, again.status_code, forged.status_code] == [302, 403, 403]
    assert client.get(say_yes(sim, first), base_url=BASE).status_code == 200


def test_a_state_works_once(open_app, sim):
    parts, client = open_app()
    back = say_yes(sim, begin(client))

    first, again = client.get(back, base_url=BASE), client.get(back, base_url=BASE)

    assert (first.status_code, again.status_code) == (200, 400)
    assert "workspace.refused" in actions(parts)


def test_another_browser_cannot_end_what_this_one_began(open_app, sim):
    parts, client = open_app()
    back = say_yes(sim, begin(client))
    client.delete_cookie("__Host-piiguard_install", domain="pii.example.com")

    answer = client.get(back, base_url=BASE)

    assert answer.status_code == 400
    assert parts.store.installs.all() == []
    assert sim.calls_of("oauth.v2.access") == []


@pytest.mark.parametrize(
    "query", ["", "?state=x&code=y", "?code=y", "?state=%00&code=%ff", "?error=access_denied"]
)
def test_what_was_never_begun_is_refused_without_a_word_of_it(open_app, query):
    parts, client = open_app()

    answer = client.get(f"/slack/oauth_redirect{query}", base_url=BASE)

    assert answer.status_code == 400
    assert not re.search(r"access_denied|code=", answer.text)
    assert parts.store.installs.all() == []


def test_a_state_too_old_is_refused(open_app, sim, let_time_pass):
    parts, client = open_app()
    back = say_yes(sim, begin(client))
    let_time_pass(parts.store, 601)

    assert client.get(back, base_url=BASE).status_code == 400


def test_a_link_is_no_state(open_app):
    parts, client = open_app()
    begin(client)
    code = urlsplit(make_install_link(parts.store, BASE)).query.removeprefix("link=")

    assert (
        client.get(f"/slack/oauth_redirect?state={code}&code=x", base_url=BASE).status_code == 400
    )


def test_a_workspace_that_is_not_listed_gets_its_token_back(open_app, sim):
    parts, client = open_app(listed=False)

    answer = client.get(say_yes(sim, begin(client)), base_url=BASE)

    assert answer.status_code == 400
    assert parts.store.installs.all() == []
    assert len(sim.calls_of("auth.revoke")) == 1
    assert "workspace.refused" in actions(parts)


def test_a_code_that_slack_does_not_know_is_refused(open_app, sim):
    parts, client = open_app()
    back = say_yes(sim, begin(client))
    sim.codes.clear()

    assert client.get(back, base_url=BASE).status_code == 400
    assert parts.store.installs.all() == []


def test_without_a_client_id_there_is_no_install(tmp_path, guard):
    parts = make_parts(tmp_path, guard)

    assert create_app(parts).test_client().get("/slack/install").status_code == 404
    parts.stop()
