"""People, their roles and invitations, and API tokens."""

import re

import pytest

from bot.app import create_app
from bot.console import open_console
from tests.bot.console.conftest import COOKIE, TENANT


def newest(parts):
    row = parts.store.audit.rows(TENANT)[0]
    return row.action, row.object, row.details


# ------------------------------------------------------------------------------------------------ adding
def test_somebody_new_gets_an_invitation_that_is_shown_once(client_as, app, parts):
    admin = client_as("admin")

    answer = admin.send("/people", {"name": " Lee  Marchetti ", "roles": ["reviewer", "ml"]})

    lee = parts.store.people.by_name("Lee Marchetti")
    [code] = re.findall(r"/login/([\w-]{43})", answer.text)
    assert lee.roles == {"reviewer", "ml"}
    assert [row.action for row in parts.store.audit.rows(TENANT)[:2]] == ["person.link_made", "person.added"]  # fmt: skip
    assert code not in admin.get("/people").text + admin.get(f"/people/{lee.id}").text
    assert app.test_client().get(f"/login/{code}").status_code == 302


def test_somebody_of_slack_needs_no_invitation(client_as, parts):
    admin = client_as("admin")

    answer = admin.send("/people", {"name": "Lee", "roles": "reviewer", "slack": "u0lee00001"})

    assert answer.status_code == 302
    assert parts.store.people.by_slack(TENANT, "U0LEE00001").name == "Lee"
    assert "Lee is added." in admin.get("/people").text
    assert "Lee is added." not in admin.get("/people").text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"name": "", "roles": "viewer"}, "A name has 1 to 80 characters."),
        ({"name": "x" * 81, "roles": "viewer"}, "A name has 1 to 80 characters."),
        ({"name": "a\x00b", "roles": "viewer"}, "A name has 1 to 80 characters."),
        ({"name": "Lee"}, "Choose at least one role."),
        ({"name": "Lee", "roles": "owner"}, "Choose roles of the list."),
        ({"name": "Lee", "roles": "viewer", "slack": "lee"}, "A Slack user id looks like U0123ABCD."),
        ({"name": "Lee", "roles": "viewer", "slack": "U<b>"}, "A Slack user id looks like U0123ABCD."),
        ({"name": "Taken", "roles": "viewer"}, "A person of this name exists already"),
    ],
)  # fmt: skip
def test_a_wrong_form_comes_back_as_it_was_with_the_reason(
    client_as, parts, make_person, form, reason
):
    make_person("Taken", "viewer")

    answer = client_as("admin").send("/people", form)

    assert answer.status_code == 400
    assert reason in answer.text
    assert parts.store.people.by_name("Lee") is None
    if form.get("slack") == "lee":
        assert 'value="Lee"' in answer.text
        assert 'value="viewer" id="role-viewer" checked' in answer.text


# ------------------------------------------------------------------------------------------------ changing
def test_other_roles_end_the_sessions_and_leave_a_row(client_as, parts):
    admin, lee = client_as("admin"), client_as("reviewer", name="Lee")

    admin.send(f"/people/{lee.person.id}", {"roles": ["reviewer", "compliance"], "active": "on"})

    assert parts.store.people.get(lee.person.id).roles == {"reviewer", "compliance"}
    assert lee.get("/me").status_code == 302
    assert newest(parts) == ("person.roles", lee.person.id, {"after": "compliance,reviewer", "before": "reviewer"})  # fmt: skip


def test_a_save_that_changes_nothing_ends_nothing(client_as):
    admin, lee = client_as("admin"), client_as("reviewer", name="Lee")

    admin.send(f"/people/{lee.person.id}", {"roles": "reviewer", "active": "on"})

    assert lee.get("/me").status_code == 200


def test_somebody_switched_off_is_out_and_can_be_brought_back(client_as, parts, sign_in):
    admin, lee = client_as("admin"), client_as("reviewer", name="Lee")
    waiting = parts.store.sessions.one_time(lee.person.id)

    admin.send(f"/people/{lee.person.id}", {"roles": "reviewer"})
    off = parts.store.people.get(lee.person.id)
    link = admin.send(f"/people/{lee.person.id}/link")

    assert not off.is_active
    assert newest(parts)[0] == "person.deactivated"
    assert lee.get("/me").status_code == 302
    assert parts.store.sessions.take(waiting) is None
    assert link.status_code == 302
    admin.send(f"/people/{lee.person.id}", {"roles": "reviewer", "active": "on"})
    assert sign_in(parts.store.people.get(lee.person.id)).get("/me").status_code == 200


@pytest.mark.parametrize("form", [{"roles": "viewer", "active": "on"}, {"roles": "admin"}, {"active": "on"}])  # fmt: skip
def test_an_admin_cannot_lock_everybody_out_by_leaving(client_as, parts, form):
    admin = client_as("admin")

    answer = admin.send(f"/people/{admin.person.id}", form)

    assert answer.status_code == 400
    assert "You cannot take your own admin role" in answer.text
    assert parts.store.people.get(admin.person.id).may("admin")


def test_an_admin_who_takes_a_second_role_goes_on_with_a_new_secret(client_as, parts):
    admin = client_as("admin")

    admin.send(f"/people/{admin.person.id}", {"roles": ["admin", "auditor"], "active": "on"})

    assert admin.get_cookie(COOKIE).value != admin.secret
    assert parts.store.sessions.get(admin.secret) is None
    assert admin.get("/audit").status_code == 200


def test_ending_all_sessions_ends_links_too(client_as, parts):
    admin, lee = client_as("admin"), client_as("reviewer", name="Lee")
    code = parts.store.sessions.one_time(lee.person.id)

    admin.send(f"/people/{lee.person.id}/end")

    assert lee.get("/me").status_code == 302
    assert parts.store.sessions.take(code) is None


# ------------------------------------------------------------------------------------------------ tokens
def test_a_token_is_shown_once_and_works_until_it_is_revoked(client_as, parts):
    admin = client_as("admin")

    answer = admin.send("/people/tokens", {"name": "CI", "scopes": ["analyze", "metrics"], "days": "30"})  # fmt: skip
    [secret] = set(re.findall(r"pg_[\w-]{43}", answer.text))
    token = parts.store.api_tokens.find(secret)

    assert token.scopes == {"analyze", "metrics"}
    assert round((token.expires_at - token.made_at).total_seconds() / 86_400, 2) == 30
    assert secret not in admin.get("/people/tokens").text
    assert newest(parts)[0] == "token.made"
    admin.send(f"/people/tokens/{token.id}/revoke")
    assert parts.store.api_tokens.find(secret) is None
    assert "1 token that ended" in admin.get("/people/tokens").text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"name": "", "scopes": "read", "days": "30"}, "A name has 1 to 80 characters"),
        ({"name": "CI", "days": "30"}, "Choose scopes among"),
        ({"name": "CI", "scopes": "root", "days": "30"}, "Choose scopes among"),
        ({"name": "CI", "scopes": "read", "days": "99999"}, "Choose how long it lasts."),
        ({"name": "CI", "scopes": "read", "days": "-1"}, "Choose how long it lasts."),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_the_reason(client_as, parts, form, reason):
    answer = client_as("admin").send("/people/tokens", form)

    assert answer.status_code == 400
    assert reason in answer.text
    assert parts.store.api_tokens.list(TENANT) == []


@pytest.mark.parametrize(("scopes", "status"), [(["metrics"], 200), (["analyze"], 403)])
def test_metrics_beyond_this_machine_take_a_token_with_their_scope(
    parts, client_as, scopes, status
):
    admin = client_as("admin")
    page = admin.send("/people/tokens", {"name": "m", "scopes": scopes, "days": "7"}).text
    secret = re.search(r"pg_[\w-]{43}", page)[0]
    object.__setattr__(parts.config, "bind", "0.0.0.0:8787")
    client = create_app(parts, console=open_console(parts, is_https=False)).test_client()

    def get(value):
        return client.get("/metrics", headers={"Authorization": value} if value else {}).status_code

    assert get(f"Bearer {secret}") == status
    assert [get(value) for value in ("", "Bearer pg_x", f"Basic {secret}", secret)] == [403] * 4
