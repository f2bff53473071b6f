"""Corrections: what of the reviews leaves, as what, and what never does."""

import hashlib
import io
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from bot.corrections import ExportError, export_corrections, import_corrections
from bot.errors import ForbiddenError, NotFoundError
from bot.records import Part
from bot.retention import erase
from bot.review import UNDO_S, add_note, author_answer, give_reason, undo
from bot.snapshots import manifest_of
from piiguard.examples import Correction, read_examples
from piiguard.formats import FORMATS
from piiguard.slack_text import read_wire
from tests.bot.correction_tools import TENANT, Reviews, exported, spans_of

CANARY = "Zebediah Quux"
CARD = "4556 7375 8689 9855"


@pytest.fixture
def desk(store, let_time_pass):
    return Reviews(store, let_time_pass)


@pytest.fixture
def quick(sqlite_store, let_time_pass):
    """On SQLite only, for what does not depend on the database."""
    return Reviews(sqlite_store, let_time_pass)


def lines_of(desk, **more):
    return exported(export_corrections, desk.store, **more)


def values_of(line):
    return [line["text"][one["start"] : one["end"]] for one in line["spans"]]


def labels_of(line):
    return [one["label"] for one in line["spans"]]


# --- what is truth


@pytest.mark.parametrize(
    ("decision", "more", "labels"),
    [
        ("confirm", {}, ["PERSON"]),
        ("correct", {"spans": spans_of("ask Zebediah Quux", ("Zebediah", "USERNAME"))}, ["USERNAME"]),
        ("correct", {"spans": ()}, []),
        ("not_pii", {"reason": "other_thing"}, []),
        ("not_pii", {"reason": "object_id"}, []),
        ("not_pii", {"reason": "test_data"}, ["PERSON"]),
        ("not_pii", {"reason": "public_contact"}, ["PERSON"]),
        ("accept_risk", {"reason": "agreed with legal"}, ["PERSON"]),
    ],
)  # fmt: skip
def test_a_signed_decision_is_an_example(desk, decision, more, labels):
    flag = desk.flag("ask Zebediah Quux", (CANARY, "PERSON"))
    desk.decide(flag, decision, **more)
    desk.wait()

    summary, [line] = lines_of(desk)

    assert (summary.n, summary.n_messages, summary.n_skipped) == (1, 1, 0)
    assert line["schema"] == "piiguard/correction@1"
    assert labels_of(line) == labels
    assert (line["decision"], line["model"], line["origin"]) == (
        decision,
        "piiguard-en-1",
        "review",
    )
    assert [one["label"] for one in line["prediction"]] == ["PERSON"]
    assert "agreed" not in json.dumps(line)


def left_out_unsigned(desk, flag):
    desk.decide(flag, signed=False)
    desk.wait()


def left_out_duplicate(desk, flag):
    desk.decide(flag, "duplicate")
    desk.wait()


def left_out_second_opinion(desk, flag):
    desk.decide(flag, "second_opinion")
    desk.wait()


def left_out_doubted_by_its_author(desk, flag):
    desk.decide(flag)
    desk.wait()
    author_answer(desk.store, TENANT, flag.id, "UANA00001", "not_pii")


def left_out_recent(desk, flag):
    desk.decide(flag)
    desk.wait(UNDO_S - 60)


def left_out_undone(desk, flag):
    desk.decide(flag)
    undo(desk.store, TENANT, flag.id, by=desk.dana, surface="console")
    desk.wait()


def left_out_without_a_reason(desk, flag):
    desk.decide(flag, "not_pii", reason="")
    desk.wait()


def left_out_erased(desk, flag):
    desk.decide(flag)
    desk.wait()
    erase(desk.store, TENANT, "UANA00001")


LEFT_OUT = [
    (left_out_unsigned, "unsigned"),
    (left_out_duplicate, "duplicate"),
    (left_out_second_opinion, "unsettled"),
    (left_out_doubted_by_its_author, "unsettled"),
    (left_out_recent, "may be undone"),
    (left_out_undone, "undone"),
    (left_out_without_a_reason, "no reason given"),
    (left_out_erased, "text gone"),
]


@pytest.mark.parametrize(("happens", "why"), LEFT_OUT)
def test_what_is_no_truth_is_left_out_and_counted(desk, happens, why):
    happens(desk, desk.flag("ask Zebediah Quux", (CANARY, "PERSON")))

    summary, lines = lines_of(desk)

    assert lines == []
    assert summary.skipped == {why: 1}
    assert (summary.n, summary.n_skipped, summary.n_conflicts) == (0, 1, 0)


def test_a_flag_that_nobody_decided_is_no_example(quick):
    flag = quick.flag("ask Zebediah Quux", (CANARY, "PERSON"))
    add_note(quick.store, TENANT, flag.id, by=quick.dana, text="looks right", surface="console")
    quick.wait()

    summary, lines = lines_of(quick)

    assert (lines, summary.skipped) == ([], {})


def test_a_reason_that_follows_the_click_counts_from_the_click(quick):
    flag = quick.flag("ask Zebediah Quux", (CANARY, "PERSON"))
    quick.decide(flag, "not_pii", reason="")
    quick.wait()
    give_reason(quick.store, TENANT, flag.id, by=quick.dana, surface="console", reason="test_data")

    _, [line] = lines_of(quick)

    assert (labels_of(line), line["meta"]["reason"]) == (["PERSON"], "test_data")


def test_what_an_author_says_is_a_claim_and_changes_no_span(quick):
    flag = quick.flag("ask Zebediah Quux", (CANARY, "PERSON"))
    author_answer(quick.store, TENANT, flag.id, "UANA00001", "not_pii", "a secret word")
    quick.decide(flag)
    quick.wait()

    _, [line] = lines_of(quick)

    assert labels_of(line) == ["PERSON"]
    assert line["meta"]["author_claim"] == "not_pii"
    assert "a secret word" not in json.dumps(line)


def test_a_settled_second_opinion_is_an_example_of_who_settled_it(quick):
    flag = quick.flag("ask Zebediah Quux", (CANARY, "PERSON"))
    quick.decide(flag, "second_opinion")
    quick.decide(flag, "not_pii", quick.ben, reason="other_thing")
    quick.wait()

    summary, [line] = lines_of(quick)

    assert (line["decision"], line["spans"], summary.n_conflicts) == ("not_pii", [], 0)


def test_a_reported_miss_has_no_prediction_of_a_model(quick):
    text = "ask Zebediah Quux"
    spans = tuple(
        type(one)(one.part, one.start, one.end, one.label, 1.0, "report")
        for one in spans_of(text, (CANARY, "PERSON"))
    )
    flag = quick.flag(text, model="person", spans=spans, predicted=None)
    with quick.store.transaction() as tx:
        quick.store.flags.change(tx, flag.id, TENANT, expected_version=flag.version, spans=spans)
    quick.decide(flag)
    quick.wait()

    _, [line] = lines_of(quick)

    assert (labels_of(line), line["prediction"], line["model"]) == (["PERSON"], [], "person")


# --- surrogates


def test_values_are_replaced_by_others_of_their_shape_and_offsets_follow(quick):
    text = f"👩‍👩‍👧 *{CANARY}* pays with {CARD}, שלום\r\nssn 078-05-1120"
    quick.confirmed(text, (CANARY, "PERSON"), (CARD, "CREDIT_CARD"), ("078-05-1120", "NATIONAL_ID"))
    quick.wait()

    _, [line] = lines_of(quick)

    name, card, ssn = values_of(line)
    assert [len(one.split()) for one in (name, card)] == [2, 4]
    assert card[:2] == "45"
    assert card != CARD
    assert (len(ssn), ssn.count("-")) == (11, 2)
    assert line["text"].startswith("👩‍👩‍👧 *")
    assert ", שלום\r\nssn " in line["text"]
    assert all(value not in json.dumps(line) for value in ("Zebediah", CARD, "078-05-1120"))


@pytest.mark.parametrize(
    ("text", "value", "label", "shape"),
    [
        ("write <mailto:zeb.quux@acme.example|zeb.quux@acme.example> now", "|zeb.quux@acme.example", "EMAIL_ADDRESS", "write <mailto:{0}|{0}> now"),
        ("write <mailto:zeb.quux@acme.example|HR> now", ":zeb.quux@acme.example", "EMAIL_ADDRESS", "write <mailto:{0}|HR> now"),
        ("call <tel:+442079460958|+44 20 7946 0958>", "|+44 20 7946 0958", "PHONE_NUMBER", None),
        ("see <https://acme.example/people/zeb-quux|Zeb Quux>!", "|Zeb Quux", "PERSON", "see <https://example.com|{0}>!"),
        ("pw is `P&amp;ssw0rd&lt;7`", "`P&amp;ssw0rd&lt;7", "PASSWORD", "pw is `{0}`"),
        ("&gt; <@U024BE7LH> asked Zeb Quux", " Zeb Quux", "PERSON", None),
    ],
)  # fmt: skip
def test_slack_markup_stays_markup(quick, text, value, label, shape):
    start = text.index(value) + 1
    span = type(spans_of("a", ("a", "PERSON"))[0])("text", start, start + len(value) - 1, label)
    flag = quick.flag(text, spans=(span,), predicted=())
    quick.decide(flag)
    quick.wait()

    _, [line] = lines_of(quick)

    [fresh] = values_of(line)
    assert value[1:] not in line["text"]
    assert "U024BE7LH" not in line["text"]
    assert read_wire(line["text"]).text != line["text"] or "&" in line["text"]
    if shape:
        assert line["text"] == shape.format(fresh)


def test_a_mention_names_nobody(quick):
    text = "<@U024BE7LH> and <@U024BE7LH|zebediah.quux>: ask Ana"
    quick.confirmed(text, ("Ana", "PERSON"))
    quick.wait()

    _, [line] = lines_of(quick)

    assert "U024BE7LH" not in line["text"]
    assert "zebediah" not in line["text"]
    first, second = line["text"].split(" and ")
    assert first[:-1] == second.split("|")[0]
    assert labels_of(line) == ["PERSON"]


def test_a_value_has_one_surrogate_in_a_conversation_and_another_one_elsewhere(quick):
    root = quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.confirmed(f"{CANARY.upper()} again", (CANARY.upper(), "PERSON"), thread_ts=root.ts)
    quick.confirmed(f"who is {CANARY}?", (CANARY, "PERSON"))
    quick.wait()

    _, lines = lines_of(quick)

    mine = [line for line in lines if line["group"] == lines_by_text(lines, "ask ")["group"]]
    assert len(mine) == 2
    [[first], [again]] = [values_of(line) for line in mine]
    assert again == first.upper()
    assert values_of(lines_by_text(lines, "who is ")) != [first]
    assert CANARY not in json.dumps(lines)


def lines_by_text(lines, start):
    return next(line for line in lines if line["text"].startswith(start))


def test_context_is_what_was_reviewed_before_in_the_thread_with_the_same_surrogates(quick):
    root = quick.confirmed(f"card of {CANARY}?", (CANARY, "PERSON"))
    late = quick.confirmed(f"{CARD} for {CANARY}", (CARD, "CREDIT_CARD"), (CANARY, "PERSON"), thread_ts=root.ts)  # fmt: skip
    unsigned = quick.flag("and Ana Roe's is next", ("Ana Roe", "PERSON"), thread_ts=root.ts)
    quick.decide(unsigned, signed=False)
    last = quick.confirmed("thanks Bo", ("Bo", "PERSON"), thread_ts=root.ts)
    quick.wait()

    _, lines = lines_of(quick)

    by_id = {line["id"].split("/")[0]: line for line in lines}
    assert by_id[root.id]["context"] == []
    assert by_id[late.id]["context"] == [by_id[root.id]["text"]]
    assert by_id[last.id]["context"] == [by_id[root.id]["text"], by_id[late.id]["text"]]
    assert by_id[last.id]["meta"]["context_of"] == [root.id, late.id]
    assert values_of(by_id[root.id])[0] in by_id[last.id]["context"][1]
    assert not any(one in json.dumps(lines) for one in (CANARY, CARD, "Ana Roe"))


def test_a_value_of_the_conversation_is_replaced_where_nobody_marked_it_too(quick):
    root = quick.flag("order 4455-6677-88 is late", ("4455-6677-88", "ACCOUNT_ID"))
    quick.decide(root, "not_pii", reason="object_id")
    quick.confirmed("my member no is 4455-6677-88", ("4455-6677-88", "ACCOUNT_ID"), thread_ts=root.ts)  # fmt: skip
    quick.confirmed("in May ask May", ("May", "PERSON"), thread_ts=root.ts, spans=spans_of("in xxx ask May", ("May", "PERSON")))  # fmt: skip
    quick.wait()

    _, lines = lines_of(quick)

    assert "4455-6677-88" not in json.dumps(lines)
    order, member = lines_by_text(lines, "order"), lines_by_text(lines, "my member")
    assert order["spans"] == []
    assert values_of(member)[0] in order["text"]
    assert lines_by_text(lines, "in ")["text"].startswith("in May ask ")  # a month


def test_a_prediction_stands_where_its_value_stands_now(quick):
    text = f"ask {CANARY} about PO 88123"
    flag = quick.flag(text, (CANARY, "PERSON"), predicted=[("Zebediah", "PERSON"), ("88123", "ACCOUNT_ID")])  # fmt: skip
    quick.decide(flag, "correct", spans=spans_of(text, (CANARY, "PERSON")))
    quick.wait()

    _, [line] = lines_of(quick)

    said = [line["text"][one["start"] : one["end"]] for one in line["prediction"]]
    assert said == [values_of(line)[0].split()[0], "88123"]


def test_every_part_of_a_message_is_a_line(quick):
    file = Part("file:F024BE7", f"name,card\n{CANARY},{CARD}\n", "plain")
    empty = Part("file:F1", "", "plain", "too large")
    text = f"list of {CANARY}"
    spans = (*spans_of(text, (CANARY, "PERSON")), *in_part(file, (CANARY, "PERSON"), (CARD, "CREDIT_CARD")))  # fmt: skip
    flag = quick.flag(text, more=(empty, file), spans=spans, predicted=())
    quick.decide(flag)
    quick.wait()

    summary, lines = lines_of(quick)

    assert (summary.n, summary.n_messages) == (2, 1)
    assert [(line["id"][-2:], line["markup"], line["meta"]["part"]) for line in lines] == [
        ("/0", "slack", "text"),
        ("/2", "plain", "file"),
    ]
    assert len({line["group"] for line in lines}) == 1
    assert values_of(lines[0])[0] == values_of(lines[1])[0]
    assert "F024BE7" not in json.dumps(lines)


def in_part(part, *values):
    kind = type(spans_of("a", ("a", "PERSON"))[0])
    return tuple(
        kind(part.name, part.text.index(value), part.text.index(value) + len(value), label)
        for value, label in values
    )


# --- snapshots


def test_the_same_reviews_give_the_same_bytes_and_more_of_them_change_no_line(desk):
    root = desk.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    desk.confirmed(f"{CARD} of {CANARY}", (CARD, "CREDIT_CARD"), (CANARY, "PERSON"))
    desk.wait()
    first, lines = lines_of(desk)

    again, _ = lines_of(desk)
    late = desk.confirmed(f"{CANARY}, Ana Roe", (CANARY, "PERSON"), ("Ana Roe", "PERSON"), thread_ts=root.ts)  # fmt: skip
    desk.wait()
    grown, more = lines_of(desk)
    only_late, [last] = lines_of(desk, since=datetime.now(UTC) - timedelta(seconds=1000))

    assert again.sha256 == first.sha256
    assert grown.sha256 != first.sha256
    assert [without_time(line) for line in lines] == [
        without_time(line) for line in more if not line["id"].startswith(late.id)
    ]
    assert last["id"].startswith(late.id)
    assert last["context"] == [lines_by_text(lines, "ask ")["text"]]
    assert only_late.n == 1


def without_time(line):
    # the tests move the clock by moving the times
    return {key: value for key, value in line.items() if key != "reviewed_at"}


def test_a_snapshot_has_its_own_name_is_read_only_and_never_changes(quick, tmp_path):
    quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.wait()

    first = export_corrections(quick.store, TENANT, tmp_path)
    again = export_corrections(quick.store, TENANT, tmp_path)

    assert first.path == again.path == tmp_path / f"{first.snapshot}.jsonl"
    assert hashlib.sha256(first.path.read_bytes()).hexdigest() == first.sha256
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o400
    manifest = json.loads(manifest_of(first.path).read_text())
    assert (manifest["sha256"], manifest["n"], manifest["labels"]) == (first.sha256, 1, {"PERSON": 1})  # fmt: skip
    assert CANARY not in manifest_of(first.path).read_text()
    first.path.chmod(0o600)
    first.path.write_text("tampered")
    with pytest.raises(ExportError, match="was changed"):
        export_corrections(quick.store, TENANT, tmp_path)


def test_a_file_is_for_its_owner_and_read_by_training(quick, tmp_path):
    quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.wait()

    summary = export_corrections(quick.store, TENANT, tmp_path / "c.jsonl")

    assert stat.S_IMODE(summary.path.stat().st_mode) == 0o600
    [correction] = read_examples(summary.path)
    assert isinstance(correction, Correction)
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix in (".jsonl", ".json")) == [
        "c.jsonl",
        "c.jsonl.manifest.json",
    ]


@pytest.mark.parametrize("fmt", sorted(FORMATS))
def test_every_format_holds_the_corrections_whole(quick, tmp_path, fmt):
    if fmt == "parquet":
        pytest.importorskip("pyarrow")
    text = f"👩‍👩‍👧 {CANARY}\r\nשלום <mailto:z@acme.example|z@acme.example> &amp; co"
    quick.confirmed(text, (CANARY, "PERSON"))
    flag = quick.flag("order 88123", ("88123", "ACCOUNT_ID"))
    quick.decide(flag, "not_pii")
    quick.wait()
    wanted = export_corrections(quick.store, TENANT, io.BytesIO())

    there = export_corrections(quick.store, TENANT, tmp_path / "there", fmt=fmt)
    back = import_corrections(quick.store, TENANT, there.path, fmt=fmt, out=io.BytesIO())

    assert (back.n, back.bad) == (2, ())
    assert back.sha256 == wanted.sha256
    assert CANARY.encode() not in there.path.read_bytes()


@pytest.mark.parametrize(
    ("more", "n"),
    [
        ({}, 3),
        ({"decisions": ["confirm"]}, 1),
        ({"decisions": ["not_pii", "accept_risk"]}, 2),
        ({"since": datetime.now(UTC) - timedelta(hours=5)}, 2),
        ({"until": datetime.now(UTC) - timedelta(hours=5)}, 1),
        ({"since": datetime(2020, 1, 1), "until": datetime(2020, 1, 2)}, 0),
    ],
)
def test_a_range_and_decisions_choose(desk, more, n):
    desk.confirmed("ask Ana Roe", ("Ana Roe", "PERSON"))
    desk.wait(6 * 3600)
    desk.decide(desk.flag("order 88123", ("88123", "ACCOUNT_ID")), "not_pii")
    desk.decide(desk.flag("ask Bo Fry", ("Bo Fry", "PERSON")), "accept_risk")
    desk.wait()

    summary, lines = lines_of(desk, **more)

    assert summary.n == len(lines) == n


# --- conflicts


def test_copies_decided_differently_are_listed_and_none_is_exported(desk):
    one = desk.confirmed("order 88123 for Ana Roe", ("Ana Roe", "PERSON"), content="same")
    other = desk.flag("order 88123 for Ana Roe", ("Ana Roe", "PERSON"), content="same")
    desk.decide(other, "not_pii", desk.ben, reason="other_thing")
    desk.confirmed("ask Bo Fry", ("Bo Fry", "PERSON"))
    desk.wait()

    summary, lines = lines_of(desk)

    assert [line["text"][:4] for line in lines] == ["ask "]
    assert summary.n_conflicts == 1
    [conflict] = summary.conflicts
    assert conflict["kind"] == "copies"
    assert {verdict["id"] for verdict in conflict["verdicts"]} == {one.id, other.id}
    assert len({verdict["reviewer"] for verdict in conflict["verdicts"]}) == 2
    assert "Ana" not in json.dumps(conflict)


def test_copies_decided_alike_are_no_conflict_however_they_are_written(quick):
    quick.confirmed("ask *Ana Roe*", ("Ana Roe", "PERSON"), content="same")
    quick.confirmed("ask  Ana Roe", ("Ana Roe", "PERSON"), content="same")
    quick.wait()

    summary, lines = lines_of(quick)

    assert (summary.n_conflicts, len(lines)) == (0, 2)
    assert len({line["meta"]["content"] for line in lines}) == 1


SECOND = [
    # second decision, its values, outcome, lines, conflicts
    ("confirm", [("Ana Roe", "PERSON")], "", 1, 0),
    ("correct", [("Ana", "PERSON")], "", 0, 1),
    ("not_pii", [], "", 0, 1),
    ("second_opinion", [], "", 0, 0),
    ("correct", [("Ana", "PERSON")], "first", 1, 0),
    ("correct", [("Ana", "PERSON")], "second", 1, 0),
    ("correct", [("Ana", "PERSON")], "other", 0, 0),
]


@pytest.mark.parametrize(("decision", "values", "outcome", "n", "n_conflicts"), SECOND)
def test_a_second_verdict_that_differs_waits_for_a_third(desk, decision, values, outcome, n, n_conflicts):  # fmt: skip
    flag = desk.confirmed("ask Ana Roe", ("Ana Roe", "PERSON"))
    second_id = desk.second(flag, decision, *values, reason="object_id" if decision == "not_pii" else "")  # fmt: skip
    if outcome:
        with desk.store.transaction() as tx:
            desk.store.second_reviews.settle(tx, second_id, TENANT, by="somebody", outcome=outcome)
    desk.wait()

    summary, lines = lines_of(desk)

    assert (len(lines), summary.n_conflicts) == (n, n_conflicts)
    if n:
        words = len(values_of(lines[0])[0].split())
        assert words == (1 if outcome == "second" else 2)


# --- who may, and what is written down


def test_real_values_leave_for_compliance_with_a_reason_and_an_audit_row(desk):
    desk.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    desk.wait()

    summary, [line] = lines_of(desk, mode="real_values", by=desk.dana, reason="request 14")

    assert values_of(line) == [CANARY]
    row = desk.store.audit.rows(TENANT)[0]
    assert (row.actor, row.action, row.object) == (desk.dana.id, "corrections.exported", summary.snapshot)  # fmt: skip
    assert row.details["mode"] == "real_values"
    assert (row.details["reason"], row.details["sha256"]) == ("request 14", summary.sha256)
    assert desk.store.audit.verify() is None


REFUSED = [
    ("real_values", ("ml",), "why", ForbiddenError),
    ("real_values", ("reviewer",), "why", ForbiddenError),
    ("real_values", ("admin",), "why", ForbiddenError),
    ("real_values", None, "why", ForbiddenError),
    ("real_values", ("compliance",), "", ExportError),
    ("real_values", ("compliance",), "  ", ExportError),
    ("real_values", ("compliance",), "x" * 201, ExportError),
    ("surrogates", ("reviewer",), "", ForbiddenError),
    ("surrogates", ("viewer",), "", ForbiddenError),
    ("offsets_only", ("auditor",), "", ForbiddenError),
    ("upside_down", ("compliance",), "", ExportError),
]


@pytest.mark.parametrize(("mode", "roles", "reason", "error"), REFUSED)
def test_who_may_not_gets_nothing_and_leaves_no_audit_row(quick, mode, roles, reason, error):
    quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.wait()
    by = None if roles is None else quick.person("Eve", *roles)
    before = quick.store.audit.rows(TENANT)[0].seq
    out = io.BytesIO()

    with pytest.raises(error):
        export_corrections(quick.store, TENANT, out, mode=mode, by=by, reason=reason)

    assert out.getvalue() == b""
    assert quick.store.audit.rows(TENANT)[0].seq == before


@pytest.mark.parametrize(("mode", "roles"), [("surrogates", ("ml",)), ("surrogates", ("compliance",)), ("offsets_only", ("ml",)), ("surrogates", None)])  # fmt: skip
def test_who_may_gets_it(quick, mode, roles):
    by = None if roles is None else quick.person("Eve", *roles)

    assert lines_of(quick, mode=mode, by=by)[0].n == 0
    assert quick.store.audit.rows(TENANT)[0].actor == (by.id if by else "operator")


def test_another_tenants_person_and_tenant_see_nothing(quick):
    quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.wait()
    stranger = quick.person("Mallory", "compliance", tenant="T2")

    with pytest.raises(NotFoundError):
        export_corrections(quick.store, TENANT, io.BytesIO(), by=stranger)
    assert export_corrections(quick.store, "T2", io.BytesIO(), by=stranger).n == 0


@pytest.mark.parametrize(
    "more",
    [{"fmt": "xml"}, {"decisions": ["duplicate"]}, {"fmt": "conll", "mode": "offsets_only"}],
)
def test_what_cannot_be_written_is_refused(quick, more):
    with pytest.raises(ExportError, match=r"expected|jsonl"):
        export_corrections(quick.store, TENANT, io.BytesIO(), **more)


def test_offsets_only_holds_no_text(quick):
    text = f"<@U024BE7LH> ask {CANARY}: {CARD}"
    quick.confirmed(text, (CANARY, "PERSON"), (CARD, "CREDIT_CARD"))
    quick.wait()

    _, [line] = lines_of(quick, mode="offsets_only")

    assert line["schema"] == "piiguard/offsets@1"
    assert "text" not in line
    assert "context" not in line
    assert [(one["start"], one["end"]) for one in line["spans"]] == [(17, 30), (32, 51)]
    assert line["n_chars"] == len(text)
    assert all(word not in json.dumps(line) for word in ("ask", "Zebediah", "4556", "U024"))


def test_a_reviewer_is_a_pseudonym_that_stays(quick):
    quick.confirmed("ask Ana Roe", ("Ana Roe", "PERSON"))
    quick.confirmed("ask Bo Fry", ("Bo Fry", "PERSON"))
    quick.decide(quick.flag("ask Cy Dal", ("Cy Dal", "PERSON")), by=quick.ben)
    quick.wait()

    _, lines = lines_of(quick)

    names = [line["reviewer"] for line in lines]
    assert sorted(map(names.count, set(names))) == [1, 2]
    assert quick.dana.id not in json.dumps(lines)
    assert quick.dana.name not in json.dumps(lines)


# --- who was erased


def test_who_was_erased_is_in_no_later_build(desk, tmp_path):
    root = desk.confirmed(f"I am {CANARY} canaryword", (CANARY, "PERSON"), user_id="UZEB00001")
    desk.confirmed("hello Ana Roe", ("Ana Roe", "PERSON"), thread_ts=root.ts, user_id="UANA00001")
    desk.confirmed("ask <@UZEB00001>, Bo Fry", ("Bo Fry", "PERSON"), user_id="UANA00001")
    desk.wait()
    before = export_corrections(desk.store, TENANT, tmp_path / "old.jsonl")
    assert "canaryword" in before.path.read_text()

    erase(desk.store, TENANT, "UZEB00001")
    _, lines = lines_of(desk)
    _, real = lines_of(desk, mode="real_values", by=desk.dana, reason="test")
    out = io.BytesIO()
    again = import_corrections(desk.store, TENANT, before.path, out=out)

    for found in (json.dumps(lines), json.dumps(real), out.getvalue().decode()):
        assert "canaryword" not in found  # neither as a text nor as context
        assert CANARY not in found
        assert root.id not in found
    assert "UZEB00001" not in json.dumps(lines)
    assert (len(lines), again.n, again.n_erased) == (2, 2, 1)


def test_a_text_that_only_got_old_is_no_erasure(quick, tmp_path):
    quick.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    quick.wait()
    old = export_corrections(quick.store, TENANT, tmp_path / "old.jsonl")
    quick.store.flags.purge((datetime.now(UTC) + timedelta(days=1)).date())

    back = import_corrections(quick.store, TENANT, old.path)

    assert lines_of(quick)[0].n == 0
    assert (back.n, back.n_erased, back.sha256) == (1, 0, old.sha256)


# --- what comes in


def test_a_bad_line_is_named_and_the_rest_goes_on(desk, tmp_path):
    good = {"id": "a", "text": "ask Priya", "spans": [{"start": 4, "end": 9, "label": "PERSON"}]}
    lines = [
        good,
        {**good, "id": "b", "spans": [{"start": 4, "end": 99, "label": "PERSON"}]},
        {**good, "id": "c", "spans": [{"start": 4, "end": 9, "label": "SHOE"}]},
        {**good, "id": "d", "spans": [{"start": 0, "end": 6, "label": "PERSON"}, *good["spans"]]},
        {**good, "id": "e"},
        {**good, "id": "a", "text": "ask Ben a"},
        {**good, "id": "e"},
    ]
    body = b"\n".join(json.dumps(line).encode() for line in lines)
    path = tmp_path / "in.jsonl"
    path.write_bytes(body + b'\n{"id": "f", "text": "caf\xe9"}\nnot json\n')

    found = import_corrections(desk.store, TENANT, path, out=tmp_path / "out.jsonl", by=desk.dana)

    assert (found.n, found.n_bad, found.n_repeated) == (1, 6, 1)
    assert [one.number for one in found.bad if "id stands" not in one.reason] == [2, 3, 4, 8, 9]
    assert "Priya" not in str(found)
    [kept] = read_examples(found.path)
    assert (kept.id, kept.decision, kept.origin) == ("e", "correct", "review")
    assert kept.reviewer.startswith("r-")
    row = desk.store.audit.rows(TENANT)[0]
    assert (row.action, row.details["n"], row.details["n_bad"]) == ("corrections.imported", 1, 6)


@pytest.mark.parametrize(("roles", "error"), [(("reviewer",), ForbiddenError), (("viewer",), ForbiddenError)])  # fmt: skip
def test_who_may_not_imports_nothing(quick, tmp_path, roles, error):
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "1", "text": "hi"}\n')

    with pytest.raises(error):
        import_corrections(quick.store, TENANT, path, by=quick.person("Eve", *roles))
    with pytest.raises(ExportError):
        import_corrections(quick.store, TENANT, path, fmt="xml")
    with pytest.raises(ExportError, match="cannot be read"):
        import_corrections(quick.store, TENANT, tmp_path / "nowhere.jsonl")
