"""What each person sets for themselves: looks, keys, time zone, password, sessions."""

import json
import re

import pytest

from bot import passwords
from tests.bot.console.conftest import TENANT

PASSWORD = "seven walnuts in a row"


def test_what_a_person_sets_shows_on_every_page(client_as):
    client = client_as("viewer")
    form = {"theme": "dark", "density": "comfortable", "time_zone": "Asia/Kathmandu", "key_c": "y"}

    client.send("/me/preferences", form)

    page = client.get("/people").text
    assert 'data-bs-theme="dark"' in page
    assert 'data-density="comfortable"' in page
    assert 'data-keys="off"' in page
    assert json.loads(re.search(r'data-keymap="([^"]+)"', page)[1].replace("&#34;", '"')) == {"c": "y"}  # fmt: skip
    assert client_as("viewer", name="Other").get("/me").text.count('data-bs-theme="light"') == 1


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"theme": "pink"}, "Choose one of the themes."),
        ({"density": "none"}, "Choose one of the two densities."),
        ({"time_zone": "../../etc/passwd"}, "This is no time zone."),
        ({"time_zone": "Mars/Olympus"}, "This is no time zone."),
        ({"key_c": "n"}, "Two actions cannot have the key n."),
        ({"key_c": "g"}, "A key is one letter from a to z, and not g."),
        ({"key_c": "1"}, "A key is one letter from a to z, and not g."),
        ({"key_c": "xy"}, "A key is one letter from a to z, and not g."),
    ],
)
def test_settings_that_cannot_be_are_refused_and_the_form_keeps_them(client_as, form, reason):
    client = client_as("viewer")

    answer = client.send("/me/preferences", {"keys": "on"} | form)

    assert answer.status_code == 400
    assert reason in answer.text
    [(name, value)] = form.items()
    if name == "time_zone":
        assert f'value="{value}"' in answer.text
    assert 'data-bs-theme="light"' in client.get("/me").text


def test_two_keys_may_change_places(client_as):
    client = client_as("viewer")

    answer = client.send("/me/preferences", {"key_c": "n", "key_n": "c", "keys": "on"})

    assert answer.status_code == 302


def test_a_new_password_takes_the_old_one_and_ends_other_sessions(make_person, sign_in, parts):
    dana = make_person("Dana", "viewer", password_hash=passwords.hash_password(PASSWORD))
    here, there = sign_in(dana), sign_in(dana)

    wrong = here.send("/me/password", {"old": "no", "new": "another long one"})
    short = here.send("/me/password", {"old": PASSWORD, "new": "short"})
    right = here.send("/me/password", {"old": PASSWORD, "new": "another long one"})

    assert [one.status_code for one in (wrong, short, right)] == [400, 400, 302]
    assert "The old password is wrong." in wrong.text
    assert "12 characters or more" in short.text
    assert passwords.is_password(parts.store.people.password_hash_of("Dana"), "another long one")
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(make_person, sign_in, parts):
    dana, lee = make_person("Dana", "viewer"), make_person("Lee", "viewer")
    here, there, of_lee = sign_in(dana), sign_in(dana), sign_in(lee)
    ids = {client: parts.store.sessions.get(client.secret).id for client in (here, there, of_lee)}

    foreign = here.send("/me/sessions/end", {"session": ids[of_lee]})
    own = here.send("/me/sessions/end", {"session": ids[there]})

    assert (foreign.status_code, own.status_code) == (404, 302)
    assert of_lee.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    assert ids[of_lee] not in here.get("/me").text


def test_all_other_sessions_end_at_once(make_person, sign_in):
    dana = make_person("Dana", "viewer")
    here, *others = [sign_in(dana) for _ in range(3)]

    here.send("/me/sessions/end")

    assert here.get("/me").status_code == 200
    assert [client.get("/me").status_code for client in others] == [302, 302]


@pytest.mark.parametrize("stored", ["{", "[]", '{"theme": "dark", "wings": 2}'])
def test_settings_of_another_version_are_as_none(client_as, parts, stored):
    client = client_as("viewer")
    with parts.store.transaction() as tx:
        parts.store.settings.set(tx, TENANT, f"me:{client.person.id}", stored)

    assert client.get("/me").status_code == 200
