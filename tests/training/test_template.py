"""Carriers: the format, its mistakes, and that the written ones are many and unlike."""

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from training.template import (
    FILLERS,
    Part,
    TemplateError,
    main,
    near_duplicates,
    parse_line,
    read_file,
    read_templates,
)


@pytest.fixture(scope="module")
def templates():
    return list(read_templates())


@pytest.fixture
def carrier(tmp_path):
    """Writes a carrier file of one kind and returns its path."""

    def write(kind, text, name="talk.txt"):
        path = tmp_path / kind / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("no slot", [Part("no slot")]),
        ("{{PERSON}}", [Part(label="PERSON")]),
        (
            "ask {{PERSON:given}}!",
            [Part("ask "), Part(label="PERSON", variant="given"), Part("!")],
        ),
        ("{{EMAIL_ADDRESS=a}}", [Part(label="EMAIL_ADDRESS", person="a")]),
        ("{{PERSON:full=b}}", [Part(label="PERSON", variant="full", person="b")]),
        ("{{date}}{{digits:6}}", [Part(filler="date"), Part(filler="digits", variant="6")]),
        (
            "has [[type 2 diabetes|MEDICAL_CONDITION]].",
            [Part("has "), Part("type 2 diabetes", "MEDICAL_CONDITION"), Part(".")],
        ),
        (r"one\ntwo\t3", [Part("one\ntwo\t3")]),
        ("a {single} brace and [one] bracket", [Part("a {single} brace and [one] bracket")]),
    ],
)
def test_a_line_reads_as_its_parts(line, parts):
    assert parse_line(line, "talk.txt:1") == tuple(parts)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{{PERSONS}}", "unknown slot PERSONS"),
        ("{{person}}", "unknown slot person"),
        ("{{PERSON:uk}}", "PERSON has no variant uk"),
        ("{{PASSPORT:us}}", "PASSPORT has no variant us"),
        ("{{DATE_OF_BIRTH:Noyear}}", "DATE_OF_BIRTH has no variant Noyear"),
        ("{{PERSON", "a stray {{"),
        ("PERSON}}", "a stray }}"),
        ("{{ PERSON }}", "a stray {{"),
        ("[[flu]]", "a stray [["),
        ("[[flu|SICKNESS]]", "unknown label SICKNESS"),
        ("[[ asthma|MEDICAL_CONDITION]]", "begins or ends with a space"),
        (r"[[asthma\n|MEDICAL_CONDITION]]", "begins or ends with a space"),
    ],
)
def test_a_mistake_in_a_line_is_named_with_its_place(line, complaint):
    with pytest.raises(TemplateError) as error:
        parse_line(line, "talk.txt:7")

    assert str(error.value).startswith("talk.txt:7: ")
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("messages", "ask {{PERSON}}\nnobody here\n", "talk.txt:2: a message without a personal"),
        ("negatives", "%% comment\n\nask {{PERSON}}\n", "talk.txt:3: a negative with a personal"),
        (
            "negatives",
            "my [[asthma|MEDICAL_CONDITION]]\n",
            "talk.txt:1: a negative with a personal",
        ),
        ("conversations", "hi\nho\n\nalone {{PERSON}}\n", "talk.txt:4: a conversation needs two"),
        ("letters", "ask {{PERSON}}\n", "expected a folder messages, conversations, negatives"),
    ],
)
def test_a_carrier_in_the_wrong_folder_is_refused_with_file_and_line(
    carrier, kind, text, complaint
):
    with pytest.raises(TemplateError, match=r"^talk\.txt") as error:
        list(read_file(carrier(kind, text)))

    assert complaint in str(error.value)


def test_a_conversation_is_a_block_and_its_id_names_its_first_line(carrier):
    path = carrier(
        "conversations", "%% two\n\nhi\n{{PERSON}}\n\n\nname?\n%% aside\n{{PERSON:given}}\nok"
    )

    found = list(read_file(path))

    assert [t.id for t in found] == ["conversations/talk:3", "conversations/talk:7"]
    assert [len(t.turns) for t in found] == [2, 3]


def test_each_message_is_a_template_of_its_own(carrier):
    found = list(read_file(carrier("messages", "{{PERSON}}\n\n%% aside\n{{PASSPORT}} it is")))

    assert [t.id for t in found] == ["messages/talk:1", "messages/talk:4"]


def test_a_skeleton_forgets_values_case_and_punctuation(carrier):
    path = carrier("messages", "Ask {{PERSON:given}}, ok?\nask {{PERSON:full=a}} OK\n")

    first, second = read_file(path)

    assert first.skeleton == second.skeleton


def test_all_written_carriers_follow_the_format(templates):
    assert len({t.id for t in templates}) == len(templates)


@pytest.mark.parametrize(
    ("kind", "least"), [("messages", 1000), ("conversations", 300), ("negatives", 600)]
)
def test_there_are_enough_carriers_of_each_kind(templates, kind, least):
    assert sum(t.kind == kind for t in templates) >= least


def test_every_label_and_every_filler_is_asked_for_somewhere(templates):
    parts = [part for t in templates for turn in t.turns for part in turn]

    assert {part.label for part in parts} - {""} == set(LABELS)
    assert {part.filler for part in parts} - {""} <= FILLERS


def test_no_written_carrier_is_nearly_another(templates):
    assert near_duplicates(templates) == []


def test_a_planted_near_duplicate_is_found(templates, carrier):
    planted = next(t for t in templates if t.kind == "messages" and len(t.skeleton.split()) > 12)
    twin = carrier("messages", "placeholder {{PERSON}}", "twin.txt")
    words = "please send the signed form for {{PERSON}} to the payroll desk before {{weekday}} noon"
    twin.write_text(f"{words}\n{words} ok\n", encoding="utf-8")

    pairs = near_duplicates([*templates, *read_file(twin)])

    assert pairs == [("messages/twin:1", "messages/twin:2")]
    assert near_duplicates([planted, planted]) == [(planted.id, planted.id)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "messages",
            "who is {{PERSON}} in the new team\nwhere can i get {{PASSPORT}} renewed today\n",
        ),
        ("messages", "{{PERSON}}\n{{PASSPORT}}\n"),
        # a twin conversation asks for something else, and so what answers it is something else
        ("conversations", "what is your dob\n{{digits:8}}\n\nwhat is your sku\n{{digits:8}}\n"),
    ],
)
def test_unlike_carriers_and_twin_conversations_are_no_duplicates(carrier, kind, text):
    assert near_duplicates(list(read_file(carrier(kind, text)))) == []


def test_the_same_words_of_another_kind_are_no_duplicate(carrier):
    message = carrier("messages", "the form for {{PERSON}} is due at noon\n")
    negative = carrier("negatives", "the form for {{product}} is due at noon\n")

    assert near_duplicates([*read_file(message), *read_file(negative)]) == []


def test_the_check_prints_each_mistake_and_fails(carrier, capsys):
    good = carrier("messages", "ask {{PERSON}}\n", "good.txt")
    bad = carrier("messages", "ask {{NOBODY}}\n", "bad.txt")

    assert main([str(good)]) == 0
    assert main([str(good), str(bad)]) == 1
    assert "bad.txt:1: unknown slot NOBODY" in capsys.readouterr().out
