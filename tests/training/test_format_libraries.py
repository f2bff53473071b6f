"""Each format read by the library it is for. Only ``datasets`` is in our extras: the other tests run where theirs is."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piiguard.examples import Example
from piiguard.formats import FORMATS
from piiguard.labels import LABELS, TAGS
from piiguard.spans import Span
from tests.core.formats.examples_of import examples, sample, without_white_edges

# a library's start is slow, and some of them print
QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def written(tmp_path, name, wanted):
    """A file of a format; its path."""
    form = FORMATS[name]
    path = tmp_path / f"x{form.suffix}"
    if form.is_binary:
        with open(path, "wb") as table:
            form.write(wanted, table)
    else:
        with open(path, "w", encoding="utf-8", newline="") as text:
            form.write(wanted, text)
    return path


def pairs(example):
    return [(span.start, span.end, span.label) for span in example.spans]


WANTED = [
    sample(),
    Example("2", "nothing here"),
    Example("3", "👩‍👩‍👧 שלום Ana", (Span(11, 14, "PERSON"),), markup="plain"),
]


# --- datasets


@pytest.fixture
def load(tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def load_dataset(kind, path):
        return datasets.load_dataset(
            kind, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
        )

    return load_dataset


def test_datasets_reads_text_and_spans(load, tmp_path):
    found = load("json", written(tmp_path, "datasets", WANTED))

    assert found["text"][:] == [one.text for one in WANTED]
    assert [[(s["start"], s["end"], s["label"]) for s in row["spans"]] for row in found] == [
        pairs(one) for one in WANTED
    ]


def test_what_datasets_writes_as_json_lines_is_read_back(load, tmp_path):
    load("json", written(tmp_path, "datasets", WANTED)).to_json(
        tmp_path / "back.jsonl", force_ascii=False
    )

    with open(tmp_path / "back.jsonl", encoding="utf-8") as text:
        assert list(FORMATS["datasets"].read(text)) == [normal(one) for one in WANTED]


def normal(example):
    """A group is written out."""
    return replace(example, group=example.group or example.id)


def test_datasets_reads_tokens_and_tags(load, tmp_path):
    found = load("json", written(tmp_path, "datasets-tokens", WANTED))

    assert found[0]["tokens"][:3] == ["ask", "Priya", "👩"]
    assert found[0]["ner_tags"][:3] == ["O", "B-PERSON", "O"]
    assert all(len(row["tokens"]) == len(row["ner_tags"]) for row in found)


def test_datasets_knows_the_names_of_the_tags_in_parquet(load, tmp_path):
    pytest.importorskip("pyarrow")
    found = load("parquet", written(tmp_path, "parquet", WANTED))

    names = found.features["ner_tags"].feature.names
    assert names == list(TAGS)
    assert [names[tag] for tag in found[0]["ner_tags"]][:3] == ["O", "B-PERSON", "O"]
    assert [[(s["start"], s["end"], s["label"]) for s in row["spans"]] for row in found] == [
        pairs(one) for one in WANTED
    ]


@QUIET
@given(wanted=st.lists(examples(), max_size=3))
def test_parquet_written_is_read_again(tmp_path_factory, wanted):
    pytest.importorskip("pyarrow")
    path = written(tmp_path_factory.mktemp("p"), "parquet", wanted)

    with open(path, "rb") as table:
        assert list(FORMATS["parquet"].read(table)) == wanted


def test_a_file_that_is_no_parquet_is_one_bad_record(tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "x").write_bytes(b"PAR1 no")
    bad = []

    with open(tmp_path / "x", "rb") as table:
        assert list(FORMATS["parquet"].read(table, on_bad=bad.append)) == []
    assert len(bad) == 1


# --- spaCy


@QUIET
@given(wanted=examples())
def test_spacy_reads_every_document_with_every_entity(tmp_path_factory, wanted):
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import Doc, DocBin

    wanted = without_white_edges(wanted)
    path = written(tmp_path_factory.mktemp("s"), "spacy", [wanted])
    line = json.loads(path.read_text(encoding="utf-8"))

    doc = Doc(spacy.blank("en").vocab).from_json(line)

    assert doc.text == wanted.text
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == pairs(wanted)
    # as a training file
    [again] = DocBin(docs=[doc]).get_docs(spacy.blank("en").vocab)
    assert [(e.start_char, e.end_char, e.label_) for e in again.ents] == pairs(wanted)
    # and what it writes comes back
    path.write_text(json.dumps(doc.to_json()), encoding="utf-8")
    with open(path, encoding="utf-8") as text:
        [back] = FORMATS["spacy"].read(text)
    assert (back.text, back.spans) == (wanted.text, wanted.spans)


# --- seqeval reads what CoNLL holds


def test_seqeval_reads_the_tags_of_conll(tmp_path):
    pytest.importorskip("seqeval")
    from seqeval.metrics.sequence_labeling import get_entities

    lines = written(tmp_path, "conll", [sample()]).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if "\t" in line]

    found = get_entities([tag for _, tag in rows])

    assert [(kind, "".join(word for word, _ in rows[a : b + 1])) for kind, a, b in found] == [
        ("PERSON", "Priya"),
        ("EMAIL_ADDRESS", "a@b.example"),
    ]


# --- Argilla, Label Studio, presidio-evaluator: not in our extras


def test_argilla_reads_records_and_what_it_writes_comes_back(tmp_path):
    pytest.importorskip("argilla")
    from argilla.records._io._json import JsonIO

    records = JsonIO._records_from_json(written(tmp_path, "argilla", WANTED))

    assert [one.fields["text"] for one in records] == [one.text for one in WANTED]
    assert [
        [(s["start"], s["end"], s["label"]) for s in one.suggestions["span_label"].value]
        for one in records
    ] == [pairs(one) for one in WANTED]
    back = tmp_path / "back.json"
    JsonIO.to_json(records, back)
    with open(back, encoding="utf-8") as text:
        assert list(FORMATS["argilla"].read(text)) == [normal(one) for one in WANTED]


def test_label_studio_accepts_tasks_and_converts_them(tmp_path):
    pytest.importorskip("label_studio_sdk")
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    labels = "".join(f'<Label value="{name}"/>' for name in LABELS)
    config = f'<View><Labels name="label" toName="text">{labels}</Labels><Text name="text" value="$text"/></View>'
    path = written(tmp_path, "label-studio", WANTED)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    interface = LabelInterface(config)

    assert all(interface.validate_annotation(one["annotations"][0]) for one in tasks)
    assert interface.validate_prediction(tasks[0]["predictions"][0])
    # its converter wants the numbers that a server gives
    for number, task in enumerate(tasks, 1):
        task["id"] = task["annotations"][0]["id"] = number
    path.write_text(json.dumps(tasks), encoding="utf-8")
    converted = list(Converter(config, str(tmp_path)).iter_from_json_file(str(path)))
    assert [
        [(s["start"], s["end"], s["labels"][0]) for s in one["output"].get("label", [])]
        for one in converted
    ] == [pairs(one) for one in WANTED]


def test_presidio_evaluator_reads_samples(tmp_path):
    evaluator = pytest.importorskip("presidio_evaluator")
    spacy = pytest.importorskip("spacy")
    spacy.blank("en").to_disk(tmp_path / "blank")  # its own default is fetched from the network
    path = written(tmp_path, "presidio-evaluator", WANTED)

    found = evaluator.InputSample.read_dataset_json(
        path, token_model_version=str(tmp_path / "blank")
    )

    assert [one.full_text for one in found] == [one.text for one in WANTED]
    assert [
        [(s.start_position, s.end_position, s.entity_type) for s in one.spans] for one in found
    ] == [pairs(one) for one in WANTED]
    assert found[0].masked.startswith("ask {{PERSON}} ")
    # what it writes comes back, but for what it has no place for
    path.write_text(json.dumps([one.to_dict() for one in found]), encoding="utf-8")
    with open(path, encoding="utf-8") as text:
        back = list(FORMATS["presidio-evaluator"].read(text))
    assert [(one.text, one.spans) for one in back] == [(one.text, one.spans) for one in WANTED]
