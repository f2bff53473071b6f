"""Spans from a form: by numbers from the script, by rows without it; what does not fit is refused with its reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bot.console.span_form import (
    SpanFormError,
    changes,
    marks_of,
    read_span_form,
    span_id,
    spans_of_form,
)
from bot.console.spans_view import part_views, span_views
from bot.console.word_edges import borders_of, words_of
from bot.parts_text import covered_text
from bot.records import FoundSpan, Part

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
TEXT = "card 4242 4242 4242 4242 of Ana Roe, R&amp;D, again Ana Roe"
PARTS = (Part("text", TEXT),)
CARD = FoundSpan("text", 5, 24, "CREDIT_CARD", 0.99, "rule:card")
ANA = FoundSpan("text", 28, 31, "PERSON", 0.6, "model")
BEFORE = (CARD, ANA)


def form(*pairs, marks=None):
    fields = list(pairs)
    if marks is not None:
        fields.append(("marks", marks if isinstance(marks, str) else json.dumps(marks)))
    return MultiDict(fields)


def spans(*pairs, marks=None, before=BEFORE, parts=PARTS):
    return spans_of_form(parts, before, read_span_form(form(*pairs, marks=marks)))


def drawn(text, label, /, *, nth=0, message=TEXT, **more):
    start = -1
    for _ in range(nth + 1):
        start = message.index(text, start + 1)
    return {"part": "text", "start": start, "end": start + len(text), "label": label, "text": text} | more  # fmt: skip


def test_a_span_that_was_kept_keeps_its_score_and_source():
    kept = spans(marks=[{"keep": span_id(CARD)}, {"keep": span_id(ANA), "label": "PERSON"}])

    assert kept == BEFORE


def test_a_span_that_was_moved_away_and_back_is_as_it_was():
    assert spans(marks=[{"keep": span_id(CARD)}, drawn("Ana", "PERSON")]) == BEFORE


def test_a_relabelled_span_is_a_persons():
    (_, ana) = spans(marks=[{"keep": span_id(CARD)}, {"keep": span_id(ANA), "label": "USERNAME"}])

    assert ana == FoundSpan("text", 28, 31, "USERNAME", 1.0, "person")


def test_a_drawn_span_is_resliced_on_the_server():
    (_, roe) = spans(marks=[{"keep": span_id(CARD)}, drawn("Ana Roe", "PERSON")])

    assert covered_text(PARTS, roe) == "Ana Roe"
    assert roe.source == "person"


def test_a_character_that_the_wire_escapes_is_taken_whole():
    mark = drawn("R&amp;D", "ACCOUNT_ID") | {"text": "R&D"}

    (span,) = spans(marks=[mark])

    assert (TEXT[span.start : span.end], covered_text(PARTS, span)) == ("R&amp;D", "R&D")


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        (drawn("Ana Roe", "PERSON", text="Bob Roe"), "does not match"),
        (drawn("Ana", "PERSON", start=-1), "outside"),
        (drawn("Ana", "PERSON", end=10_000), "outside"),
        (drawn("Ana", "PERSON", start=31, end=31), "outside"),
        (drawn("Ana", "PERSON", start="28"), "outside"),
        (drawn("Ana", "PERSON", start=True), "outside"),
        (drawn("Ana", "PERSON", part="file:F1"), "outside"),
        (drawn("Ana", "NAME"), "label"),
        (drawn("Ana", ""), "label"),
        ({"part": "text", "start": 37, "end": 40, "label": "PERSON"}, "inside a character"),
        ({"part": "text", "start": 27, "end": 28, "label": "PERSON"}, "nothing that can be read"),
        ({"keep": "nobody"}, "another version"),
        ({"find": "Bob", "label": "PERSON"}, "does not occur"),
        ({"find": "", "label": "PERSON"}, "does not occur"),
        ({}, "label"),
    ],
)  # fmt: skip
def test_a_span_that_does_not_fit_the_text_is_refused_with_its_reason(mark, reason):
    with pytest.raises(Exception, match=reason) as refused:
        spans(marks=[mark])

    assert "4242" not in str(refused.value)


@pytest.mark.parametrize("posted", ["{", "{}", "7", '["a"]', "[" * 90_000, '[{"keep":' * 3])
def test_marks_that_no_page_of_ours_posts_are_refused(posted):
    with pytest.raises(SpanFormError):
        read_span_form(form(marks=posted))


def test_too_many_marks_are_refused():
    with pytest.raises(SpanFormError, match="at most 500"):
        read_span_form(form(marks=[{"keep": "x"}] * 501))


def test_overlapping_spans_are_refused_and_named():
    with pytest.raises(SpanFormError, match="spans 1 and 2 overlap"):
        spans(marks=[drawn("Ana", "PERSON"), drawn("Ana Roe", "PERSON")])


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (f"hi {FAMILY} x", 3, 4),  # the first of three people
        ("Zoe\u0308 called", 0, 3),  # an e without its diaeresis
        ("flag \U0001f1e9\U0001f1ea", 5, 6),  # half a flag
    ],
)
def test_an_edge_inside_a_grapheme_is_refused(text, start, end):
    with pytest.raises(SpanFormError, match="inside a character"):
        spans(marks=[{"part": "text", "start": start, "end": end, "label": "PERSON"}], before=(), parts=(Part("text", text),))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [(f"hi {FAMILY} x", FAMILY), ("Zoe\u0308 called", "Zoe\u0308"), ("שלום דנה כהן", "דנה כהן")],
)
def test_emoji_accents_and_right_to_left_text_are_marked_by_code_points(text, value):
    (span,) = spans(
        marks=[drawn(value, "PERSON", message=text)], before=(), parts=(Part("text", text),)
    )

    assert text[span.start : span.end] == value


def test_what_is_looked_for_is_marked_wherever_it_stands():
    found = spans(marks=[{"keep": span_id(CARD)}, {"find": "Ana Roe", "label": "PERSON"}])

    assert [(s.start, s.label) for s in found] == [
        (5, "CREDIT_CARD"),
        (28, "PERSON"),
        (52, "PERSON"),
    ]


# -- rows, where no script runs ---------------------------------------------------------------------------------------


def rows(*changes_, keep=BEFORE):
    return [("span", span_id(span)) for span in keep] + list(changes_)


def test_rows_left_alone_change_nothing():
    assert spans(*rows()) == BEFORE


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((f"is:{span_id(ANA)}", "remove"), [("CREDIT_CARD", "4242 4242 4242 4242")]),
        ((f"is:{span_id(ANA)}", "USERNAME"), [("CREDIT_CARD", "4242 4242 4242 4242"), ("USERNAME", "Ana")]),
        ((f"exact:{span_id(ANA)}", "Ana Roe"), [("CREDIT_CARD", "4242 4242 4242 4242"), ("PERSON", "Ana Roe")]),
        ((f"exact:{span_id(ANA)}", "Ana"), [("CREDIT_CARD", "4242 4242 4242 4242"), ("PERSON", "Ana")]),
    ],
)  # fmt: skip
def test_a_row_removes_relabels_or_moves_its_span(row, expected):
    after = spans(*rows(row))

    assert [(span.label, covered_text(PARTS, span)) for span in after] == expected


def test_missed_text_is_added_wherever_it_stands():
    after = spans(*rows(("missed_text", " Roe "), ("missed_label", "PERSON")))

    assert [covered_text(PARTS, span) for span in after if span.source == "person"] == ["Roe"] * 2


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ((f"exact:{span_id(ANA)}", "Bob"), f"exact:{span_id(ANA)}"),
        ((f"is:{span_id(ANA)}", "NAME"), f"is:{span_id(ANA)}"),
        (("missed_text", "Roe"), "missed_label:0"),
        (("missed_label", "PERSON"), "missed_text:0"),
        (("span", "nobody"), "spans"),
    ],
)
def test_a_row_that_cannot_be_stored_names_its_field(row, field):
    extra = [("missed_text", "")] if row[0] == "missed_label" else []
    with pytest.raises(SpanFormError) as refused:
        spans(*rows(row, *extra))

    assert refused.value.field == field


def test_a_value_over_two_lines_is_unchanged_by_a_browsers_line_breaks():
    parts = (Part("text", "at 12 Elm St\nSpringfield now"),)
    place = FoundSpan("text", 3, 24, "STREET_ADDRESS", 0.8, "model")

    after = spans(
        ("span", span_id(place)),
        (f"exact:{span_id(place)}", "12 Elm St\r\nSpringfield"),
        before=(place,),
        parts=parts,
    )

    assert after == (place,)


def test_spans_survive_as_marks_without_their_text():
    assert spans(marks=marks_of(BEFORE)) == BEFORE
    assert "4242" not in marks_of(BEFORE)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE, ()),
        ((CARD,), ("partly_not_pii",)),
        ((CARD, FoundSpan("text", 28, 35, "PERSON")), ("boundary",)),
        ((CARD, FoundSpan("text", 28, 31, "USERNAME")), ("label",)),
        ((*BEFORE, FoundSpan("text", 52, 59, "PERSON")), ("missed",)),
        ((FoundSpan("text", 5, 9, "CREDIT_CARD"), FoundSpan("text", 52, 59, "PERSON")), ("boundary", "missed", "partly_not_pii")),
        ((), ("partly_not_pii",)),
    ],
)  # fmt: skip
def test_what_a_correction_was_about_is_derived(after, expected):
    assert changes(BEFORE, after) == expected


# -- how the page draws it --------------------------------------------------------------------------------------------


def source_of(views):
    return "".join(
        piece.text + "".join(inner.text for inner in piece.inner)
        for view in views
        for piece in view.pieces
    )


def test_a_covered_page_holds_no_value_no_repeat_and_no_place():
    views = part_views(
        PARTS, (CARD,), revealed=False, hidden=(FoundSpan("text", 28, 35, "PERSON"),)
    )
    pieces = [piece for view in views for piece in view.pieces]

    assert "4242" not in source_of(views)
    assert "Ana" not in source_of(views)  # predicted once, and repeated at the end
    assert all(piece.start == piece.end == 0 and not piece.starts for piece in pieces)
    assert [view.value for view in span_views(PARTS, BEFORE, revealed=False)] == ["", ""]


def test_a_revealed_page_gives_each_word_its_place_in_the_stored_text():
    (view,) = part_views(PARTS, BEFORE, revealed=True)
    words = [
        inner
        for piece in view.pieces
        for inner in (piece.inner or (piece,))
        if inner.kind == "word"
    ]

    assert source_of([view]) == TEXT.replace("&amp;", "&")
    for word in words:
        assert TEXT[word.start : word.end].replace("&amp;", "&") == word.text
    assert [word.starts for word in words if "&" in word.text] == ["37,38,43"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("her ssn:078-05-1120, ok?", ["her", "ssn", ":", "078-05-1120", ",", "ok", "?"]),
        ("mail jane@acme.example.", ["mail", "jane@acme.example", "."]),
        ("mac 00:1b:44:11:3a:b7", ["mac", "00:1b:44:11:3a:b7"]),
        ("Priya's card (4242)", ["Priya", "'s", "card", "(", "4242", ")"]),
        ("key=abc==", ["key", "=", "abc=="]),
        (f"call{FAMILY} #\ufe0f\u20e3", [f"call{FAMILY}", "#\ufe0f\u20e3"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("我叫王", ["我", "叫", "王"]),
    ],
)
def test_a_word_is_what_one_would_mark_as_a_value(text, words):
    assert [text[start:end] for start, end in words_of(text)] == words


@given(st.text(alphabet=st.sampled_from("ab1 .,:=-'\"()\n@#é\u0301\u200d\U0001f469\U0001f1e9א我ß"), max_size=40))  # fmt: skip
def test_words_and_what_lies_between_them_are_the_whole_text(text):
    words, at = words_of(text), 0
    for start, end in words:
        assert start >= at
        assert end > start
        assert text[at:start].strip() == ""
        at = end
    assert text[at:].strip() == ""


@given(
    st.text(alphabet=st.sampled_from("ab &<>*_é\u0301\U0001f469א\n"), max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=3),
)
def test_whatever_is_drawn_and_sent_back_is_the_same(text, places):
    part = Part("text", text, "plain")
    borders = sorted(borders_of(text))
    before, end = [], 0
    for start, size in sorted(places):
        inside = [border for border in borders if start <= border <= start + size]
        if len(inside) > 1 and inside[0] >= end and text[inside[0] : inside[-1]].strip():
            before.append(FoundSpan("text", inside[0], inside[-1], "PERSON"))
            end = inside[-1]
    marks = [{"keep": span_id(span)} for span in before]

    assert spans(marks=marks, before=before, parts=(part,)) == tuple(before)
    assert spans(marks=marks_of(before), before=before, parts=(part,)) == tuple(before)
    assert source_of(part_views((part,), before, revealed=True)) == text
