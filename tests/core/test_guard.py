"""Guard: wire text in, spans in wire text out. On all rules and the tiny model."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import piiguard
from piiguard.errors import ModelError
from piiguard.labels import LABELS
from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES


def found(guard, text, **options):
    return [(text[s.start : s.end], s.label) for s in guard.detect(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ssn is 078-05-1120", [("078-05-1120", "NATIONAL_ID")]),
        ("*ssn* is `078-05-1120`", [("078-05-1120", "NATIONAL_ID")]),
        ("&gt; ask *Priya Sharma*", [("Priya Sharma", "PERSON")]),
        ("a &lt; b &amp; Dana", [("Dana", "PERSON")]),
        ("<mailto:jane@acme.org|jane@acme.org>", [("jane@acme.org", "EMAIL_ADDRESS")]),
        ("see <@U024BE7LH> in <#C024BE7LR|general> :wave:", []),
        ("<https://acme.org/docs|the docs> are ready", []),
        ("nothing to see here", []),
        ("", []),
    ],
)
def test_offsets_point_into_the_wire_text(guard, text, expected):
    assert found(guard, text) == expected


def test_behind_another_word_the_address_is_the_value(guard):
    text = "write to <mailto:jane@acme.org|HR>"

    assert found(guard, text) == [("jane@acme.org", "EMAIL_ADDRESS")]


def test_plain_text_is_taken_as_it_is(guard):
    assert found(guard, "a < b, ask Dana", markup="plain") == [("Dana", "PERSON")]


def test_styled_letters_hide_nothing(guard):
    assert found(guard, "ask 𝐏𝐫𝐢𝐲𝐚, ssn ０７８-０５-１１２０") == [
        ("𝐏𝐫𝐢𝐲𝐚", "PERSON"),
        ("０７８-０５-１１２０", "NATIONAL_ID"),
    ]


def test_the_question_before_it_makes_a_bare_number_personal(guard):
    asked = found(guard, "078051120", context=["what's your social?"])

    assert asked == [("078051120", "NATIONAL_ID")]
    assert found(guard, "078051120", context=["how many rows are there?"]) == []


def test_spans_name_who_found_them(guard):
    text = "Priya: 078-05-1120"

    sources = {span.label: span.source for span in guard.detect(text)}

    assert sources["PERSON"] == "model"
    assert sources["NATIONAL_ID"].startswith("rule:us_ssn")


def test_without_a_model_the_rules_go_on(guard):
    rules = piiguard.Guard(RuleDetector(ALL_RULES), None)

    assert rules.name == "rules"
    assert found(rules, "Priya: 078-05-1120") == [("078-05-1120", "NATIONAL_ID")]


def test_a_batch_gives_what_its_messages_give_alone(guard):
    messages = [
        Message("ask Priya"),
        Message(""),
        Message("078051120", ["what's your social?"]),
        Message("a < b, Dana", markup="plain"),
    ]

    assert guard.detect_batch(messages) == [
        guard.detect(m.text, m.context, m.markup) for m in messages
    ]


def test_threads_get_the_answers_of_their_own_messages(guard):
    texts = ["ask Priya", "hunter2", "ssn is 078-05-1120", "nothing", "Dana has asthma"] * 20
    expected = [guard.detect(text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(guard.detect, texts)) == expected


WIRE = st.lists(
    st.sampled_from(
        ["Priya", " ", "*", "`", "<", ">", "|", "&amp;", "&lt;", "&", "<mailto:a@acme.org|a@acme.org>", "<@U024BE7LH>",
         "<tel:+15550109999|555-010-9999>", "<https://a.org|Dana>", "078-05-1120", "\n", ":wave:", "𝐏", "é", "hunter2"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(WIRE | st.text(st.characters(), max_size=100), st.sampled_from(["slack", "plain"]))
def test_any_text_gives_disjoint_ordered_spans_inside_it(guard, text, markup):
    spans = guard.detect(text, markup=markup)

    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(s.label in LABELS and 0 < s.score <= 1 and s.source for s in spans)


def test_load_takes_a_model_directory_and_checks_it(model_dir):
    assert piiguard.load(model_dir, threads=1).detect("ask Priya")

    (model_dir / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError):
        piiguard.load(model_dir)
