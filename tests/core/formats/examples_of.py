"""Examples with everything in them that spoils offsets, for the tests of the formats."""

from dataclasses import replace

from hypothesis import strategies as st

from piiguard.examples import ORIGINS, Correction, Example
from piiguard.labels import LABELS
from piiguard.spans import Span

PIECES = (
    "Priya", "078-05-1120", " ", "  ", "\t", "\r\n", "\n", "\n\n", "👩‍👩‍👧", "🏳️‍🌈", "💩", "é", "e\u0301", "ñ", "שלום",
    "مرحبا", "\u200f", "\u200d", "\u2028", "\x85", "中文", "&amp;", "<@U024BE7LH>", "<mailto:a@b.example|a@b.example>", "#", "# text = ",
    '"', "\\", "{{PERSON}}", "-DOCSTART-", "|", ",", ".", "_", "*", "`", "[", "O", "\x00", "\ufeff", "\u00a0",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=12).map("".join)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
META = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5), max_size=2)


@st.composite
def spans_of(draw, text):
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = [pair for pair in zip(edges[::2], edges[1::2], strict=False) if pair[0] < pair[1]]
    # now and then two that touch
    if len(pairs) > 1 and draw(st.booleans()):
        pairs[1] = (pairs[0][1], pairs[1][1])
    return tuple(Span(a, b, draw(st.sampled_from(sorted(LABELS)))) for a, b in pairs)


@st.composite
def examples(draw):
    text = draw(TEXTS)
    common = {
        "id": draw(WORDS),
        "text": text,
        "spans": draw(spans_of(text)),
        "group": draw(WORDS),
        "markup": draw(st.sampled_from(["slack", "plain"])),
        "context": tuple(draw(st.lists(TEXTS, max_size=3))),
        "weight": draw(st.floats(0, 10)),
        "meta": draw(META),
    }
    if draw(st.booleans()):
        return Example(**common, origin=draw(st.sampled_from(ORIGINS)))
    return Correction(
        **common,
        prediction=draw(spans_of(text)),
        decision=draw(st.sampled_from(["confirm", "correct", "not_pii", "accept_risk"])),
        model="piiguard-en-1",
        reviewed_at="2026-11-23T20:00:00Z",
        reviewer=draw(st.text(max_size=8)),
    )


def without_white_edges(example):
    """The example as a format of words holds it: each span cut to what is not white, or gone."""
    spans = []
    for span in example.spans:
        inside = example.text[span.start : span.end]
        if inside.strip():
            start = span.start + len(inside) - len(inside.lstrip())
            spans.append(Span(start, start + len(inside.strip()), span.label))
    return replace(example, spans=tuple(spans))


def sample(label="PERSON"):
    """One correction of the plain kind."""
    return Correction(
        id="c1/0",
        text="ask Priya 👩‍👩‍👧 or <mailto:a@b.example|a@b.example>\r\nשלום",
        spans=(Span(4, 9, label), Span(39, 50, "EMAIL_ADDRESS")),
        group="g1",
        context=("who?",),
        meta={"part": "text"},
        prediction=(Span(4, 9, "USERNAME"),),
        decision="correct",
        model="piiguard-en-1",
        reviewed_at="2026-11-23T20:00:00Z",
        reviewer="r-1",
    )
