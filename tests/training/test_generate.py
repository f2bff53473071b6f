"""Examples from carriers: reproducible, labelled to the character, in every kind."""

from collections import Counter

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from piiguard.slack_text import escape, read_wire
from training.generate import generate
from training.template import read_file, read_templates

N = 5000


@pytest.fixture(scope="module")
def templates():
    return list(read_templates())


@pytest.fixture(scope="module")
def examples(templates):
    return list(generate(templates, N, seed=4))


@pytest.fixture
def carriers(tmp_path):
    """Reads carriers written on the spot: keyword = kind, value = the file's text."""

    def read(**kinds):
        found = []
        for kind, text in kinds.items():
            (tmp_path / kind).mkdir(exist_ok=True)
            path = tmp_path / kind / "talk.txt"
            path.write_text(text, encoding="utf-8")
            found.extend(read_file(path))
        return found

    return read


def test_the_same_seed_gives_the_same_examples(templates):
    first, second = (list(generate(templates, 300, seed=9)) for _ in range(2))

    assert first == second


def test_another_seed_gives_other_examples(templates):
    first, second = ([e.text for e in generate(templates, 300, seed=s)] for s in (9, 10))

    assert sum(a == b for a, b in zip(first, second, strict=True)) < 30


def test_ids_are_unique_and_every_example_is_wire_text_from_a_template(examples):
    assert len({e.id for e in examples}) == N
    assert {(e.origin, e.markup) for e in examples} == {("template", "slack")}


def test_the_group_of_an_example_is_its_template(templates, examples):
    assert {e.group for e in examples} <= {t.id for t in templates}


def test_every_value_is_trimmed_and_not_empty(examples):
    crooked = [
        (e.id, s)
        for e in examples
        for s in e.spans
        if not e.text[s.start : s.end] or e.text[s.start : s.end] != e.text[s.start : s.end].strip()
    ]

    assert crooked == []


def test_every_span_survives_the_way_to_plain_text_and_back(examples):
    moved = []
    for example in examples:
        plain = read_wire(example.text)
        for span in example.spans:
            shown = plain.to_plain(span)
            if shown is None or plain.to_wire(shown) != span:
                moved.append((example.id, span))

    assert moved == []


def test_all_labels_occur_often_enough_to_be_learned(examples):
    counts = Counter(span.label for e in examples for span in e.spans)

    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 20


def test_negatives_hold_no_span_and_are_the_share_asked_for(templates, examples):
    negatives = [e for e in examples if e.group.startswith("negatives/")]

    assert not any(e.spans for e in negatives)
    assert len(negatives) / N == pytest.approx(0.3, abs=0.03)
    assert all(e.group.startswith("negatives/") for e in generate(templates, 50, 1, negatives=1.0))
    assert not any(e.group.startswith("neg") for e in generate(templates, 50, 1, negatives=0.0))


def test_every_template_comes_up_before_one_comes_up_again(carriers):
    # conversations: a message now and then takes a second carrier along
    blocks = (f"who is number {i}\n{{{{PERSON}}}}\n" for i in range(20))
    templates = carriers(conversations="\n".join(blocks))

    groups = [e.group for e in generate(templates, 60, seed=2)]

    assert all(len(set(groups[i : i + 20])) == 20 for i in (0, 20, 40))


def test_a_turn_of_a_conversation_carries_the_turns_before_it(carriers):
    templates = carriers(conversations="alpha question\n{{DATE_OF_BIRTH}}\n{{PERSON}} here\n")

    found = list(generate(templates, 300, seed=5, negatives=0.0))

    for example in found:
        labels = [span.label for span in example.spans]
        assert labels == [[], ["DATE_OF_BIRTH"], ["PERSON"]][len(example.context)]
    sizes = Counter(len(e.context) for e in found)
    # the end of a conversation holds what its question asked for: it comes up most
    assert sizes.most_common(1)[0][0] == 2
    assert set(sizes) == {0, 1, 2}


def test_a_message_may_stand_after_talk_that_has_nothing_to_do_with_it(examples):
    with_talk = [e for e in examples if e.context and not e.group.startswith("conversations/")]

    assert 0.2 < len(with_talk) / N < 0.5
    assert max(len(e.context) for e in with_talk) == 3


def test_one_person_keeps_one_name_within_a_template(carriers):
    templates = carriers(
        conversations="{{PERSON:family=a}} called\nand {{PERSON:family=a}} again\n"
    )

    for example in generate(templates, 60, seed=8, negatives=0.0):
        if example.context:
            [span] = example.spans
            name = example.text[span.start : span.end].lower()
            assert name in read_wire(example.context[0]).text.lower()


def test_values_are_escaped_and_fillers_in_wire_text_are_not(carriers):
    templates = carriers(messages="{{PASSWORD}} for {{mention}}\n")

    escaped = 0
    for example in generate(templates, 400, seed=3, negatives=0.0):
        plain = read_wire(example.text)
        assert "<@" not in plain.text
        for span in example.spans:
            value = example.text[span.start : span.end]
            shown = plain.to_plain(span)
            assert escape(plain.text[shown.start : shown.end]) == value
            escaped += "&" in value

    assert escaped > 5


def test_templates_of_one_kind_are_enough(carriers):
    templates = carriers(negatives="the build is green\n")

    assert [e.spans for e in generate(templates, 5, seed=1)] == [()] * 5
