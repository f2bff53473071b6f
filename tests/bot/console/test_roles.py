"""Who may open what: each route of the application, tried as each role, against the table of the design."""

import re
import shutil

import pytest
from flask import Blueprint

from bot.app import create_app
from bot.console import open_console
from bot.console.roles import ALL_ROLES, access_of, anybody, may, public
from tests.bot.console.conftest import COOKIE, TENANT, ConsoleClient
from tests.bot.console.role_table import OTHER_DOORS, PUBLIC, ROLES


@pytest.fixture
def store_urls(tmp_path, sqlite_template):
    """SQLite alone: roles have nothing to do with the database."""
    shutil.copyfile(sqlite_template, tmp_path / "piiguard.db")
    return f"sqlite:///{tmp_path / 'piiguard.db'}", f"sqlite:///{tmp_path / 'keys.db'}"


def routes(app):
    """(name, method, path to try) of each route of the console."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(OTHER_DOORS):
            continue
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", path)
        path = re.sub(r"<[^>]+>", "x", path)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", method, path


def test_every_route_stands_in_the_table_and_the_table_has_no_other(app):
    names = {name for name, _, _ in routes(app)}
    known = PUBLIC | set(ROLES)

    assert sorted(names - known) == []
    assert sorted(known - names) == []


def test_each_role_may_open_what_the_table_says_and_nothing_else(app, parts, make_flag, make_person):  # fmt: skip
    make_flag()
    wrong = []
    for role in ALL_ROLES:
        person = make_person(role, role)
        for name, method, path in routes(app):
            if name in PUBLIC or name not in ROLES:  # the test above names it
                continue
            client = app.test_client()
            client.secret = parts.store.sessions.open(person.id, person.tenant)
            client.set_cookie(COOKIE, client.secret)
            headers = {} if method == "GET" else {"X-CSRFToken": client.token()}
            answer = client.open(path, method=method, headers=headers)
            was_let_in = "This takes the role" not in answer.get_data(as_text=True)
            if was_let_in != (role in ROLES[name]):
                wrong.append(f"{role}: {name} {'was let in' if was_let_in else 'was refused'}")
            if not was_let_in and answer.status_code != 403:
                wrong.append(f"{role}: {name} answers {answer.status_code}")
            if answer.status_code >= 500:
                wrong.append(f"{role}: {name} fails with {answer.status_code}")

    assert wrong == []


def test_nobody_gets_in_without_a_session(app, stranger):
    token = stranger.token()
    wrong = []
    for name, method, path in routes(app):
        if name in PUBLIC:
            continue
        answer = stranger.open(path, method=method, headers={"X-CSRFToken": token})
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/login"):
            wrong.append((name, answer.status_code))

    assert wrong == []


def test_somebody_without_any_role_has_their_own_page_only(client_as, make_flag):
    make_flag()
    client = client_as()

    statuses = {path: client.get(path).status_code for path in ("/me", "/", "/flags", "/flags/1", "/insights", "/people")}  # fmt: skip

    assert statuses == {"/me": 200, "/": 403, "/flags": 403, "/flags/1": 403, "/insights": 403, "/people": 403}  # fmt: skip


def test_a_refusal_says_what_is_needed_and_leaves_a_row(client_as, parts):
    client = client_as("reviewer")

    answer = client.get("/people")

    assert answer.status_code == 403
    assert "This takes the role admin. You are reviewer." in answer.text
    row = parts.store.audit.rows(TENANT)[0]
    assert (row.actor, row.action, row.object) == (client.person.id, "access.refused", "people.show")  # fmt: skip


def test_the_navigation_shows_what_one_may_open(client_as):
    def shown(role):
        page = client_as(role).get("/me").text
        return set(re.findall(r'<a href="(/\w*)"[^>]*data-key="g ', page))

    assert "/people" in shown("admin")
    assert "/people" not in shown("reviewer") | shown("auditor")
    assert {"/", "/flags"} <= shown("viewer")


def test_a_view_without_a_mark_is_open_to_nobody(parts, monkeypatch, make_person):
    console = open_console(parts, is_https=False)
    page = Blueprint("forgotten", __name__)
    page.get("/forgotten")(lambda: "secret")
    console._blueprints.append(page)
    console._names.add("forgotten")
    client = create_app(parts, console=console).test_client()
    admin = make_person("Sam", "admin", "compliance")
    client.set_cookie(COOKIE, parts.store.sessions.open(admin.id, TENANT))

    answer = client.get("/forgotten")

    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("mark", "roles", "expected"),
    [
        (may("admin"), ("admin",), True),
        (may("admin"), ("reviewer", "auditor"), False),
        (may("reviewer", "compliance"), ("compliance", "ml"), True),
        (anybody, ("viewer",), True),
        (public, (), True),
    ],
)
def test_a_mark_lets_in_by_role(mark, roles, expected, make_person):
    @mark
    def view():
        return ""

    assert access_of(view).allows(make_person("Dana", *roles)) is expected


def test_may_without_a_role_is_a_mistake():
    with pytest.raises(ValueError, match="anybody"):
        may()


# ------------------------------------------------------------------------------------------------ other workspaces
def test_what_belongs_to_another_workspace_is_not_there(client_as, make_flag, make_person):
    flag = make_flag(tenant="T0TENANT2")
    stranger = make_person("Zoe", "reviewer", tenant="T0TENANT2")
    admin = client_as("admin", "compliance")

    statuses = [
        admin.get(f"/flags/{flag.number}").status_code,
        admin.get(f"/people/{stranger.id}").status_code,
        admin.send(f"/people/{stranger.id}", {"roles": "admin", "active": "on"}).status_code,
        admin.send(f"/people/{stranger.id}/link").status_code,
        admin.send(f"/people/{stranger.id}/end").status_code,
    ]

    assert statuses == [404] * 5
    assert "Zoe" not in admin.get("/people").text


# ------------------------------------------------------------------------------------------------ every page
CANARY = "canary-5b1d"


@pytest.mark.parametrize("path", [f"/{CANARY}", f"/flags/{CANARY}", f"/login/{CANARY}", f"/me?x={CANARY}", f"/static/{CANARY}"])  # fmt: skip
def test_no_page_says_what_came_in_and_each_has_the_headers(client_as, caplog, path):
    answer = client_as("reviewer").get(path)

    assert CANARY not in answer.text
    assert CANARY not in caplog.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")  # fmt: skip
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_error_within_a_view_is_a_page_without_its_words(parts, caplog, make_person):
    console = open_console(parts, is_https=False)
    page = Blueprint("failing", __name__)

    @page.get("/failing")
    @anybody
    def fail():
        raise RuntimeError(CANARY)

    console._blueprints.append(page)
    console._names.add("failing")
    client = create_app(parts, console=console).test_client()
    dana = make_person("Dana", "viewer")
    client.set_cookie(COOKIE, parts.store.sessions.open(dana.id, TENANT))

    answer = client.get("/failing")

    assert answer.status_code == 500
    assert CANARY not in answer.text + caplog.text
    assert "Something went wrong" in answer.text


def test_no_page_has_inline_script_or_style_or_names_another_host(app, parts, make_flag, make_person):  # fmt: skip
    make_flag()
    person = make_person("Everybody", *ALL_ROLES)
    client: ConsoleClient = app.test_client()
    client.set_cookie(COOKIE, parts.store.sessions.open(person.id, TENANT))
    wrong = []
    for name, method, path in routes(app):
        if method != "GET" or "back" in path:
            continue
        answer = client.get(path)
        if "html" not in answer.content_type:
            continue
        if re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=\"|javascript:", answer.text):
            wrong.append(name)
        hosts = re.findall(r'(?:src|href|action)="(?:https?:)?//([^/"]+)', answer.text)
        wrong += [f"{name}: {host}" for host in hosts if "slack.com" not in host]

    assert wrong == []


def test_static_files_can_be_kept_by_browsers_and_pages_cannot(client_as):
    client = client_as("viewer")

    assert client.get("/me").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/console.css").headers["Cache-Control"]
