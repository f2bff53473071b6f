"""Values: one page for the same value everywhere, decided at once or allowed with a reason and an end."""

import re

import pytest

from tests.bot.console.conftest import OTHER_TENANT, TENANT

SSN = "078-05-1120"
MAIL = "marta.lindqvist@brightwell.test"


@pytest.fixture
def dana(client_as):
    return client_as("compliance", name="Dana")


@pytest.fixture
def repeated(make_flag):
    """The same address in three flags of two channels."""
    channels = ("C0SALES001", "C0SALES001", "C0HR000001")
    return [
        make_flag(f"{n} write to {MAIL}", [(MAIL, "EMAIL_ADDRESS")], channel_id=channel)
        for n, channel in enumerate(channels)
    ]


def number_of(parts, flag):
    return parts.store.value_groups.of_flag(flag.id, TENANT)[0].number


def allow(client, number, **changed):
    form = {"scope": "C0SALES001", "reason": "our own press office", "expiry": "30d"} | changed
    return client.send(f"/values/{number}/allow", form)


def test_a_value_has_a_page_with_its_flags_and_without_itself(dana, parts, repeated):
    number = number_of(parts, repeated[0])

    page = dana.get(f"/values/{number}").text

    assert MAIL not in page
    assert all(f">#{flag.number}<" in page for flag in repeated)
    assert "C0HR000001" in page


def test_a_flag_leads_to_the_page_of_its_value(dana, parts, repeated):
    answer = dana.get(f"/values/of/{repeated[0].number}")

    assert answer.location == f"/values/{number_of(parts, repeated[0])}"


def test_repeated_values_are_listed(dana, parts, repeated, make_flag):
    make_flag()

    page = dana.get("/values").text

    assert f"/values/{number_of(parts, repeated[0])}" in page
    assert "NATIONAL_ID" not in page


def test_all_flags_of_a_value_are_decided_at_once(dana, parts, repeated):
    number = number_of(parts, repeated[0])

    answer = dana.send(
        "/flags/bulk",
        {"action": "not_pii", "reason": "public_contact", "all": "1", "q": f"value:{number}", "from_value": number},
    )  # fmt: skip

    assert answer.location == f"/values/{number}"
    assert {parts.store.flags.get(one.id, TENANT).state for one in repeated} == {"not_pii"}
    page = dana.get(answer.location).text
    assert "Every flag with this value is decided." in page
    assert "Undo" in page


def test_a_value_is_allowed_in_a_channel_with_reason_and_end(dana, parts, repeated):
    number = number_of(parts, repeated[0])

    answer = allow(dana, number)

    assert answer.status_code == 302
    entry = parts.store.allow_entries.active(TENANT)[0]
    assert (entry.label, entry.scope, entry.reason, entry.made_by) == (
        "EMAIL_ADDRESS", "C0SALES001", "our own press office", "Dana",
    )  # fmt: skip
    assert (entry.expires_at - entry.made_at).days in (29, 30)
    assert "our own press office" in dana.get(answer.location).text
    row = parts.store.audit.rows(TENANT)[0]
    assert (row.action, row.details["value"]) == ("allow.add", number)


def test_an_entry_can_be_ended(dana, parts, repeated):
    number = number_of(parts, repeated[0])
    allow(dana, number)
    path = re.search(r'action="(/values/\d+/allow/[^"]+/end)"', dana.get(f"/values/{number}").text)[1]  # fmt: skip

    dana.send(path)

    assert parts.store.allow_entries.active(TENANT) == []


def test_a_harmless_type_may_be_allowed_everywhere(dana, parts, repeated):
    allow(dana, number_of(parts, repeated[0]), scope="workspace")

    assert parts.store.allow_entries.active(TENANT)[0].scope == ""


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"scope": ""}, "scope", "Choose where"),
        ({"scope": "C0OTHER001"}, "scope", "in which this value was found"),
        ({"reason": "   "}, "reason", "Say why"),
        ({"expiry": "forever"}, "expiry", "until when"),
    ],
)
def test_an_entry_that_lacks_something_is_refused_at_its_field(
    dana, parts, repeated, changed, field, said
):
    answer = allow(dana, number_of(parts, repeated[0]), **changed)

    assert answer.status_code == 400
    assert re.search(rf'id="{field}-problem"[^>]*>.*?{said}', answer.text, re.S)
    if "reason" not in changed:
        assert 'value="our own press office"' in answer.text
    assert parts.store.allow_entries.active(TENANT) == []


def test_a_critical_value_is_never_allowed_everywhere(dana, parts, make_flag):
    flag = make_flag()

    answer = allow(dana, number_of(parts, flag), scope="workspace")

    assert answer.status_code == 400
    assert "critical" in answer.text
    assert parts.store.allow_entries.active(TENANT) == []


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ml", "auditor"])
def test_who_may_not_allow_is_refused_and_sees_no_form(client_as, parts, repeated, role):
    number = number_of(parts, repeated[0])
    client = client_as(role)

    assert f'action="/values/{number}/allow"' not in client.get(f"/values/{number}").text
    assert allow(client, number).status_code == 403


def test_a_value_of_another_workspace_is_not_found(dana, parts, make_flag):
    theirs = make_flag(tenant=OTHER_TENANT)
    number = parts.store.value_groups.of_flag(theirs.id, OTHER_TENANT)[0].number

    assert dana.get(f"/values/{number}").status_code == 404
    assert dana.get(f"/values/of/{theirs.number}").status_code == 404
    assert allow(dana, number).status_code == 404


@pytest.mark.parametrize("path", ["/values/999", "/values/of/999", "/values/x"])
def test_a_value_that_is_not_there_is_not_found(dana, path):
    assert dana.get(path).status_code == 404


def test_without_repeats_the_list_says_so(dana, make_flag):
    make_flag()

    assert "No value waits in two flags." in dana.get("/values").text
