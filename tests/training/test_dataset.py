"""Examples -> windows: whole groups, exact labels, nothing judged that abstains."""

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.bio import IGNORED
from piiguard.encoding import Encoder
from piiguard.examples import Example
from piiguard.labels import TAGS
from piiguard.slack_text import read_wire
from piiguard.spans import Span
from training.config import TrainConfig
from training.dataset import (
    encode_examples,
    fingerprint,
    make_encoder,
    plain_view,
    split_by_group,
)


@pytest.fixture(scope="module")
def encoder(carrier_tokenizer):
    return Encoder(carrier_tokenizer, max_tokens=64, stride=12, max_context=16)


@pytest.fixture
def grouped(labelled):
    """300 examples of 100 groups."""
    return [labelled("hi", id=str(i), group=f"messages/hr:{i % 100}") for i in range(300)]


def test_a_split_keeps_groups_whole_and_loses_nothing(grouped):
    rest, held = split_by_group(grouped, 0.2, salt="holdout")

    assert not {e.group for e in rest} & {e.group for e in held}
    assert sorted(e.id for e in [*rest, *held]) == sorted(e.id for e in grouped)
    assert len(held) / 300 == pytest.approx(0.2, abs=0.1)


def test_a_group_lands_alike_in_any_order_and_company(grouped):
    _, held = split_by_group(grouped, 0.2, salt="holdout")
    _, again = split_by_group(reversed(grouped[::2]), 0.2, salt="holdout")

    assert {e.group for e in again} <= {e.group for e in held}
    assert {e.group for e in split_by_group(grouped, 0.2, salt="x")[1]} != {e.group for e in held}


@pytest.mark.parametrize(("share", "n_held"), [(0.0, 0), (1.0, 300)])
def test_a_split_may_hold_back_none_or_all(grouped, share, n_held):
    assert len(split_by_group(grouped, share)[1]) == n_held


def test_a_larger_share_holds_back_the_smaller_one_too(grouped):
    small, large = ({e.id for e in split_by_group(grouped, share)[1]} for share in (0.1, 0.4))

    assert small < large


def test_the_same_examples_have_the_same_fingerprint(labelled):
    assert fingerprint([labelled("ask Priya")]) == fingerprint([labelled("ask Priya")])
    assert len(fingerprint([])) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"text": "ask Prija"},
        {"id": "2"},
        {"group": "h"},
        {"weight": 0.9},
        {"markup": "plain"},
        {"context": ("who?",)},
        {"meta": {"abstain": [[0, 3]]}},
    ],
)
def test_one_character_or_field_changes_the_fingerprint(labelled, change):
    same = {"text": "ask Priya", "id": "1", "group": "g"}

    assert fingerprint([labelled(**same)]) != fingerprint([labelled(**{**same, **change})])


def test_order_and_spans_are_part_of_the_fingerprint(labelled):
    first, second = labelled("ask Priya"), labelled("ask Priya", ("Priya", "PERSON"))

    assert len({fingerprint(some) for some in ([first, second], [second, first], [first])}) == 3


def decoded(row, text, encoder):
    """(the text of a token, its tag) for each token of the message."""
    [window] = encoder.encode(text)
    return [
        (text[start:end], TAGS[label])
        for (start, end), label in zip(window.offsets, row["labels"], strict=True)
        if label != IGNORED
    ]


def chunks(tokens):
    """The values that the tags mark, spelled from their tokens."""
    found = []
    for token, tag in tokens:
        if tag.startswith("B-"):
            found.append([tag[2:], token])
        elif tag.startswith("I-"):
            assert found[-1][0] == tag[2:]
            found[-1][1] += token
    return [(value, label) for label, value in found]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ask Priya Sharma", [("Priya Sharma", "PERSON")]),
        ("nothing to see here", []),
        ("mail <mailto:a@b.example|a@b.example> now", [("a@b.example", "EMAIL_ADDRESS")]),
        ("call <tel:+12125550187|(212) 555-0187>!", [("(212) 555-0187", "PHONE_NUMBER")]),
        (
            "<@U024BE7LH> &amp; *Priya*, pw `hunter2`",
            [("Priya", "PERSON"), ("hunter2", "PASSWORD")],
        ),
        ("&gt; pw: a&amp;b&lt;c", [("a&amp;b&lt;c", "PASSWORD")]),
        ("Priya's and Mei", [("Priya", "PERSON"), ("Mei", "PERSON")]),
    ],
)
def test_labels_line_up_with_the_plain_text_of_a_wire_message(encoder, text, values):
    at, spans = text.find("|") + 1, []  # what a construct shows stands behind its bar
    for value, label in values:
        at = text.index(value, at) + len(value)
        spans.append(Span(at - len(value), at, label))
    example = Example("1", text, tuple(spans))

    [row] = encode_examples([example], encoder)

    tokens = decoded(row, read_wire(text).text, encoder)
    plain = [(read_wire(value).text.replace(" ", ""), label) for value, label in values]
    assert chunks(tokens) == plain


def test_context_and_special_tokens_are_ignored(labelled, encoder):
    example = labelled(
        "03/04/1988", ("03/04/1988", "DATE_OF_BIRTH"), context=("and her birthday?",)
    )

    [row] = encode_examples([example], encoder)
    [alone] = encode_examples([labelled("03/04/1988", ("03/04/1988", "DATE_OF_BIRTH"))], encoder)

    judged = [label for label in row["labels"] if label != IGNORED]
    assert judged == [label for label in alone["labels"] if label != IGNORED]
    assert TAGS[judged[0]] == "B-DATE_OF_BIRTH"
    assert row["length"] == len(row["input_ids"]) > alone["length"]


def test_abstained_stretches_are_taken_out_of_the_loss(labelled, encoder):
    text = "ask Priya or mei about it"
    stretch = [text.index("mei"), text.index("mei") + 3]
    example = labelled(text, ("Priya", "PERSON"), markup="plain", meta={"abstain": [stretch]})

    [row] = encode_examples([example], encoder)

    judged = decoded(row, text, encoder)
    assert "".join(token for token, _ in judged) == "askPriyaoraboutit"
    assert chunks(judged) == [("Priya", "PERSON")]


def test_abstained_stretches_of_wire_text_move_with_it(labelled, encoder):
    text = "&lt;&lt; *mei* said"
    stretch = [text.index("mei"), text.index("mei") + 3]

    plain, _, abstained, _ = plain_view(labelled(text, meta={"abstain": [stretch]}))

    assert [plain[start:end] for start, end in abstained] == ["mei"]


def test_a_plain_text_is_taken_as_it_stands(labelled):
    text = "a *b* &amp; <c>"

    assert plain_view(labelled(text, markup="plain", context=("*x*",))) == (text, [], [], ["*x*"])
    assert plain_view(labelled(text, context=("*x*",)))[3] == ["x"]


def test_a_long_message_makes_windows_that_share_its_labels(labelled, encoder):
    text = "please ask Priya about the form, " * 12
    n = text.count("Priya")
    example = labelled(text, *[("Priya", "PERSON")] * n, weight=0.5)

    rows = list(encode_examples([example], encoder))

    assert len(rows) > 2
    assert {row["weight"] for row in rows} == {0.5}
    assert max(row["length"] for row in rows) <= 64
    begun = sum(row["labels"].count(TAGS.index("B-PERSON")) for row in rows)
    assert begun >= n


def test_context_dropout_takes_whole_contexts_by_seed(labelled, encoder):
    examples = [labelled("ok", id=str(i), context=("who is it?",)) for i in range(200)]
    whole = encode_examples(examples[:1], encoder)["length"][0]

    lengths = encode_examples(examples, encoder, context_dropout=0.3, seed=1)["length"]

    assert lengths.count(whole) / 200 == pytest.approx(0.7, abs=0.1)
    again = encode_examples(examples, encoder, context_dropout=0.3, seed=1)["length"]
    assert list(lengths) == list(again)


def test_an_empty_message_gives_no_row(labelled, encoder):
    assert len(encode_examples([labelled(" ", markup="plain")], encoder)) == 0


def test_training_and_manifest_share_one_encoder(tiny_base):
    encoder = make_encoder(
        str(tiny_base / "tokenizer.json"), TrainConfig(max_tokens=64, max_context=9, stride=7)
    )

    assert (encoder.max_tokens, encoder.max_context, encoder.stride) == (64, 9, 7)
