"""Every sentence that people read in Slack. None holds a word of a scanned message."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.records import FlagState
from bot.slack.limits import wire
from piiguard.labels import LABELS, Severity, severity_rank

#: How a notice calls each label.
THINGS: dict[str, str] = {
    "PERSON": "a person's name",
    "DATE_OF_BIRTH": "a date of birth",
    "EMAIL_ADDRESS": "an e-mail address",
    "PHONE_NUMBER": "a phone number",
    "STREET_ADDRESS": "a street address",
    "NATIONAL_ID": "a national ID number",
    "PASSPORT": "a passport number",
    "DRIVER_LICENSE": "a driving licence number",
    "CREDIT_CARD": "a card number",
    "BANK_ACCOUNT": "a bank account number",
    "CRYPTO": "a wallet address",
    "PASSWORD": "a password or code",
    "API_KEY": "an access key",
    "USERNAME": "a username",
    "IP_ADDRESS": "an IP address",
    "MAC_ADDRESS": "a hardware address",
    "VEHICLE_ID": "a vehicle number",
    "MEDICAL_RECORD": "a medical record number",
    "MEDICAL_CONDITION": "a health condition",
    "ACCOUNT_ID": "an account number",
}
SEVERITY_WORDS: dict[Severity, str] = {
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "critical": "Critical",
}
DECIDED: dict[FlagState, str] = {
    "open": "Open",
    "second_opinion": "Second opinion asked",
    "confirmed": "Confirmed",
    "corrected": "Corrected",
    "not_pii": "Marked as not PII",
    "accepted_risk": "Risk accepted",
    "duplicate": "Marked as duplicate",
    "resolved": "Removed by its author",
    "superseded": "Edited",
}
#: Why a flag was wrong (an example without spans) or harmless (the spans stay, an allow-list entry is offered).
NOT_PII_REASONS: dict[str, str] = {
    "other_thing": "Wrong: it is something else",
    "object_id": "Wrong: order, ticket or build number",
    "test_data": "Harmless: test data",
    "public_contact": "Harmless: business or public contact",
}
REVEAL_REASONS: dict[str, str] = {
    "decide": "I cannot decide without it",
    "boundary": "I must correct its boundary",
    "incident": "I am handling an incident",
    "request": "A person asked about their own data",
}

NOTHING_FOUND = (
    "Nothing found. Detection misses things: see the measured recall per type in App Home."
)
AUTHOR_REMOVED = "Thanks. The message is clean now and the flag is closed."
AUTHOR_STILL_THERE = (
    "Thanks for telling us. Slack has not told us of the change yet; the flag closes when it does."
)
AUTHOR_NOT_PII = "Noted. A reviewer will look; nothing else happens until then."
NOT_ALLOWED = "You are not allowed to do that."
NO_LONGER_OPEN = "This flag is no longer open."
CHANGED_MEANWHILE = "Somebody changed this flag meanwhile. Nothing was overwritten."
ALREADY_SOLVED = "The message changed meanwhile; there is nothing left to decide."
TRY_AGAIN = "I could not store that just now. Nothing is lost: please click again."
NOT_STORED = "Only you see this. The text you typed is not stored."
TEXT_GONE = "The text was deleted by the retention rule. Labels and decision remain."
GONE_SINCE = "The message was deleted or edited since."
ERASED = "Erased on request. Nothing of the message is left here."
NOT_FOUND_IN_MESSAGE = (
    "This text does not occur in the message. Copy it exactly as it stands there."
)
TWICE_IN_MESSAGE = (
    "This text occurs twice, equally near. Add a neighbouring word, or use the console."
)
LABEL_MISSING = "Choose a label for this text."
TEXT_MISSING = "Which text? Copy it exactly as it stands in the message."
REASON_MISSING = "Please say why."
SIGNATURE = "Nothing else here is personal"
SIGNATURE_HINT = "With this signature the message may teach the next model, its values replaced."
DELETE_QUESTION = (
    "The message is deleted for everybody, with an administrator's token. That cannot be undone."
)
DELETE_ASKED = "I asked Slack to delete the message. The card says what Slack answered."
DELETE_ASKED_BEFORE = "Slack was asked to delete the message before."
ASK_AUTHOR_DONE = "I asked the author to edit or delete the message. Only they can."

HELP = """*What I do.* I read the channels I am in and tell reviewers about personal data, with every value hidden.
*I missed something?* Open the message's menu and choose *Report missed PII*. That helps most.
*Commands* (only you see the answers)
`/piiguard check <text>` is this personal data? The text is not stored
`/piiguard queue` · `next` what needs review · the next flag
`/piiguard report 7d` or `30d` · `status` · `model` numbers · health · what detects
`/piiguard watch #channel` · `ignore #channel` · `mute 1h` · `mute off` for administrators"""


def card_fallback(
    severity: Severity, number: int, channel: str, labels: Iterable[str], *, n_times: int = 1
) -> str:
    """What notifications show of a card: never the message."""
    times = f" ({n_times} times)" if n_times > 1 else ""
    named = ", ".join(by_severity(labels))
    return f"{SEVERITY_WORDS[severity]} flag {number} in {channel}: {named}{times}"


def notice(channel: str, things: str) -> str:
    return (
        f"Your message in {channel} seems to hold {things}. Please edit or delete it; only you can. "
        "If this is wrong, tell us below."
    )


def answered(channel: str, things: str, says: str) -> str:
    """What stands where the notice was, after its answer."""
    return f"Your message in {channel}, {things}: {says}"


def author_needed(number: int) -> str:
    return f"Noted. Your reason is stored with flag {number}."


def already_decided(state: FlagState, by: str, at: datetime | None) -> str:
    """The answer to a second click: who was first."""
    when = f" at {clock(at)}" if at else ""
    who = f" by {person(by)}" if by else ""
    return f"Already {_mid_sentence(DECIDED[state])}{who}{when}."


def decision_line(state: FlagState, by: str, at: datetime | None, reason: str = "") -> str:
    """What a decided card says: `Confirmed by Dana 12:41`."""
    if state == "resolved" and not by:
        return f"Removed by its author{_at(at)}, resolved"
    if state == "superseded":
        return f"Edited by its author{_at(at)}; the newer version is judged on its own"
    who = f" by {person(by)}" if by else ""
    why = f": {NOT_PII_REASONS.get(reason, '').lower()}" if reason in NOT_PII_REASONS else ""
    return f"{DECIDED[state]}{who}{_at(at)}{why}"


def deletion_line(outcome: str) -> str:
    """What became of an administrator's deletion: what Slack said, and nothing beyond."""
    if outcome.startswith("refused:"):
        code = wire(outcome.partition(":")[2], 60)
        return f"Slack refused to delete the message: {code}. Only its author can."
    words = {
        "asked": "Slack was asked to delete the message.",
        "done": "Slack deleted the message.",
    }
    return words.get(outcome, "")


def deleted_by_admin(at: datetime | None) -> str:
    """The line of a card whose message we deleted: its author did not."""
    return f"Deleted with an administrator's token{_at(at)}, resolved"


def no_role(admin: str, only: str = "Only reviewers can decide.") -> str:
    ask = f" Ask {person(admin)} (admin) for access." if admin else " Ask an administrator."
    return f"{only}{ask}"


def not_member(channel: str) -> str:
    return f"I am not a member of {channel}, so I cannot see it. /invite @piiguard there."


def unknown_command(nearest: str) -> str:
    """``nearest`` is one of our commands; what was typed is not repeated."""
    return f"I do not know that command. Did you mean `/piiguard {nearest}`?"


def first_run(review_channel: str = "") -> str:
    """The three steps of the direct message to whoever installs the app."""
    named = f" (now {review_channel})" if review_channel else ""
    return (
        f"*1. Name the review channel*{named}: a private channel for your reviewers, and `/invite @piiguard` there.\n"
        "*2. Invite me where I shall watch*: `/invite @piiguard` in each channel. I see no other.\n"
        "*3. Look back, if you like*: I first say how many messages that is and how long Slack's limits make it take."
    )


def person(name: str, limit: int = 80) -> str:
    """A name for a sentence in mrkdwn; a Slack user id becomes a mention that notifies nobody in small print."""
    if name[:1] in ("U", "W") and name[1:].isalnum() and name.isupper() and len(name) >= 8:
        return f"<@{name}>"
    return wire(name, limit)


def clock(at: datetime) -> str:
    """A time that each reader sees in their own time zone."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def day_and_clock(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^{{date_short}} {{time}}|{at:%d %b %H:%M} UTC>"


def labels_line(labels: Mapping[str, int]) -> str:
    """`CREDIT_CARD + PERSON ×2`, worst first."""
    return " + ".join(
        label if labels[label] == 1 else f"{label} ×{labels[label]}"
        for label in by_severity(labels)
    )


def by_severity(labels: Iterable[str]) -> list[str]:
    """The labels without repeats, worst first."""
    known = [label for label in dict.fromkeys(labels) if label in LABELS]
    return sorted(known, key=lambda label: -severity_rank(LABELS[label].severity))


def sentence(words: str) -> str:
    """An error's words as people read them: with a capital and a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!", "`")) else ".")


def _at(at: datetime | None) -> str:
    return f" {clock(at)}" if at else ""


def _mid_sentence(text: str) -> str:
    return text[:1].lower() + text[1:]
