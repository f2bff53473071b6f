"""What stands before each page: forms of other sites, cookies, and the demo's people."""

import re

import pytest

from bot import passwords
from bot.app import create_app
from bot.console import open_console
from bot.console.visits import browser_of
from tests.bot.console.conftest import TENANT, ConsoleClient

PASSWORD = "seven walnuts in a row"
HASH = passwords.hash_password(PASSWORD)


def cookies_of(answer):
    return {one.split("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}


# ------------------------------------------------------------------------------------------- other sites' forms
def test_a_post_without_a_token_or_with_that_of_another_session_changes_nothing(client_as, parts):
    client, other = client_as("viewer"), client_as("reviewer")
    data = {"theme": "dark", "density": "compact", "time_zone": "UTC"}

    none = client.post("/me/preferences", data=data)
    foreign = client.post("/me/preferences", data=data, headers={"X-CSRFToken": other.token()})
    bad = client.post("/me/preferences", data=data, headers={"X-CSRFToken": "x"})

    assert [one.status_code for one in (none, foreign, bad)] == [400, 400, 400]
    assert parts.store.settings.get(TENANT, f"me:{client.person.id}") == ""
    assert client.send("/me/preferences", data).status_code == 302


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 302),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({}, 302),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(client_as, headers, status):
    client = client_as("viewer")
    data = {"theme": "dark", "density": "compact", "time_zone": "UTC"}

    assert client.send("/me/preferences", data, headers=headers).status_code == status


def test_under_https_an_origin_that_is_hidden_needs_another_sign(parts, make_person):
    app = create_app(parts, console=open_console(parts, is_https=True))
    app.test_client_class = ConsoleClient
    client = app.test_client()
    options = {"base_url": "https://pii.example.com"}
    token = re.search(r'csrf-token" content="([^"]+)"', client.get("/login", **options).text)[1]

    def post(headers):
        headers = {"X-CSRFToken": token} | headers
        data = {"name": "x", "password": "y"}
        return client.post("/login", data=data, headers=headers, **options).status_code

    assert post({"Origin": "null"}) == 403
    assert post({"Origin": "null", "Sec-Fetch-Site": "same-origin"}) == 401


def test_under_https_the_cookies_bind_to_the_host(parts, make_person):
    make_person("Dana", "reviewer", password_hash=HASH)
    app = create_app(parts, console=open_console(parts, is_https=True))
    client = app.test_client()
    options = {"base_url": "https://pii.example.com"}
    page = client.get("/login", **options)
    token = re.search(r'csrf-token" content="([^"]+)"', page.text)[1]
    data = {"name": "Dana", "password": PASSWORD, "csrf_token": token}

    answer = client.post("/login", data=data, headers={"Sec-Fetch-Site": "same-origin"}, **options)

    assert set(cookies_of(page)) == {"__Host-piiguard_form"}
    cookie = cookies_of(answer)["__Host-piiguard"]
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert client.get("/me", **options).status_code == 200


# ------------------------------------------------------------------------------------------------ the demo
def test_in_the_demo_one_may_be_anybody_and_elsewhere_nobody_else(parts, make_person, client_as):
    dana, lee = make_person("Dana", "compliance"), make_person("Lee", "reviewer")
    demo = create_app(parts, console=open_console(parts, is_https=False, demo=True))
    demo.test_client_class = ConsoleClient
    client = demo.test_client()
    at_home = {"base_url": "http://127.0.0.1:8787"}
    page = client.get("/login", **at_home)
    token = re.search(r'csrf-token" content="([^"]+)"', page.text)[1]

    entered = client.post("/demo/switch", data={"person": dana.id, "csrf_token": token}, **at_home)
    me = client.get("/me", **at_home).text
    real = client_as("admin").send("/demo/switch", {"person": lee.id})

    assert "Dana" in page.text
    assert (entered.status_code, real.status_code) == (302, 404)
    assert "Dana" in me


def test_another_host_name_for_this_machine_gets_nobody_into_the_demo(parts, make_person):
    dana = make_person("Dana", "compliance")
    demo = create_app(parts, console=open_console(parts, is_https=False, demo=True))
    client = demo.test_client()
    away = {"base_url": "http://rebound.example:8787"}
    token = re.search(r'csrf-token" content="([^"]+)"', client.get("/login", **away).text)[1]
    data = {"person": dana.id, "csrf_token": token}

    assert client.post("/demo/switch", data=data, **away).status_code == 404


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("<script>alert(1)</script>", "a browser"),
        ("", "a browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words_of_ours(user_agent, shown):
    assert browser_of(user_agent) == shown
