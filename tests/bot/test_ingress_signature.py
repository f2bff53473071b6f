"""Slack's signature: right ones pass, all else is a no and never an exception."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from bot.ingress.signature import check, sign

SECRET = b"8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_700_000_000.0
STAMP = b"1700000000"
BODY = b'{"type":"event_callback"}'


def test_the_example_of_slacks_own_page_passes():
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

    assert check([SECRET], b"1531420618", signature, body, 1531420618.0)


@pytest.mark.parametrize("offset", [-300, -299, 0, 299, 300])
def test_a_right_signature_within_five_minutes_passes(offset):
    assert check([SECRET], STAMP, sign(SECRET, STAMP, BODY), BODY, NOW + offset)


@pytest.mark.parametrize("offset", [-100_000, -301, 301, 100_000])
def test_a_right_signature_beyond_five_minutes_does_not(offset):
    assert not check([SECRET], STAMP, sign(SECRET, STAMP, BODY), BODY, NOW + offset)


@pytest.mark.parametrize("secrets", [[SECRET, b"old"], [b"old", SECRET], [b"", SECRET]])
def test_during_a_rotation_either_secret_will_do(secrets):
    assert check(secrets, STAMP, sign(SECRET, STAMP, BODY), BODY, NOW)


@pytest.mark.parametrize("secrets", [[], [b""], [b"old"]])
def test_without_the_secret_nothing_passes(secrets):
    assert not check(secrets, STAMP, sign(SECRET, STAMP, BODY), BODY, NOW)
    assert not check(secrets, STAMP, sign(b"", STAMP, BODY), BODY, NOW)


@pytest.mark.parametrize(
    "stamp",
    [b"", b"abc", b"1.5", b"-1700000000", b"+1700000000", b" 1700000000", b"1700000000\n", b"1_700_000_000",
     "²".encode(), "１７".encode(), b"1" * 5000, b"nan", b"inf", b"0x65"],
)  # fmt: skip
def test_a_timestamp_that_is_none_is_refused(stamp):
    assert not check([SECRET], stamp, sign(SECRET, stamp, BODY), BODY, NOW)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: b"",
        lambda s: s[:-1],
        lambda s: s + b"0",
        lambda s: s.upper(),
        lambda s: s[3:],
        lambda s: b"v1" + s[2:],
        lambda s: s[:-1] + (b"0" if s[-1:] != b"0" else b"1"),
        lambda s: "ü".encode() * 32,
        lambda s: s + b"," + s,
    ],
)
def test_a_spoilt_signature_is_refused(spoil):
    assert not check([SECRET], STAMP, spoil(sign(SECRET, STAMP, BODY)), BODY, NOW)


@given(st.binary(max_size=200), st.integers(0, 199))
def test_a_changed_body_is_refused(body, at):
    signature = sign(SECRET, STAMP, body)
    changed = body + b"!" if not body else bytes([body[0] ^ 1]) + body[1:]

    assert check([SECRET], STAMP, signature, body, NOW)
    assert not check([SECRET], STAMP, signature, changed, NOW)


@given(
    st.lists(st.binary(max_size=40), max_size=3), st.binary(max_size=30), st.binary(max_size=80),
    st.binary(max_size=300),
)  # fmt: skip
def test_whatever_a_stranger_sends_is_refused_without_an_exception(secrets, stamp, signature, body):
    assert check(secrets, stamp, signature, body, NOW) is False


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_valid_input_is_signed_as_the_sdk_signs_it(text):
    class Then(Clock):
        def now(self) -> float:
            return NOW

    verifier = SignatureVerifier(SECRET.decode(), Then())
    signature = sign(SECRET, STAMP, text.encode())

    assert verifier.is_valid(text, STAMP.decode(), signature.decode())
    assert check([SECRET], STAMP, signature, text.encode(), NOW)


def test_the_clock_of_this_machine_is_what_requests_are_held_against():
    stamp = str(int(time.time())).encode()

    assert check([SECRET], stamp, sign(SECRET, stamp, BODY), BODY, time.time())
