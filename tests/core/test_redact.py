import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.errors import SpanError
from piiguard.labels import LABELS
from piiguard.redact import STYLES, Redaction, redact
from piiguard.spans import Span


def span_of(text: str, value: str, label: str) -> Span:
    start = text.index(value)
    return Span(start, start + len(value), label)


@pytest.mark.parametrize(
    ("text", "value", "label", "style", "redacted"),
    [
        ("ssn 078-05-1120.", "078-05-1120", "NATIONAL_ID", "label", "ssn [NATIONAL_ID]."),
        ("ssn 078-05-1120.", "078-05-1120", "NATIONAL_ID", "mask", "ssn •••-••-••••."),
        ("ask Zoë O'Neil", "Zoë O'Neil", "PERSON", "mask", "ask ••• ••••••"),
        ("a@b.co!", "a@b.co", "EMAIL_ADDRESS", "mask", "•@•.••!"),
        ("pw: p!", "p!", "PASSWORD", "mask", "pw: ••••••••"),
        ("k=sk-live-very-long-key-indeed", "sk-live-very-long-key-indeed", "API_KEY", "mask", "k=••••••••"),
        # in wire text the address behind the shown part repeats the value
        ("<mailto:a@b.co|a@b.co>", "a@b.co|", "EMAIL_ADDRESS", "label", "<mailto:[EMAIL_ADDRESS]a@b.co>"),
    ],
)  # fmt: skip
def test_a_span_is_replaced_and_nothing_else(text, value, label, style, redacted):
    assert redact(text, [span_of(text, value, label)], style) == redacted


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "redacted"),
    [
        ("hi <mailto:a@b.co|a@b.co>, ok", 18, 24, "EMAIL_ADDRESS", "hi [EMAIL_ADDRESS], ok"),
        ("<tel:+15555550123|555-555-0123>", 18, 30, "PHONE_NUMBER", "[PHONE_NUMBER]"),
        ("<https://x.io/jane-roe|Jane Roe> said", 23, 31, "PERSON", "[PERSON] said"),
        ("<https://x.io/jane|see Jane Roe>", 23, 31, "PERSON", "see [PERSON]"),
        ("<mailto:a@b.co|HR>", 8, 14, "EMAIL_ADDRESS", "<mailto:[EMAIL_ADDRESS]|HR>"),
        ("<mailto:a@b.co>", 8, 14, "EMAIL_ADDRESS", "<mailto:[EMAIL_ADDRESS]>"),
        ("<@U024BE7LH|Jane> a", 12, 16, "PERSON", "<@U024BE7LH|[PERSON]> a"),
    ],
)
def test_the_address_behind_a_redacted_link_goes_with_it(text, start, end, label, redacted):
    assert redact(text, [Span(start, end, label)]) == redacted


def test_a_link_whose_address_and_shown_text_hold_values_loses_both():
    text = "<mailto:a@b.co|Jane> ok"
    spans = [span_of(text, "a@b.co", "EMAIL_ADDRESS"), span_of(text, "Jane", "PERSON")]

    assert redact(text, spans) == "<mailto:[EMAIL_ADDRESS]|[PERSON]> ok"


def test_a_link_with_two_values_is_opened_once():
    text = "<https://x.io/u/7|Jane Roe, 555-555-0123> called"
    spans = [span_of(text, "Jane Roe", "PERSON"), span_of(text, "555-555-0123", "PHONE_NUMBER")]

    assert redact(text, spans) == "[PERSON], [PHONE_NUMBER] called"


@pytest.mark.parametrize(
    ("text", "shown", "label", "pattern"),
    [
        ("<mailto:a@b.co|a@b.co>", 15, "EMAIL_ADDRESS", r"<mailto:(\S+@\S+)\|\1>"),
        ("<tel:+15555550123|+1 555 555 0123>", 18, "PHONE_NUMBER", r"<tel:\+1\d{3}55501\d\d\|\+1 \d{3} 555 01\d\d>"),
        ("<https://x.io/jane|Jane Roe>", 19, "PERSON", r"<https://example\.com\|[A-Z]\w+ [A-Z]\w+>"),
        ("<http://203.0.113.7/x|203.0.113.7>", 22, "IP_ADDRESS", r"<http://([\d.]+)/x\|\1>"),
    ],
)  # fmt: skip
def test_a_link_stays_a_link_around_a_surrogate(text, shown, label, pattern):
    fresh, spans = Redaction("surrogate").apply(text, [Span(shown, len(text) - 1, label)])

    assert re.fullmatch(pattern, fresh)
    assert fresh[spans[0].start - 1] == "|"
    assert fresh[spans[0].end] == ">"


def test_one_value_gets_one_surrogate_within_a_text_in_any_spelling():
    text = "078-05-1120, again 078051120, not 219-09-9999; Jane JANE jane Ruth"
    values = re.findall(r"[\d-]{9,}", text)
    spans = [span_of(text, value, "NATIONAL_ID") for value in values]
    spans += [span_of(text, name, "PERSON") for name in ("Jane", "JANE", "jane", "Ruth")]

    fresh, placed = Redaction("surrogate").apply(text, spans)
    first, second, third, *names = [fresh[span.start : span.end] for span in placed]

    assert first.replace("-", "") == second != third.replace("-", "")
    assert names[0].upper() == names[1] == names[2].upper() != names[3].upper()


def test_a_redaction_keeps_its_surrogates_over_a_conversation():
    redaction = Redaction("surrogate", seed=7)

    question, _ = redaction.apply("is Jane in?", [Span(3, 7, "PERSON")])
    answer, _ = redaction.apply("Jane is", [Span(0, 4, "PERSON")])

    assert question.split()[1] == answer.split()[0] != "Jane"


def test_another_seed_gives_other_surrogates():
    span = [Span(0, 5, "ACCOUNT_ID")]

    assert redact("40911", span, "surrogate", seed=1) == redact("40911", span, "surrogate", seed=1)
    assert redact("40911", span, "surrogate", seed=1) != redact("40911", span, "surrogate", seed=2)


def test_entities_of_the_wire_format_stay_whole():
    text = "pw p&amp;ss&lt;3 ok"

    fresh = redact(text, [span_of(text, "p&amp;ss&lt;3", "PASSWORD")], "surrogate")

    assert re.fullmatch(r"pw [a-z]&amp;[a-z]{2}&lt;\d ok", fresh)


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(alphabet=st.sampled_from("ab1 -@.<>|:&;é"), min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    labels = st.sampled_from(list(LABELS))
    return text, [Span(a, b, draw(labels)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@given(texts_with_spans(), st.sampled_from(STYLES))
def test_the_new_spans_stand_where_the_replacements_are(text_and_spans, style):
    text, spans = text_and_spans

    fresh, placed = Redaction(style).apply(text, spans)

    assert [span.label for span in placed] == [span.label for span in spans]
    ends = [0, *(span.end for span in placed)]
    assert all(end <= span.start for end, span in zip(ends, placed, strict=False))
    if style == "label":
        assert all(fresh[span.start : span.end] == f"[{span.label}]" for span in placed)


@given(texts_with_spans())
def test_a_mask_leaves_no_letter_or_digit_of_a_value(text_and_spans):
    text, spans = text_and_spans

    fresh, placed = Redaction("mask").apply(text, spans)

    assert not any(c.isalnum() for span in placed for c in fresh[span.start : span.end])


def test_overlapping_spans_are_merged_first():
    assert (
        redact("40911 x", [Span(0, 5, "ACCOUNT_ID"), Span(0, 5, "NATIONAL_ID")])
        == "[NATIONAL_ID] x"
    )


@pytest.mark.parametrize("style", STYLES)
def test_a_text_without_spans_is_left_alone(style):
    assert redact("see <https://x.io|x> &amp; co", [], style) == "see <https://x.io|x> &amp; co"


def test_a_span_beyond_the_text_is_refused_without_quoting_it():
    with pytest.raises(SpanError, match="within 5 characters") as caught:
        redact("40911", [Span(0, 6, "ACCOUNT_ID")])

    assert "40911" not in str(caught.value)


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="expected one of"):
        redact("x", [], "blur")


@pytest.mark.parametrize(
    ("first", "again", "shape"),
    [
        ("Zebediah Quux", "ZEBEDIAH QUUX", str.upper),
        ("Zebediah Quux", "zebediah quux", str.lower),
        ("Zebediah Quux", "Zebediah-Quux", lambda fresh: fresh.replace(" ", "-")),
        ("4242-4242-4242-4242", "4242424242424242", lambda fresh: fresh.replace("-", "")),
        ("078-05-1120", "078 05 1120", lambda fresh: fresh.replace("-", " ")),
    ],
)
def test_another_spelling_of_a_value_is_another_spelling_of_its_surrogate(first, again, shape):
    label = "PERSON" if first[0] == "Z" else "NATIONAL_ID"
    for seed in range(20):
        redaction = Redaction("surrogate", seed=seed)
        fresh, _ = redaction.apply(first, [Span(0, len(first), label)])
        other, _ = redaction.apply(again, [Span(0, len(again), label)])

        assert other == shape(fresh)


def test_with_a_key_a_surrogate_does_not_depend_on_what_came_before():
    values = ["Ana Roe", "Bo Fry", "Zebediah Quux"]

    def written(key, order):
        redaction = Redaction("surrogate", key=key)
        return {one: redaction.apply(one, [Span(0, len(one), "PERSON")])[0] for one in order}

    first = written(b"k1", values)

    assert written(b"k1", values[::-1]) == first
    assert written(b"k2", values) != first
    assert all(old != new for old, new in first.items())
