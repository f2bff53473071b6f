"""Files as the tools themselves write them: without our field, with their own habits."""

import io
import json

import pytest

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats import FORMATS
from piiguard.formats.tokens import tagged
from piiguard.spans import Span

TEXT = "💩 ask Priya"
PRIYA = (Span(6, 11, "PERSON"),)


def read(name, value):
    text = value if isinstance(value, str) else json.dumps(value)
    return list(FORMATS[name].read(io.StringIO(text, newline="")))


def region(start, end, text="Priya", labels=("PERSON",), **more):
    value = {"start": start, "end": end, "text": text, "labels": list(labels)}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value} | more


FOREIGN = [
    ("doccano", {"id": 7, "text": TEXT, "label": [[6, 11, "PERSON"]]}, "7"),
    ("doccano", {"id": 7, "text": TEXT, "labels": [[6, 11, "PERSON"]], "Comments": []}, "7"),
    ("doccano", {"id": 7, "text": TEXT, "entities": [{"id": 1, "label": "PERSON", "start_offset": 6, "end_offset": 11}], "relations": []}, "7"),
    ("prodigy", {"text": TEXT, "spans": [{"start": 6, "end": 11, "label": "PERSON", "token_start": 2}], "answer": "accept", "_input_hash": 1}, "1"),
    ("spacy", {"text": TEXT, "entities": [[6, 11, "PERSON"]]}, "1"),
    ("presidio-evaluator", [{"full_text": TEXT, "masked": "", "spans": [{"entity_type": "PERSON", "entity_value": "Priya", "start_position": 6, "end_position": 11}], "template_id": 3, "metadata": None}], "3"),
    ("label-studio", [{"id": 9, "data": {"text": TEXT}, "annotations": [{"result": [region(6, 11), {"type": "choices", "value": {}}]}]}], "9"),
    ("label-studio", [{"id": 9, "data": {"text": TEXT}, "annotations": [{"result": [region(7, 12)]}]}], "9"),  # UTF-16
    ("label-studio", [{"id": 9, "data": {"text": TEXT}, "annotations": [{"result": [], "was_cancelled": True}, {"result": [region(6, 11)]}]}], "9"),
    ("argilla", [{"id": "a", "fields": {"text": TEXT}, "suggestions": {}, "responses": {"span_label": [{"value": [{"label": "PERSON", "start": 6, "end": 11}], "user_id": "u"}]}}], "a"),
    ("argilla", [{"id": "a", "text": TEXT, "span_label": [{"label": "PERSON", "start": 6, "end": 11}]}], "a"),
    ("datasets", {"text": TEXT, "spans": [{"start": 6, "end": 11, "label": "PERSON"}], "markup": "plain"}, "1"),
    ("datasets-tokens", {"text": TEXT, "tokens": ["💩", "ask", "Priya"], "ner_tags": ["O", "O", "B-PERSON"], "markup": "plain"}, "1"),
    ("datasets-tokens", {"tokens": ["💩", "ask", "Priya"], "ner_tags": [0, 0, 1], "markup": "plain"}, "1"),
    ("conll", "-DOCSTART- -X- O O\n\n💩 O\nask O\nPriya B-PERSON\n\n", "3"),
    ("conll", "# sent_id = 3\n💩\tO\nask\tO\nPriya\tI-PERSON", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "id"), FOREIGN)
def test_a_file_of_the_tool_itself_is_read(name, value, id):
    assert read(name, value) == [Example(id, TEXT, PRIYA, group=id, markup="plain")]


REFUSED = [
    ("label-studio", [{"data": {"text": TEXT}, "annotations": []}], "no annotation"),
    ("label-studio", [{"data": {"text": TEXT}, "annotations": [{"result": []}, {"result": [region(6, 11)]}]}], "differ"),
    ("label-studio", [{"data": {"text": TEXT}, "annotations": [{"result": [region(4, 9)]}]}], "do not fit"),
    ("label-studio", [{"data": {"text": TEXT}, "annotations": [{"result": [region(6, 11, labels=("PERSON", "USERNAME"))]}]}], "one label"),
    ("argilla", [{"id": "a", "fields": {"text": TEXT}, "responses": {"span_label": [{"value": []}, {"value": [{"label": "PERSON", "start": 6, "end": 11}]}]}}], "differ"),
    ("presidio-evaluator", [{"full_text": TEXT, "spans": [{"entity_type": "PERSON", "entity_value": "Priya", "start_position": 7, "end_position": 12}]}], "do not fit"),
    ("prodigy", {"text": TEXT, "spans": [], "answer": "reject"}, "accept"),
    ("prodigy", {"text": TEXT, "spans": [], "answer": "ignore"}, "accept"),
    ("datasets-tokens", {"text": TEXT, "tokens": ["Priya", "ask"], "ner_tags": ["B-PERSON", "O"]}, "token"),
    ("datasets-tokens", {"text": TEXT, "tokens": ["Priya"], "ner_tags": ["B-PERSON"]}, "token"),
    ("datasets-tokens", {"text": TEXT, "tokens": ["💩"], "ner_tags": ["O", "O"]}, "as many"),
    ("datasets-tokens", {"text": TEXT, "tokens": ["💩"], "ner_tags": [99]}, "number"),
    ("conll", "Priya\tB-SHOE\n", "unknown tag"),
    ("conll", "Priya\n", "expected a token"),
    ("doccano", {"id": 1, "text": TEXT, "label": [[6, 11, "Person"]]}, "unknown label"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_what_cannot_be_told_for_sure_is_refused_with_its_reason(name, value, reason):
    with pytest.raises(ExampleError, match=reason):
        read(name, value)


@pytest.mark.parametrize(
    ("text", "spans", "tokens"),
    [
        ("ask Priya!", [Span(4, 9, "PERSON")], [("ask", "O"), ("Priya", "B-PERSON"), ("!", "O")]),
        ("Ana Roe", [Span(0, 7, "PERSON")], [("Ana", "B-PERSON"), ("Roe", "I-PERSON")]),
        ("AnaRoe", [Span(0, 3, "PERSON"), Span(3, 6, "PERSON")], [("Ana", "B-PERSON"), ("Roe", "B-PERSON")]),
        ("a Ana ", [Span(1, 6, "PERSON")], [("a", "O"), (" ", "B-PERSON"), ("Ana", "I-PERSON"), (" ", "I-PERSON")]),
        ("a\r\nb", [], [("a", "O"), ("b", "O")]),
        ("", [], []),
    ],
)  # fmt: skip
def test_tokens_are_cut_at_the_edges_of_spans(text, spans, tokens):
    assert [(one.text, one.tag) for one in tagged(text, spans)] == tokens
