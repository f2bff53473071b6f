"""What the codes of the audit log read like."""

from collections.abc import Mapping
from typing import Any, Final

ACTION_WORDS: Final[dict[str, str]] = {
    "access.refused": "was refused a page",
    "allow.add": "allowed a value",
    "allow.end": "ended an allowance",
    "audit.exported": "took the audit log as a file",
    "audit.verified": "verified the audit log",
    "author.asked": "asked the author to remove it",
    "author.needed": "said it is needed",
    "author.not_pii": "said it is not PII",
    "author.removed": "said it is removed",
    "backfill.started": "started a look back",
    "bulk.assign": "assigned many flags",
    "bulk.confirm": "confirmed many flags",
    "bulk.not_pii": "said not PII of many flags",
    "bulk.notify": "notified many authors",
    "bulk.snooze": "snoozed many flags",
    "bulk.undo": "took a bulk action back",
    "cards.muted": "muted the cards",
    "case.aware": "started a 72 h clock",
    "case.closed": "stopped a 72 h clock",
    "channel.ignored": "stopped reading a channel",
    "channel.watched": "reads a channel again",
    "click.refused": "was refused a click in Slack",
    "corrections.exported": "exported corrections",
    "corrections.imported": "imported corrections",
    "export.failed": "export failed",
    "export.taken": "downloaded an export",
    "flag.assign": "assigned a flag",
    "flag.note": "noted on a flag",
    "flag.opened": "opened a flag",
    "flag.reported": "reported what was missed",
    "flag.reveal": "revealed a flag's values",
    "flag.snooze": "snoozed a flag",
    "flags.exported": "took flags as a file, masked",
    "job.retried": "tried a set-aside message again",
    "message.delete_asked": "asked Slack to delete a message",
    "message.delete_refused": "refused to delete a message",
    "message.deleted": "deleted a message",
    "model.promoted": "put a model into use",
    "model.rolled_back": "went back to a model",
    "model.tried": "tried a model on reviewed flags",
    "person.added": "added a person",
    "person.erased": "erased a person",
    "person.link_made": "made a sign-in link",
    "person.password": "changed a password",
    "policy.saved": "saved the policy",
    "report.evidence": "took an evidence pack",
    "report.frozen": "froze a report",
    "retention.purge": "deleted what was past its time",
    "review.accept_risk": "accepted the risk",
    "review.confirm": "confirmed a flag",
    "review.correct": "corrected a flag",
    "review.duplicate": "marked a duplicate",
    "review.not_pii": "said not PII",
    "review.reason": "gave the reason",
    "review.second_opinion": "asked for a second opinion",
    "review.undo": "took a decision back",
    "review_session.open": "opened a review session",
    "risk.expired": "let an accepted risk expire",
    "sample.judged": "judged a message of the recall audit",
    "sample.shown": "opened a message of the recall audit",
    "sample.skipped": "put a message of the recall audit aside",
    "second_review.asked": "asked for a third reviewer",
    "second_review.given": "gave a second verdict",
    "second_review.settled": "settled two verdicts",
    "session.closed": "signed out",
    "session.ended": "ended sessions",
    "session.opened": "signed in",
    "session.refused": "was refused a session",
    "session.renewed": "signed in afresh",
    "token.made": "made an API token",
    "token.revoked": "revoked an API token",
    "workspace.installed": "installed the app",
    "workspace.link_made": "made an install link",
    "workspace.refused": "was refused an install",
    "workspace.uninstalled": "removed the app",
}
#: Actors that are no person of the console.
OTHER_ACTORS: Final[dict[str, str]] = {
    "piiguard": "piiguard",
    "system": "piiguard",
    "author": "The author",
    "slack": "Slack",
    "cli": "Command line",
    "operator": "Command line",
}


def action_text(action: str) -> str:
    """What was done, in words; an action that nobody named reads as its code."""
    known = ACTION_WORDS.get(action)
    if known:
        return known
    kind, _, rest = action.partition(".")
    return f"{kind}: {rest}".replace("_", " ") if rest else action


def detail_text(name: str, value: Any, people: Mapping[str, str]) -> tuple[str, str]:
    """A detail as (name, text); long codes are cut, people named."""
    if value is True or value is False:
        text = "yes" if value else "no"
    elif value is None:
        text = "–"
    elif isinstance(value, float):
        text = f"{value:g}"
    else:
        text = people.get(str(value), str(value))
    if len(text) == 64 and all(c in "0123456789abcdef" for c in text):
        text = text[:12] + "…"
    return name.replace("_", " "), text
