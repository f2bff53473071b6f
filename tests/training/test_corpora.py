"""Public sets -> Examples, on invented rows; and the real files where they lie beside the checkout."""

import gzip
import json

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from training.corpora import CORPORA, CorpusError, chat, people, read_corpus, secrets
from training.verbs import CORPORA_DIR


def row(text, *marks, number=0, **fields):
    """A converted row; a mark is (value, label), or (value, label, offset to search from)."""
    spans = []
    for value, label, *at in marks:
        start = text.index(value, *at)
        spans.append({"start": start, "end": start + len(value), "label": label})
    return {"id": f"set-{number}", "text": text, "spans": spans, "source": "invented/set", **fields}


def values(example):
    return [(example.text[s.start : s.end], s.label) for s in example.spans]


def abstained(example):
    return [example.text[start:end] for start, end in example.meta["abstain"]]


@pytest.mark.parametrize(
    ("text", "marked", "name"),
    [
        ("met Priya Sharma today", "Priya Sharma", "Priya Sharma"),
        ("saw Dr. Okonkwo today", "Dr. Okonkwo", "Okonkwo"),
        ("saw president  Okonkwo", "president  Okonkwo", "Okonkwo"),
        ("Aunt Mei came", "Aunt Mei", "Mei"),
        ("Priya's desk", "Priya's", "Priya"),
        ("Priya’s desk", "Priya’s", "Priya"),
        ("the James' house", "James'", "James"),
        ("Mr. Okonkwo's car", "Mr. Okonkwo's", "Okonkwo"),
        # a name that only begins like a title, or ends like a possessive
        ("ask Kingsley now", "Kingsley", "Kingsley"),
        ("ask Genevieve Ross", "Genevieve Ross", "Genevieve Ross"),
        ("D'Souza", "D'Souza", "D'Souza"),
    ],
)
def test_titles_and_possessives_leave_the_span_of_a_tweet(text, marked, name):
    [example] = people.tweets([row(text, (marked, "PERSON"))])

    assert values(example) == [(name, "PERSON")]
    assert example.markup == "plain"


@pytest.mark.parametrize(
    "text", ["thanks @priyasharma for this", "so #priyasharma again", "# priyasharma"]
)
def test_a_name_inside_a_handle_or_hashtag_is_not_judged(text):
    [example] = people.tweets([row(text, ("priyasharma", "PERSON"))])

    assert (values(example), abstained(example)) == ([], ["priyasharma"])


def test_a_name_after_a_handle_is_judged():
    [example] = people.tweets([row("@ana_k Priya says hi", ("Priya", "PERSON"))])

    assert (values(example), abstained(example)) == ([("Priya", "PERSON")], [])


@pytest.mark.parametrize(
    ("text", "marks", "names"),
    [
        ("for Priya Sharma at 8", ["Priya", "Sharma"], ["Priya Sharma"]),
        ("Ana Maria Lopez", ["Ana", "Maria", "Lopez"], ["Ana Maria Lopez"]),
        ("Priya and Sharma", ["Priya", "Sharma"], ["Priya", "Sharma"]),
        ("Sharma, Priya", ["Sharma", "Priya"], ["Sharma", "Priya"]),
        ("a table for two", [], []),
    ],
)
def test_adjacent_parts_of_a_booking_name_join(text, marks, names):
    [example] = people.bookings([row(text, *((mark, "PERSON") for mark in marks))])

    assert [value for value, _ in values(example)] == names
    assert example.weight == (1.0 if names else 0.5)


@pytest.mark.parametrize(
    ("text", "mark", "kept"),
    [
        ("priya sharma", ("priya sharma", "PERSON"), True),
        (" priya sharma.", ("priya sharma", "PERSON"), True),
        ("3rd of march 1988", ("3rd of march 1988", "DATE_OF_BIRTH"), True),
        ("it is 3 march 1988", ("3 march 1988", "DATE_OF_BIRTH"), True),
        # a part of a name would teach that its rest is none
        ("priya sharma", ("priya", "PERSON"), False),
        ("it is priya sharma", ("priya sharma", "PERSON"), False),
        ("n1 7aa", ("n1 7aa", "POSTCODE"), False),
    ],
)
def test_an_answer_is_kept_when_its_mark_says_all_of_it(text, mark, kept):
    found = list(people.spoken_answers([row(text, mark)]))

    assert [values(e) for e in found] == ([[mark]] if kept else [])
    assert all(len(e.context) == 1 and e.context[0] for e in found)


def test_answers_without_a_mark_or_with_two_are_left_out():
    rows = [row("w20 a b"), row("priya sharma", ("priya", "PERSON"), ("sharma", "PERSON"))]

    assert list(people.spoken_answers(rows)) == []


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("mail priya's notes", [("priya's", "PERSON")], [("priya", "PERSON")]),
        (
            "write to a@b.example",
            [("a@b.example", "EMAIL_ADDRESS")],
            [("a@b.example", "EMAIL_ADDRESS")],
        ),
        ("dim the lights", [], []),
    ],
)
def test_a_command_keeps_names_and_addresses(text, marks, expected):
    [example] = people.commands([row(text, *marks)])

    assert values(example) == expected
    assert example.weight == (1.0 if expected else 0.6)


# No value here is a key of anything: letters by hand, no service's own prefix.
SECRET = "q8Zr2vLm7Txw4KpN"


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        ("Acme API Key", "API_KEY"),
        ("acme-access-token", "API_KEY"),
        ("Acme Webhook", "API_KEY"),
        ("client secret", "API_KEY"),
        ("JWT", "API_KEY"),
        ("Acme Password", "PASSWORD"),
        ("Key passphrase", "PASSWORD"),
    ],
)
def test_a_scanners_rule_maps_to_our_label(rule, label):
    [example] = secrets.code_lines([row(f"value = '{SECRET}'", (SECRET, rule))])

    assert values(example) == [(SECRET, label)]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("Password Hash", SECRET),
        ("Generic API Key", SECRET),
        ("Acme Client ID", SECRET),
        ("AWS access key ID", SECRET),
        ("Acme public key", SECRET),
        ("Connection string password", SECRET),
        ("Acme Thing", SECRET),
        ("Acme API Key", "xxxxxxxxq8Zr2vLm"),
        ("Acme API Key", "********q8Zr"),
        ("Acme API Key", "${ACME_API_KEY}"),
        ("Acme API Key", "<acme-api-key>"),
        ("Acme API Key", "your-acme-api-key"),
        ("Acme API Key", "q8Zr11111111"),
        ("Acme API Key", "q8Zr2vL"),
    ],
)
def test_a_line_with_a_placeholder_or_a_mark_that_is_not_ours_is_dropped(rule, value):
    assert list(secrets.code_lines([row(f"value = '{value}'", (value, rule))])) == []


def test_a_near_miss_without_a_mark_counts_for_less():
    [example] = secrets.code_lines([row("value = os.environ['ACME_KEY']")])

    assert (example.spans, example.weight) == ((), 0.3)


def test_overlapping_marks_and_endless_lines_are_dropped():
    rows = [
        row(f"k = {SECRET}", (SECRET, "Acme API Key"), (SECRET[:10], "Acme Token")),
        row("x" * 1501),
    ]

    assert list(secrets.code_lines(rows)) == []


def test_chat_lines_are_weak_and_questions_hold_nothing_personal():
    [line] = chat.lines([row("does anybody know grub")])
    [question] = chat.questions([row("where is my card?")])

    assert (line.origin, line.spans) == ("weak", ())
    assert (question.origin, question.spans, question.weight) == ("gold", (), 0.5)


def test_a_sixth_of_the_chat_is_held_back_and_always_the_same(labelled):
    examples = [labelled("hi", id=f"irc-{number}") for number in range(3000)]

    held = [e.id for e in examples if chat.is_held_back(e)]

    assert len(held) / 3000 == pytest.approx(1 / 6, abs=0.02)
    assert held == [e.id for e in examples if chat.is_held_back(e)]


def write_corpus(folder, name, rows):
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(one) + "\n" for one in rows)


def test_a_file_with_another_sha256_is_refused(tmp_path):
    write_corpus(tmp_path, "banking77", [row("where is my card?")])

    with pytest.raises(CorpusError, match="another sha256 than the one checked for banking77"):
        list(read_corpus("banking77", tmp_path))


def test_a_missing_file_names_where_it_comes_from(tmp_path):
    with pytest.raises(CorpusError, match=r"PolyAI-LDN/task-specific-datasets \(CC-BY-4.0\)"):
        list(read_corpus("banking77", tmp_path))


def test_an_unknown_set_lists_those_there_are(tmp_path):
    with pytest.raises(CorpusError, match="no corpus enron; there are: wnut17"):
        list(read_corpus("enron", tmp_path))


@pytest.mark.skipif(
    not CORPORA_DIR.is_dir(), reason="the public sets do not lie beside the checkout"
)
@pytest.mark.parametrize("name", CORPORA)
def test_a_public_set_converts_whole(name):
    examples = list(read_corpus(name, CORPORA_DIR))

    found = {span.label for e in examples for span in e.spans}
    promised = set(CORPORA[name].labels.split(", ")) & set(LABELS)
    assert found == promised
    assert len({e.id for e in examples}) == len(examples) > 100
    assert not any(
        e.text[s.start : s.end] != e.text[s.start : s.end].strip()
        for e in examples
        for s in e.spans
    )
