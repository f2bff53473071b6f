"""scoring against three independent counters: seqeval, nervaluate and the reference scorer beside the checkout."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from nervaluate import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from piiguard.bio import tag_ids
from piiguard.labels import LABELS, TAGS
from piiguard.scoring import Counts, score_text, summarize
from piiguard.spans import Span

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "score.py"
SOME = ("PERSON", "EMAIL_ADDRESS", "NATIONAL_ID", "PHONE_NUMBER", "ACCOUNT_ID")


def spans_on(length, rng, labels=SOME, share=0.5):
    cuts = sorted(rng.sample(range(length + 1), k=min(8, length)))
    pairs = [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if rng.random() < share]
    return [Span(a, b, rng.choice(labels)) for a, b in pairs]


def shaken(spans, length, rng):
    """A prediction not far from the truth: edges moved, labels changed, some lost, some invented."""
    taken, found = 0, []
    for span in spans:
        start, end, label = span.start, span.end, span.label
        dice = rng.random()
        if dice < 0.15:
            continue
        if dice < 0.4:
            start, end = max(0, start - rng.randint(0, 2)), min(length, end + rng.randint(0, 2))
        if 0.35 < dice < 0.55:
            label = rng.choice(SOME)
        start = max(start, taken)
        if start < end:
            found.append(Span(start, end, label))
            taken = end
    if taken + 3 < length and rng.random() < 0.3:
        found.append(Span(taken + 1, taken + 3, rng.choice(SOME)))
    return found


def random_cases(seed, n=60, length=24):
    rng = random.Random(seed)
    golds = [spans_on(length, rng) for _ in range(n)]
    return [("x" * length, gold, shaken(gold, length, rng)) for gold in golds]


@pytest.mark.parametrize("seed", range(4))
def test_strict_counts_agree_with_seqeval(seed):
    cases = random_cases(seed)
    offsets = [(i, i + 1) for i in range(24)]  # a token a character
    gold = [[TAGS[i] for i in tag_ids(spans, offsets)] for _, spans, _ in cases]
    found = [[TAGS[i] for i in tag_ids(spans, offsets)] for _, _, spans in cases]

    oracle = classification_report(
        gold, found, mode="strict", scheme=IOB2, output_dict=True, zero_division=1
    )
    summary = summarize(score_text(*case) for case in cases)

    for ours, theirs in [
        (summary["strict"], oracle["micro avg"]),
        *((summary["per_label"][label], oracle[label]) for label in SOME),
    ]:
        assert ours["precision"] == pytest.approx(theirs["precision"], abs=1e-4)
        assert ours["recall"] == pytest.approx(theirs["recall"], abs=1e-4)
        assert ours["f1"] == pytest.approx(theirs["f1-score"], abs=1e-4)
        assert ours["support"] == theirs["support"]
    assert summary["macro_f1"] == pytest.approx(oracle["macro avg"]["f1-score"], abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_strict_counts_agree_with_nervaluate(seed):
    cases = random_cases(seed)

    def rows(spans):  # its ends are inclusive
        return [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]

    oracle = Evaluator(
        [rows(gold) for _, gold, _ in cases],
        [rows(found) for _, _, found in cases],
        tags=list(SOME),
        loader="dict",
    ).evaluate()["overall"]["strict"]
    strict = summarize(score_text(*case) for case in cases)["strict"]

    assert strict["precision"] == pytest.approx(oracle.precision, abs=1e-4)
    assert strict["recall"] == pytest.approx(oracle.recall, abs=1e-4)
    assert strict["support"] == oracle.possible


PIECES = [
    "ask Priya",
    "<mailto:p.s@acme.example|p.s@acme.example>",
    "<mailto:p.s@acme.example|HR>",
    "<tel:+15550109999|555-010-9999>",
    "<mailto:dana@acme.example>",
    "<https://acme.example/u/dana|profile>",
    "<@U024BE7LH>",
    "&lt;3 thanks &amp; bye",
    "078-05-1120 it is",
]


def wire_cases(seed, n=120):
    rng = random.Random(seed)
    for _ in range(n):
        text = " ".join(rng.choices(PIECES, k=rng.randint(1, 4)))
        gold = spans_on(len(text), rng, tuple(LABELS), 0.6) if rng.random() < 0.8 else []
        yield text, gold, shaken(gold, len(text), rng)


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference scorer lies beside the checkout")
@pytest.mark.parametrize("seed", range(3))
def test_every_number_agrees_with_the_reference_scorer(tmp_path, seed):
    cases = list(wire_cases(seed))
    for name, part in (("gold", 1), ("found", 2)):
        with open(tmp_path / name, "w", encoding="utf-8") as file:
            for number, case in enumerate(cases):
                spans = [{"start": s.start, "end": s.end, "label": s.label} for s in case[part]]
                line = {"id": str(number), "text": case[0], "spans": spans}
                file.write(json.dumps(line) + "\n")
    command = [
        sys.executable,
        REFERENCE,
        tmp_path / "gold",
        tmp_path / "found",
        "--json",
        "--boot",
        "1",
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    reference = json.loads(printed)

    summary = summarize(score_text(*case) for case in cases)

    for kind in ("strict", "overlap", "agnostic", "message_flag"):
        row = summary[kind]
        assert [row["precision"], row["recall"], row["f1"]] == pytest.approx(
            reference[kind], abs=1e-4
        )
    for name in (
        "messages", "leaked_char_share", "false_flags_per_1000", "clean_messages", "clean_with_any_span_per_1000", "macro_f1",
    ):  # fmt: skip
        assert summary[name] == pytest.approx(reference[name], abs=1e-4), name
    assert {
        label: [row["precision"], row["recall"], row["f1"], row["support"]]
        for label, row in summary["per_label"].items()
    } == {label: pytest.approx(row, abs=1e-4) for label, row in reference["per_label"].items()}


@pytest.mark.parametrize(
    ("gold", "found", "leaked"),
    [
        ([(0, 4)], [(0, 4)], 0),
        ([(0, 4)], [], 4),
        ([(0, 4)], [(0, 2)], 2),
        ([(0, 4)], [(2, 9)], 2),
        ([(0, 4), (6, 8)], [(3, 7)], 4),
        ([], [(0, 4)], 0),
    ],
)
def test_leaked_are_the_gold_characters_that_nothing_covers(gold, found, leaked):
    score = score_text(
        "x" * 10, [Span(*e, "PERSON") for e in gold], [Span(*e, "CRYPTO") for e in found]
    )

    assert score.leaked == leaked
    assert score.chars == sum(b - a for a, b in gold)


@pytest.mark.parametrize(
    ("found", "hit"),
    [((0, 10), True), ((0, 5), True), ((0, 4), False), ((5, 15), False), ((0, 20), True), ((0, 21), False), ((10, 20), False)],
)  # fmt: skip
def test_overlap_counts_from_half_of_the_union_on(found, hit):
    score = score_text("x" * 30, [Span(0, 10, "PERSON")], [Span(*found, "PERSON")])

    assert bool(score.overlap.tp) is hit


def test_either_part_of_a_link_counts_as_the_other():
    text = "mail <mailto:p@acme.example|p@acme.example>"
    target, shown = text.index("p@"), text.rindex("p@")
    n = len("p@acme.example")

    score = score_text(
        text,
        [Span(shown, shown + n, "EMAIL_ADDRESS")],
        [Span(target, target + n, "EMAIL_ADDRESS")],
    )

    assert score.strict["EMAIL_ADDRESS"] == Counts(tp=1)
    assert score.leaked == 0


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("NATIONAL_ID", "NATIONAL_ID", Counts(tp=1)),
        ("NATIONAL_ID", "PASSPORT", Counts(tp=1)),  # a flag is a flag, whatever its label
        ("NATIONAL_ID", "PERSON", Counts(fn=1)),
        ("PERSON", "NATIONAL_ID", Counts(fp=1)),
        ("PERSON", "PERSON", Counts()),
    ],
)
def test_flags_are_those_of_the_default_policy(gold, found, expected):
    assert score_text("x" * 9, [Span(0, 9, gold)], [Span(0, 9, found)]).flag == expected


def test_no_texts_have_no_errors():
    summary = summarize([])

    assert summary["strict"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 0}
    assert summary["leaked_char_share"] == summary["false_flags_per_1000"] == 0
