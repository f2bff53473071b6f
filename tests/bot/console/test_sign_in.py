"""Signing in and out: passwords, links, throttle, ends of sessions, and where one goes on."""

import re
import time
from statistics import median

import pytest

from bot import passwords
from bot.console.visits import safe_next
from tests.bot.console.conftest import COOKIE, OTHER_TENANT, TENANT

PASSWORD = "seven walnuts in a row"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def dana(make_person):
    return make_person("Dana", "reviewer", password_hash=HASH)


def actions(parts, tenant=TENANT):
    return [row.action for row in parts.store.audit.rows(tenant)]


def cookies_of(answer):
    return {one.split("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}


def test_a_name_and_a_password_open_a_session(stranger, dana, parts):
    answer = stranger.send("/login", {"name": "Dana", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    cookie = cookies_of(answer)[COOKIE]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert stranger.get("/me").status_code == 200
    assert actions(parts)[0] == "session.opened"


@pytest.mark.parametrize(
    ("name", "password"),
    [("Dana", "wrong but long enough"), ("Nobody", PASSWORD), ("", ""), ("dana", PASSWORD), ("Dana", PASSWORD + " "), ("Dana", "x" * 2000), ("Gone", PASSWORD), ("Linked", "")],
)  # fmt: skip
def test_what_is_wrong_gets_one_answer(stranger, dana, parts, make_person, name, password):
    gone = make_person("Gone", "reviewer", password_hash=HASH)
    parts.store.people.set_roles(gone.id, gone.roles, is_active=False)
    make_person("Linked", "reviewer")

    answer = stranger.send("/login", {"name": name, "password": password})

    assert answer.status_code == 401
    assert "Name or password is wrong." in answer.text
    assert COOKIE not in cookies_of(answer)
    assert password == "" or password not in answer.text
    assert stranger.get("/me").status_code == 302


def test_the_typed_name_comes_back_as_text(stranger, dana):
    answer = stranger.send("/login", {"name": '"><b>x</b>', "password": "y"})

    assert "<b>x</b>" not in answer.text
    assert "&gt;&lt;b&gt;" in answer.text


def test_an_unknown_name_takes_as_long_as_a_wrong_password():
    def seconds(stored):
        times = []
        for _ in range(5):
            started = time.process_time()
            passwords.is_password(stored, "wrong but long enough")
            times.append(time.process_time() - started)
        return median(times)

    passwords.is_password("", "x")  # the hash of nobody is made once

    assert seconds("") == pytest.approx(seconds(HASH), rel=0.6)


def test_who_tries_too_often_waits(stranger, dana, let_time_pass, parts):
    tries = [stranger.send("/login", {"name": "Dana", "password": "no"}) for _ in range(6)]
    right = stranger.send("/login", {"name": "Dana", "password": PASSWORD})

    assert [one.status_code for one in tries] == [401] * 5 + [429]
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 61
    let_time_pass(parts.store, 65)
    assert stranger.send("/login", {"name": "Dana", "password": PASSWORD}).status_code == 302


def test_a_name_is_slowed_wherever_it_is_tried_from(app, dana):
    statuses = []
    for number in range(7):
        client = app.test_client()
        environ = {"REMOTE_ADDR": f"192.0.2.{number}"}
        data = {"name": "DANA" if number % 2 else "dana", "password": "no"}
        statuses.append(client.send("/login", data, environ_base=environ).status_code)

    assert statuses == [401] * 5 + [429] * 2


def test_one_address_is_slowed_whatever_the_name(stranger, monkeypatch):
    monkeypatch.setattr(passwords, "is_password", lambda stored, password: False)  # it is slow
    statuses = [
        stranger.send("/login", {"name": f"n{number}", "password": "no"}).status_code
        for number in range(22)
    ]

    assert statuses == [401] * 20 + [429] * 2


def test_signing_in_gives_a_new_secret_and_ends_the_old_session(stranger, dana, parts):
    stranger.send("/login", {"name": "Dana", "password": PASSWORD})
    first = stranger.get_cookie(COOKIE).value
    stranger.delete_cookie(COOKIE)
    again = parts.store.sessions.get(first)
    stranger.set_cookie(COOKIE, first)
    stranger.secret = first
    stranger.send("/login", {"name": "Dana", "password": PASSWORD})

    assert again is not None
    assert stranger.get_cookie(COOKIE).value != first
    assert parts.store.sessions.get(first) is None


def test_a_secret_that_somebody_planted_is_not_taken_up(stranger, dana):
    stranger.set_cookie(COOKIE, "planted")
    stranger.send("/login", {"name": "Dana", "password": PASSWORD})

    assert stranger.get_cookie(COOKIE).value != "planted"


def test_signing_out_ends_the_session_on_the_server(client_as, parts):
    client = client_as("reviewer")

    answer = client.send("/logout")

    assert answer.headers["Location"] == "/login?out=1"
    assert parts.store.sessions.get(client.secret) is None
    assert client.get("/me").status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(14 * 60, 200), (16 * 60, 302)])
def test_a_session_ends_after_a_quarter_of_an_hour_without_use(
    client_as, parts, let_time_pass, seconds, status
):
    client = client_as("viewer")

    let_time_pass(parts.store, seconds)

    assert client.get("/me").status_code == status


def test_a_session_ends_after_eight_hours_in_any_case(client_as, parts, let_time_pass):
    client = client_as("viewer")
    statuses = []
    for _ in range(50):
        let_time_pass(parts.store, 600)
        statuses.append(client.get("/me").status_code)

    assert statuses == [200] * 47 + [302] * 3


def test_switched_off_is_signed_out_at_the_next_request(client_as, parts):
    client = client_as("reviewer")

    parts.store.people.set_roles(client.person.id, client.person.roles, is_active=False)

    assert client.get("/me").status_code == 302


def test_a_session_of_another_workspace_than_its_person_counts_for_nothing(app, make_person, parts):
    person = make_person("Dana", "admin")
    client = app.test_client()
    client.set_cookie(COOKIE, parts.store.sessions.open(person.id, OTHER_TENANT))

    assert client.get("/me").status_code == 302


# ------------------------------------------------------------------------------------------------ one-time links
def test_a_one_time_link_becomes_a_session_and_a_clean_address_once(app, parts, dana):
    code = parts.store.sessions.one_time(dana.id)
    first, second = app.test_client(), app.test_client()

    answers = [first.get(f"/login/{code}"), second.get(f"/login/{code}")]

    assert [one.status_code for one in answers] == [302, 400]
    assert answers[0].headers["Location"] == "/"
    assert first.get("/me").status_code == 200
    assert second.get("/me").status_code == 302
    assert "used up or too old" in answers[1].text


def test_an_old_link_an_unknown_one_and_one_of_somebody_switched_off_open_nothing(
    stranger, parts, dana, make_person, let_time_pass
):
    old = parts.store.sessions.one_time(dana.id, 60)
    let_time_pass(parts.store, 61)
    gone = make_person("Gone", "reviewer")
    parts.store.people.set_roles(gone.id, gone.roles, is_active=False)
    of_gone = parts.store.sessions.one_time(gone.id)

    statuses = [stranger.get(f"/login/{code}").status_code for code in (old, "unknown", of_gone)]

    assert statuses == [400, 400, 403]
    assert stranger.get("/me").status_code == 302


def test_a_session_secret_is_no_link_and_a_link_no_session(stranger, parts, dana):
    secret = parts.store.sessions.open(dana.id, TENANT)
    stranger.set_cookie(COOKIE, parts.store.sessions.one_time(dana.id))

    assert stranger.get("/me").status_code == 302
    assert stranger.get(f"/login/{secret}").status_code == 400


def test_who_comes_by_link_without_a_password_is_asked_to_set_one(app, parts, make_person):
    lee = make_person("Lee", "reviewer")
    client = app.test_client()

    answer = client.get(f"/login/{parts.store.sessions.one_time(lee.id)}")

    assert answer.headers["Location"] == "/me#password-title"
    assert "Set a password" in client.get("/me").text


# ------------------------------------------------------------------------------------------- a fresh sign-in
def test_the_password_again_makes_a_session_fresh_and_gives_it_a_new_secret(
    app, sign_in, dana, parts, let_time_pass
):
    client = sign_in(dana)
    let_time_pass(parts.store, 600)
    before = parts.store.sessions.get(client.secret)

    wrong = client.send("/login/again", {"password": "no", "next": "/me"})
    right = client.send("/login/again", {"password": PASSWORD, "next": "/me"})

    after = parts.store.sessions.get(client.get_cookie(COOKIE).value)
    assert (wrong.status_code, right.status_code, right.headers["Location"]) == (401, 302, "/me")
    assert parts.store.sessions.get(client.secret) is None
    assert (after.signed_in_at - before.signed_in_at).total_seconds() > 500
    assert after.id == before.id


# ------------------------------------------------------------------------------------------- where it goes on
@pytest.mark.parametrize(
    ("url", "goes_to"),
    [
        ("/flags?q=label%3ACREDIT_CARD", "/flags?q=label%3ACREDIT_CARD"),
        ("/me", "/me"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("\\/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("me", "/"),
        ("/login/again", "/"),
        ("/logout", "/"),
    ],
)
def test_after_signing_in_one_goes_on_inside_the_console_only(url, goes_to):
    assert safe_next(url) == goes_to


def test_who_is_not_signed_in_comes_back_to_the_page_they_wanted(stranger, dana):
    asked = stranger.get("/me?tab=1")
    login = stranger.get(asked.headers["Location"])
    token = re.search(r'name="csrf_token" value="([^"]+)"', login.text)[1]
    wanted = re.search(r'name="next" value="([^"]+)"', login.text)[1]
    data = {"name": "Dana", "password": PASSWORD, "next": wanted, "csrf_token": token}

    assert asked.headers["Location"] == "/login?next=/me%3Ftab%3D1"
    assert stranger.post("/login", data=data).headers["Location"] == "/me?tab=1"


def test_a_script_is_told_401_and_not_sent_to_a_form(stranger):
    assert stranger.get("/me", headers={"X-Fragment": "1"}).status_code == 401
