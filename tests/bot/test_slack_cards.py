"""Cards and notices: what reviewers and authors see, and never a value."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records import FoundSpan, Part
from bot.slack import texts
from bot.slack.cards import (
    REPORTED,
    CardView,
    alert_card,
    digest_card,
    erased_card,
    link,
    source_words,
)
from bot.slack.notices import author_hint, welcome
from bot.slack.preview import masked_preview
from bot.slack.refs import FlagRef, read_ref
from piiguard.labels import LABELS
from tests.bot.slack_shapes import (
    AT,
    CHANNEL,
    accept_message,
    action_ids,
    element,
    flag_of,
    span_of,
    strings,
)

CARD = "4242 4242 4242 4242"
TEXT = f"here is the card {CARD} for Jane Roe thanks"
FLAG = flag_of(TEXT, (CARD, "CREDIT_CARD"), ("Jane Roe", "PERSON"))
VIEW = CardView(
    channel_name="sales",
    is_private=True,
    author_name="Ana",
    permalink="https://acme.slack.com/archives/C0SALES01/p1763642280000100",
    console_url="https://pii.example.com/flags/1042",
    seen_before=2,
    metadata_key="6b7c",
)


def shown(payload):
    return "\n".join(strings(payload.blocks))


@pytest.mark.parametrize(
    ("text", "values", "preview"),
    [
        (
            TEXT,
            [(CARD, "CREDIT_CARD"), ("Jane Roe", "PERSON")],
            "here is the card ••• (1 CREDIT_CARD) for ••• (2 PERSON) thanks",
        ),
        ("Jane and *Jane*", [("Jane", "PERSON")], "••• (1 PERSON) and •••"),
        ("JANE? jane!", [("JANE", "PERSON")], "••• (1 PERSON)? •••!"),
        ("a &amp; b: hunter2", [("hunter2", "PASSWORD")], "a & b: ••• (1 PASSWORD)"),
        ("<!channel> hunter2", [("hunter2", "PASSWORD")], "@channel ••• (1 PASSWORD)"),
        (
            "x" * 200 + " pw hunter2",
            [("hunter2", "PASSWORD")],
            "…" + "x" * 55 + " pw ••• (1 PASSWORD)",
        ),
        ("nothing", [], ""),
    ],
)
def test_a_preview_shows_dots_and_labels(text, values, preview):
    flag = flag_of(text, *values)

    assert masked_preview(flag.parts, flag.spans) == preview


def test_a_preview_shows_five_spans_and_counts_the_others():
    names = ["Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus"]
    flag = flag_of(" ".join(names), *((name, "PERSON") for name in names))

    preview = masked_preview(flag.parts, flag.spans)

    assert preview.count("PERSON") == 5
    assert preview.endswith("and 2 more")
    assert not any(name in preview for name in names)


def test_the_address_behind_a_shown_value_is_not_shown_either():
    text = "mail <mailto:jane@acme.example|jane@acme.example> now"
    start = text.rindex("jane")
    spans = (FoundSpan("text", start, start + 17, "EMAIL_ADDRESS"),)

    assert masked_preview((Part("text", text),), spans) == "mail ••• (1 EMAIL_ADDRESS) now"


def test_a_short_value_beyond_the_fifth_is_hidden_too():
    names = ["Ana", "Ben", "Cleo", "Dan", "Eve", "Al"]
    flag = flag_of(" ".join(names), *((name, "PERSON") for name in names))

    assert "Al" not in masked_preview(flag.parts, flag.spans)


def test_spans_that_overlap_share_their_dots():
    parts = (Part("text", "call 555-0142 now"),)
    spans = (FoundSpan("text", 5, 13, "PHONE_NUMBER"), FoundSpan("text", 9, 13, "ACCOUNT_ID"))

    assert masked_preview(parts, spans) == "call ••• (1 PHONE_NUMBER, 2 ACCOUNT_ID) now"


def test_a_preview_names_the_parts_beside_the_text():
    parts = (
        Part("text", "see Jane"),
        Part("attachments[0]", "Roe"),
        Part("file_name:F1", "Doe.csv", "plain"),
    )
    spans = (
        FoundSpan("text", 4, 8, "PERSON"),
        FoundSpan("attachments[0]", 0, 3, "PERSON"),
        FoundSpan("file_name:F1", 0, 3, "PERSON"),
        FoundSpan("file:F1", 0, 3, "PERSON"),
    )

    assert masked_preview(parts, spans) == (
        "see ••• (1 PERSON) · [attachment] ••• (2 PERSON) · [file name] ••• (3 PERSON).csv · and 1 more"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("model", "model"),
        ("rule:card", "rule card"),
        ("model+rule:us_ssn", "model and rule us ssn"),
        ("model+rule:us_ssn+rule:us_ssn_near", "model and rules us ssn, us ssn near"),
        ("person", "a moderator"),
        ("report", "a report"),
        ("", "no source"),
    ],
)
def test_a_source_is_said_in_words(source, words):
    assert source_words(source) == words


def test_the_card_of_a_report_names_no_model():
    reported = alert_card(replace(FLAG, model=REPORTED), CardView())
    detected = alert_card(replace(FLAG, model="piiguard-en-9"), CardView())

    assert f"· {REPORTED}\n" not in shown(reported)
    assert "· piiguard-en-9\n" in shown(detected)


def test_without_a_console_no_card_links_to_it():
    assert "console" not in shown(alert_card(FLAG, replace(VIEW, console_url="")))
    assert "console" not in shown(digest_card([FLAG]))


def test_an_open_card_says_what_where_who_and_why():
    card = alert_card(FLAG, VIEW)
    text = shown(card)

    assert card.text == "Critical flag 1042 in #sales: CREDIT_CARD, PERSON"
    assert card.blocks[0]["text"]["text"] == "Critical · CREDIT_CARD + PERSON"
    assert "#sales (private)" in text
    assert "Ana" in text
    assert "99 %" in text
    assert "2 times" in text
    assert "> here is the card ••• (1 CREDIT_CARD) for ••• (2 PERSON) thanks" in text
    assert "Flag 1042 · 1: model and rule card, 99 %" in text
    assert "|View message>" in text
    assert "|Open in console>" in text
    assert action_ids(card.blocks) == ["confirm", "not_pii", "correct", "more"]
    accept_message(card.text, card.blocks)


def test_buttons_carry_flag_and_version_only():
    card = alert_card(FLAG, VIEW)
    ref = f"{FLAG.id}:3"

    assert [element(card.blocks, name)["value"] for name in ("confirm", "not_pii", "correct")] == [
        ref
    ] * 3
    words = [option["value"] for option in element(card.blocks, "more")["options"]]
    assert words == [f"{word}:{ref}" for word in ["notify", "assign", "snooze", "test_data", "why"]]
    assert read_ref(words[0]) == FlagRef(FLAG.id, 3, "notify")


def test_a_card_can_be_found_again_by_its_key():
    arguments = alert_card(FLAG, VIEW).arguments()

    assert arguments["metadata"] == {
        "event_type": "piiguard_card",
        "event_payload": {"key": "6b7c"},
    }
    assert not any(arguments[name] for name in ("unfurl_links", "unfurl_media", "link_names"))
    assert alert_card(FLAG, CardView()).metadata is None
    assert alert_card(FLAG, CardView()).with_key("k").metadata["event_payload"] == {"key": "k"}


@pytest.mark.parametrize(
    ("policy_shows_last4", "value", "label", "last4"),
    [
        (True, CARD, "CREDIT_CARD", True),
        (False, CARD, "CREDIT_CARD", False),
        (True, "4242", "CREDIT_CARD", False),
        (True, CARD, "BANK_ACCOUNT", False),
        (True, "078-05-4242", "NATIONAL_ID", False),
    ],
)
def test_only_a_card_number_may_show_its_last_four_and_only_where_policy_allows(
    policy_shows_last4, value, label, last4
):
    flag = flag_of(f"it is {value} ok", (value, label))
    view = CardView(policy_shows_last4=policy_shows_last4)

    for payload in (alert_card(flag, view), author_hint(flag, view)):
        assert ("•••• 4242" in shown(payload)) is last4
        assert "4242" not in shown(payload).replace("•••• 4242", "")
        assert "4242" not in payload.text


@pytest.mark.parametrize(
    ("state", "line", "actions"),
    [
        ("confirmed", "Confirmed by Dana", ["undo"]),
        ("corrected", "Corrected by Dana", ["undo"]),
        ("not_pii", "Marked as not PII by Dana", ["undo", "not_pii_reason"]),
        ("accepted_risk", "Risk accepted by Dana", ["undo"]),
        ("duplicate", "Marked as duplicate by Dana", ["undo"]),
    ],
)
def test_a_decided_card_names_who_decided_and_offers_undo(state, line, actions):
    flag = flag_of(TEXT, (CARD, "CREDIT_CARD"), state=state, resolved_at=AT)
    card = alert_card(flag, CardView(decided_by="Dana"))

    assert f"{line} <!date^1795178460^{{time}}|12:41 UTC>" in shown(card)
    assert action_ids(card.blocks) == actions
    accept_message(card.text, card.blocks)


def test_a_reason_that_is_given_is_shown_and_not_asked_for_again():
    flag = flag_of(TEXT, (CARD, "CREDIT_CARD"), state="not_pii")
    card = alert_card(flag, CardView(decided_by="Dana", reason="test_data", may_undo=False))

    assert "Marked as not PII by Dana: harmless: test data" in shown(card)
    assert action_ids(card.blocks) == []


@pytest.mark.parametrize(
    ("state", "line"),
    [("resolved", "Removed by its author"), ("superseded", "Edited by its author")],
)
def test_what_its_author_removed_is_not_shown_any_more(state, line):
    flag = flag_of(TEXT, (CARD, "CREDIT_CARD"), state=state, resolved_at=AT)
    card = alert_card(flag, CardView())

    assert line in shown(card)
    assert "here is the card" not in shown(card)
    assert action_ids(card.blocks) == []


def test_a_flag_whose_text_expired_keeps_its_labels():
    card = alert_card(
        flag_of("", labels={"CREDIT_CARD": 1}, text_gone=True, spans=(FoundSpan("text", 3, 9, "CREDIT_CARD"),)),
        CardView(),
    )  # fmt: skip

    assert texts.TEXT_GONE in shown(card)
    assert "CREDIT_CARD" in shown(card)
    accept_message(card.text, card.blocks)


def test_an_erased_card_names_nothing_but_the_number():
    card = erased_card(1042, "6b7c")

    assert card.text == "Flag 1042: erased"
    assert CHANNEL not in json.dumps(card.blocks)
    accept_message(card.text, card.blocks)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"n_repeats": 50}, "50 times"),
        ({"state": "second_opinion"}, "second opinion"),
        ({"author_answer": "needed"}, "The author says it is needed."),
        ({"snoozed_until": AT + timedelta(days=1)}, "Snoozed until"),
        ({"parts": (Part("text", TEXT), Part("file:F1", "", "plain", "too large"))}, "too large"),
        ({"user_id": ""}, "*Who*\n–"),
        ({"seen_before": 1}, "once"),
    ],
)
def test_a_card_says_what_else_there_is_to_know(columns, said):
    card = alert_card(flag_of(TEXT, (CARD, "CREDIT_CARD"), **columns), CardView())

    assert said in shown(card)
    accept_message(card.text, card.blocks)


def test_only_a_critical_open_card_calls_people():
    critical = alert_card(FLAG, CardView(mention="<!here>"))
    high = alert_card(flag_of(TEXT, (CARD, "CREDIT_CARD"), severity="high"), CardView(mention="<!here>"))  # fmt: skip

    assert "<!here>" in shown(critical)
    assert "<!here>" not in shown(high)


def test_names_from_outside_are_text():
    view = CardView(channel_name="<!channel>", author_name="*<!here>*", note="<https://x|y>")

    assert "<!" not in shown(alert_card(FLAG, view)).replace("<!date", "")
    assert "<https" not in shown(alert_card(FLAG, view))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x|y>", "", "ftp://x"])
def test_what_is_no_web_address_is_no_link(url):
    assert link(url, "open") == ""


def test_a_digest_counts_all_and_lists_twenty():
    flags = [flag_of("x", ("x", "PERSON"), number=number) for number in range(100, 125)]
    card = digest_card(flags, n_total=60, channel_names={CHANNEL: "sales"})

    assert card.text == "60 flags need review"
    assert shown(card).count("#sales") == 20
    assert "and 40 more" in shown(card)
    accept_message(card.text, card.blocks)


def test_the_notice_asks_and_claims_nothing():
    hint = author_hint(FLAG, VIEW)

    assert hint.text == (
        "Your message in #sales seems to hold a card number and a person's name. "
        "Please edit or delete it; only you can. If this is wrong, tell us below."
    )
    assert action_ids(hint.blocks) == [
        "author_open",
        "author_removed",
        "author_not_pii",
        "author_needed",
    ]
    assert action_ids(author_hint(FLAG, CardView()).blocks)[0] == "author_removed"
    accept_message(hint.text, hint.blocks)


def test_a_notice_names_three_things_at_most():
    names = ["Ana", "555-0142", "1 Elm St", "1990-01-02", "x@y.example"]
    labels = ["PERSON", "PHONE_NUMBER", "STREET_ADDRESS", "DATE_OF_BIRTH", "EMAIL_ADDRESS"]
    flag = flag_of(" ".join(names), *zip(names, labels, strict=True))

    assert (
        "a street address, a date of birth, a phone number and more."
        in author_hint(flag, VIEW).text
    )


def test_the_first_message_names_three_steps():
    payload = welcome("C0REVIEW1")

    assert [f"*{step}." in shown(payload) for step in (1, 2, 3)] == [True] * 3
    accept_message(payload.text, payload.blocks)


def test_every_label_has_words():
    assert set(texts.THINGS) == set(LABELS)


# A value is made of characters that occur in no text of ours: not one of them may be in what goes to Slack.
CANARY = "жщюяЖЩ漢字ふΩ\u0301🦄"
CLEAR = st.text(alphabet="ab *_~`<>|&;@#!:/\n1²é\u202e👋🏽", max_size=30)
VALUES = st.text(alphabet=CANARY, min_size=3, max_size=12)
WRAPPERS = st.sampled_from(
    ["{}", "*{}*", "<mailto:{}|HR>", "<tel:{}>", "<https://x.example/{}|x>", "<#C1|{}>", "<{}>", "`{}`", "<@U1|{}"]
)  # fmt: skip
LABEL = st.sampled_from(sorted(LABELS))
PIECES = st.lists(st.tuples(CLEAR, WRAPPERS, VALUES, LABEL), min_size=1, max_size=8)


def flag_of_pieces(pieces, tail, repeats):
    """A text of clear pieces and wrapped values, each value spanned where it stands first."""
    text, spans = "", []
    for clear, wrapper, value, label in pieces:
        before, after = wrapper.split("{}")
        text += clear + before
        spans.append(FoundSpan("text", len(text), len(text) + len(value), label, 0.5, "model"))
        text += value + after
    text += " " + tail + " ".join(pieces[index % len(pieces)][2] for index in repeats)
    labels = {span.label: 1 for span in spans}
    parts = (Part("text", text), Part("file_name:F1", pieces[0][2], "plain"))
    return flag_of("", parts=parts, spans=tuple(spans), predicted=tuple(spans), labels=labels)


@given(
    PIECES,
    CLEAR,
    st.lists(st.integers(0, 7), max_size=3),
    st.sampled_from(sorted(texts.DECIDED)),
    st.text(max_size=300),
    st.booleans(),
)
def test_no_character_of_a_value_is_in_a_card_or_notice(pieces, tail, repeats, state, name, last4):
    flag = flag_of_pieces(pieces, tail, repeats)
    flag = flag_of("", **{key: getattr(flag, key) for key in ("parts", "spans", "predicted", "labels")}, state=state)  # fmt: skip
    safe = "".join(char for char in name if char not in CANARY)
    view = CardView(channel_name=safe, author_name=safe, note=safe * 5, policy_shows_last4=last4)

    for payload in (alert_card(flag, view), author_hint(flag, view), digest_card([flag])):
        accept_message(payload.text, payload.blocks)
        assert len(json.dumps(payload.arguments())) <= 10_000
        for text in strings(payload.arguments()):
            assert not set(text) & set(CANARY)


def test_the_largest_card_is_within_what_slack_takes():
    family, url = "👩‍👩‍👧‍👦", "https://x.example/" + "p" * 450
    values = [f"{number:04} " + "🦄" * 30 for number in range(30)]
    text = (family * 40).join(values)
    spans = tuple(
        span_of(text, value, "MEDICAL_CONDITION", score=0.99, source="rule:" + "ж" * 500)
        for value in values
    )
    for state in texts.DECIDED:
        flag = flag_of(
            "",
            parts=(Part("text", text), Part("file:F1", "", "plain", "ж" * 500)),
            spans=spans,
            labels=dict.fromkeys(LABELS, 1000),
            state=state,
            n_repeats=999_999,
            model="ж" * 500,
            author_answer="needed",
            snoozed_until=AT,
        )
        view = CardView(
            family * 50, True, family * 50, AT, url, url, 10**6, family * 50, AT, family * 100, True,
            assignee_name=family * 50, mention="<!subteam^S0000000001>",
        )  # fmt: skip
        card = alert_card(flag, view)

        assert len(json.dumps(card.arguments())) <= 10_000
        accept_message(card.text, card.blocks)
    digest = digest_card([flag] * 60, channel_names={CHANNEL: family * 50}, console_url=url)
    assert len(json.dumps(digest.arguments())) <= 10_000
    accept_message(digest.text, digest.blocks)


def test_the_span_of_a_part_that_is_gone_is_only_named():
    flag = flag_of("short", spans=(FoundSpan("text", 90, 99, "PERSON"), span_of("x", "x", "PERSON", part="file:F9")))  # fmt: skip

    card = alert_card(flag, CardView())

    assert "1: no source, 100 %" in shown(card)
    accept_message(card.text, card.blocks)
