"""SurrogateText: no value stays, every offset follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surrogate_text import SurrogateWriter, is_telling
from piiguard.labels import LABELS
from piiguard.spans import Span

PIECES = st.sampled_from(
    ["Ana", "Zebediah Quux", "4556 7375 8689 9855", " ", "\r\n", "👩‍👩‍👧", "שלום", "&amp;", "*", "<@U024BE7LH>", "<@W01|ana.roe>",
     "<mailto:a@b.example|a@b.example>", "<https://x.example/ana|Ana>", "<tel:+15550100|555-0100>", "<", "|", ">", "é"]
)  # fmt: skip


@st.composite
def texts_with_spans(draw):
    text = "".join(draw(st.lists(PIECES, min_size=1, max_size=8)))

    def spans():
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        labels = st.sampled_from(sorted(LABELS))
        return [Span(a, b, draw(labels)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]

    return text, spans(), spans()


@given(texts_with_spans(), st.sampled_from(["slack", "plain"]))
def test_spans_and_predictions_stay_in_order_and_inside(given, markup):
    text, spans, said = given

    fresh = SurrogateWriter(b"key").write(text, spans, markup)
    moved = fresh.moved(said)

    for found in (fresh.spans, moved):
        ends = [0, *(one.end for one in found)]
        assert all(end <= one.start for end, one in zip(ends, found, strict=False))
        assert all(one.end <= len(fresh.text) for one in found)
    assert [one.label for one in fresh.spans] == [one.label for one in spans]
    assert fresh.moved(spans) == fresh.spans


@given(texts_with_spans())
def test_without_spans_and_mentions_nothing_changes(given):
    text, _, said = given

    fresh = SurrogateWriter(b"key").write(text, [], "plain")

    assert fresh.text == text
    assert fresh.moved(said) == tuple(said)


def test_the_key_and_the_value_make_the_surrogate_and_nothing_else():
    text, span = "ask Zebediah Quux", [Span(4, 17, "PERSON")]

    one = SurrogateWriter(b"key").write(text, span, "slack").text
    writer = SurrogateWriter(b"key")
    writer.write("Ana Roe and 078-05-1120", [Span(0, 7, "PERSON"), Span(12, 23, "NATIONAL_ID")], "slack")  # fmt: skip

    assert writer.write(text, span, "slack").text == one
    assert SurrogateWriter(b"another").write(text, span, "slack").text != one


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("PERSON", "May", False),
        ("PERSON", "Zebediah", False),
        ("PERSON", "Al Bo", False),
        ("PERSON", "Zebediah Quux", True),
        ("NATIONAL_ID", "1120", False),
        ("NATIONAL_ID", "078-05-1120", True),
        ("EMAIL_ADDRESS", "a@b.co", False),
        ("EMAIL_ADDRESS", "ana@b.co", True),
        ("PASSWORD", "hunter", True),
        ("PASSWORD", "abc", False),
        ("MEDICAL_CONDITION", "diabetes", False),
    ],
)
def test_a_telling_value_is_one_wherever_it_stands(label, value, expected):
    assert is_telling(label, value) is expected


def test_a_value_at_the_edge_of_a_link_is_replaced_in_its_address_too():
    text = "<mailto:ana.roe@b.example|ana.roe@b.example>"
    writer = SurrogateWriter(b"key", [("EMAIL_ADDRESS", "ana.roe@b.example")])

    fresh = writer.write(text, [Span(26, 43, "EMAIL_ADDRESS")], "slack")

    [span] = fresh.spans
    value = fresh.text[span.start : span.end]
    assert fresh.text == f"<mailto:{value}|{value}>"
    assert "ana.roe" not in fresh.text
