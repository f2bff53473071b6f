"""scan(): verdicts over whole messages, counts, and an interruption that loses and doubles nothing."""

import json

import pytest

from piiguard.errors import SourceError
from piiguard.findings import Finding, FindingMaker, mask_value
from piiguard.guard import Guard
from piiguard.items import OVERLAP, SLICE, Item, Place, slices
from piiguard.messages import Message
from piiguard.policy import Policy
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from piiguard.scan import Totals, scan
from piiguard.scan_state import ScanState
from piiguard.spans import Span

SSN, CARD = "078-05-1120", "4242 4242 4242 4242"


@pytest.fixture(scope="module")
def guard():
    return Guard(RuleDetector(ALL_RULES), None)


class Collected:
    """A report that keeps what it is given."""

    def __init__(self):
        self.findings = []
        self.totals = None

    def add(self, finding):
        self.findings.append(finding)

    def finish(self, totals):
        self.totals = totals


class WordGuard:
    """Finds every "SECRETn" as a PASSWORD; fails when asked for more than it may judge."""

    def __init__(self, n_allowed=10**9):
        self.n_allowed = n_allowed
        self.n_judged = 0

    def detect_batch(self, messages):
        found = []
        for message in messages:
            self.n_judged += 1
            if self.n_judged > self.n_allowed:
                raise KeyboardInterrupt
            spans, at = [], message.text.find("SECRET")
            while at >= 0:
                spans.append(Span(at, min(at + 10, len(message.text)), "PASSWORD", 0.9, "model"))
                at = message.text.find("SECRET", at + 1)
            found.append(spans)
        return found


def items_of(*texts, **place):
    return [
        Item(Message(text, (), "plain"), Place("a.txt", number, **place))
        for number, text in enumerate(texts, 1)
    ]


def run(items, guard, **settings):
    report = Collected()
    totals = scan(items, guard, settings.pop("policy", Policy.default()), report, **settings)
    return report.findings, totals


def test_findings_are_of_flagged_messages_and_the_rest_is_counted(guard):
    items = items_of(f"ssn {SSN}", "mail jane@acme.example", "lunch?")

    findings, totals = run(items, guard)

    assert [(f.label, f.place.line, f.start, f.end) for f in findings] == [
        ("NATIONAL_ID", 1, 4, 15)
    ]
    assert (totals.messages, totals.flagged, totals.findings, totals.unlisted) == (3, 1, 1, 1)
    assert totals.by_severity == {"critical": 1, "high": 0, "medium": 0, "low": 0}
    assert totals.chars == sum(len(item.message.text) for item in items)


def test_all_spans_are_listed_when_asked_for(guard):
    items = items_of(f"ssn {SSN}", "mail jane@acme.example")

    findings, totals = run(items, guard, include_unflagged=True)

    assert [(f.label, f.flagged) for f in findings] == [
        ("NATIONAL_ID", True),
        ("EMAIL_ADDRESS", False),
    ]
    assert totals.unlisted == 0


def test_a_verdict_is_over_all_parts_of_a_message():
    place = Place("e.zip", None, "#hr", "1.2", "Ana")
    message = Message("x", (), "plain")
    spans = {"PERSON": 1, "EMAIL_ADDRESS": 2, "PHONE_NUMBER": 3}
    items = [Item(message, place, first=n == 1) for n in spans.values()]

    class OneEach:
        def detect_batch(self, messages):
            return [[Span(0, 1, label)] for label in spans]

    findings, totals = run(items, OneEach())

    assert [f.label for f in findings] == list(spans)
    assert (totals.messages, totals.flagged) == (1, 1)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 64])
def test_the_size_of_batches_makes_no_difference(batch_size):
    place = Place("e.zip", None, "#hr", "1.2")
    items = [
        Item(Message(f"part {n} SECRET{n:04}", (), "plain"), place, first=n % 3 == 0)
        for n in range(20)
    ]

    findings, totals = run(items, WordGuard(), batch_size=batch_size)

    assert (len(findings), totals.messages, totals.flagged) == (20, 7, 7)


def test_what_the_parts_of_a_post_repeat_is_reported_once_and_rows_of_a_table_keep_all():
    def parts(place_of):
        return [
            Item(Message(text, (), "plain"), place_of(n), first=n == 0)
            for n, text in enumerate(["SECRET0001 SECRET0001", "SECRET0001", "SECRET0002"])
        ]

    post, _ = run(parts(lambda n: Place("e.zip", None, "#x", "1.1", part=f"p{n}")), WordGuard())
    row, _ = run(parts(lambda n: Place("a.csv", 2, part=f"column {n}")), WordGuard())

    assert [(f.place.part, f.start) for f in post] == [("p0", 0), ("p0", 11), ("p2", 0)]
    assert len(row) == 4


BORDER = SLICE - OVERLAP // 2  # where the second slice takes over


@pytest.mark.parametrize("slice_", [0, 1, 2])
@pytest.mark.parametrize(
    "at", [0, 5, OVERLAP, BORDER - 9, BORDER - 1, BORDER, SLICE - 12, SLICE - 7]
)
def test_a_value_in_a_long_line_is_found_once_at_its_own_offset(at, slice_):
    at += slice_ * (SLICE - OVERLAP)
    text = "." * at + "SECRET4711" + "." * (4 * SLICE - at)

    findings, totals = run(slices(text, Place("a.txt", 1)), WordGuard())

    assert [(f.start, f.end) for f in findings] == [(at, at + 10)]
    assert (totals.messages, totals.flagged, totals.chars) == (1, 1, len(text))


def test_a_value_that_two_slices_see_begin_differently_is_found_once():
    class Unsure:
        """Sees the value begin a little later the more text stands before it."""

        def detect_batch(self, messages):
            at = [message.text.find("SECRET") for message in messages]
            return [[Span(n + (n < OVERLAP), n + 10, "PASSWORD")] if n >= 0 else [] for n in at]

    text = "." * (BORDER - 1) + "SECRET4711" + "." * SLICE

    findings, _ = run(slices(text, Place("a.txt", 1)), Unsure())

    assert [(f.start, f.end) for f in findings] == [(BORDER - 1, BORDER + 9)]


def test_findings_hold_no_value_unless_asked_for(guard):
    items = items_of(f"her ssn is {SSN}, call her")

    masked = run(items, guard)[0][0]
    shown = run(items, guard, maker=FindingMaker(show_values=True))[0][0]

    assert SSN not in repr((masked, masked.to_json(), masked.value, masked.before))
    assert (masked.shown, masked.masked) == ("•••-••-••••", "•••-••-••••")
    assert (shown.value, shown.before, shown.after) == (SSN, "her ssn is ", ", call her")
    assert SSN not in repr(shown)
    assert SSN not in json.dumps(shown.to_json())


@pytest.mark.parametrize(
    ("value", "label", "masked"),
    [
        (SSN, "NATIONAL_ID", "•••-••-••••"),
        ("hunter2", "PASSWORD", "••••••••"),
        ("jane@acme.io", "EMAIL_ADDRESS", "••••@••••.••"),
        ("12 Elm St\nTown", "STREET_ADDRESS", "•• ••• •• ••••"),
        ("x" * 100, "ACCOUNT_ID", "•" * 39 + "…"),
    ],
)
def test_a_masked_value_is_its_shape_on_one_line(value, label, masked):
    assert mask_value(value, label) == masked


def test_fingerprints_are_equal_for_equal_values_under_one_key_only():
    one, two = FindingMaker(key=b"k" * 32), FindingMaker(key=b"l" * 32)

    assert one.fingerprint(SSN, "NATIONAL_ID") == one.fingerprint("078 05 1120", "NATIONAL_ID")
    assert one.fingerprint("hunter2", "PASSWORD") != one.fingerprint("Hunter2", "PASSWORD")
    assert one.fingerprint(SSN, "NATIONAL_ID") != one.fingerprint(SSN, "ACCOUNT_ID")
    assert one.fingerprint(SSN, "NATIONAL_ID") != two.fingerprint(SSN, "NATIONAL_ID")


# --- interruption


def secrets(n):
    """n messages, every third of two parts, every second with a finding."""
    place = Place("e.zip", None, "#x", "1.1")
    items = []
    for number in range(n):
        text = f"message {number} " + (f"SECRET{number:04}" if number % 2 else "")
        items.append(Item(Message(text, (), "plain"), place))
        if number % 3 == 0:
            items.append(
                Item(Message(f"SECRET{number + 5000:04}", (), "plain"), place, first=False)
            )
    return items


def outline(findings):
    return [(f.start, f.end, f.label, f.masked, f.place) for f in findings]


@pytest.mark.parametrize("n_allowed", [0, 1, 7, 8, 33, 64, 133])
@pytest.mark.parametrize("batch_size", [1, 8, 64])
def test_an_interrupted_scan_goes_on_without_losing_or_doubling(tmp_path, n_allowed, batch_size):
    items = secrets(100)
    expected, expected_totals = run(items, WordGuard())
    path = tmp_path / "state"

    with pytest.raises(KeyboardInterrupt):
        run(items, WordGuard(n_allowed), state=ScanState(path, "k"), batch_size=batch_size)
    second = WordGuard()
    findings, totals = run(items, second, state=ScanState(path, "k"), batch_size=batch_size)

    assert outline(findings) == outline(expected)
    assert {**totals.to_json(), "seconds": 0} == {**expected_totals.to_json(), "seconds": 0}
    assert second.n_judged >= len(items) - n_allowed
    if n_allowed > batch_size + 1:  # a message is done when the next one has begun
        assert second.n_judged < len(items)


def test_findings_of_a_batch_that_was_not_done_are_not_kept(tmp_path):
    class Interrupted(Collected):
        def add(self, finding):
            super().add(finding)
            if len(self.findings) == 21:
                raise KeyboardInterrupt

    items = secrets(100)
    expected, _ = run(items, WordGuard())
    state = ScanState(tmp_path / "s", "k")
    with pytest.raises(KeyboardInterrupt):
        scan(items, WordGuard(), Policy.default(), Interrupted(), state=state, batch_size=16)

    findings, _ = run(items, WordGuard(), state=ScanState(tmp_path / "s", "k"))

    assert outline(findings) == outline(expected)


def test_fingerprints_agree_before_and_after_an_interruption(tmp_path):
    items = items_of("SECRET0001", "SECRET0001")
    with pytest.raises(KeyboardInterrupt):
        run(items, WordGuard(1), state=ScanState(tmp_path / "s", "k"), batch_size=1)

    findings, _ = run(items, WordGuard(), state=ScanState(tmp_path / "s", "k"), batch_size=1)

    assert len({f.fingerprint for f in findings}) == 1


def test_a_state_file_holds_no_value_and_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "state"
    with pytest.raises(KeyboardInterrupt):
        run(
            items_of("SECRET4711", "b", "c"), WordGuard(2), state=ScanState(path, "k"), batch_size=1
        )

    assert "PASSWORD" in path.read_text()
    assert "4711" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{}", "not a state file"),
        ("canary", "not a state file"),
        ('{"schema": "piiguard/scan-state@1", "key": 1}', "not a state file"),
    ],
)
def test_another_file_is_not_taken_for_a_state(tmp_path, content, expected):
    path = tmp_path / "state"
    path.write_text(content)

    with pytest.raises(SourceError, match=expected):
        ScanState(path, "k")
    assert path.read_text() == content


def test_the_state_of_other_work_is_refused(tmp_path):
    ScanState(tmp_path / "state", "k").save()

    with pytest.raises(SourceError, match="belongs to a scan of other inputs"):
        ScanState(tmp_path / "state", "another key")


def test_findings_and_totals_survive_the_way_through_json():
    place = Place("e.zip", None, "#x", "1.1", "Ana", "blocks")
    finding = Finding(place, 1, 2, "PASSWORD", 0.5, "model", True, "•", "ab")
    totals = run(secrets(9), WordGuard())[1]

    assert Finding.from_json(json.loads(json.dumps(finding.to_json()))) == finding
    assert Totals.from_json(json.loads(json.dumps(totals.to_json()))) == totals
