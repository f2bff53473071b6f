"""What each number means: the sentence that stands beside it, and in the report's appendix."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Definition:
    """The name of a number, and what it is."""

    title: str
    text: str


#: By key of a tile or figure. "In the period" is by the days of UTC.
DEFINITIONS: Final[dict[str, Definition]] = {
    "needs_review": Definition(
        "Needs review",
        "Flags that wait for a person now: open, or with a second opinion asked for. Without those that sleep.",
    ),
    "oldest": Definition(
        "Oldest",
        "Now minus the time at which the flag was opened that has waited longest. Opening it again does not set it back.",
    ),
    "precision": Definition(
        "Precision of flags",
        "(Confirmed + accepted risk + corrected with at least one span left) ÷ all flags decided in the period, without "
        "Duplicate, Unsure and what people reported. 95 % Wilson interval.",
    ),
    "precision_time": Definition(
        "Precision over time",
        "Precision of flags for each seven days, counted back from the end of the period, with its 95 % Wilson interval.",
    ),
    "precision_label": Definition(
        "Precision by label",
        "Spans kept ÷ spans proposed, of the flags decided in the period whose spans are still kept. Kept: the reviewer "
        "left the label, wherever its boundary went. Spans of a Not PII flag that was harmless (test data, public "
        "contact) are kept: the policy erred, not the model. 95 % Wilson interval.",
    ),
    "precision_channel": Definition(
        "Precision by channel", "Precision of flags, by the channel of the message."
    ),
    "precision_model": Definition(
        "Precision by model", "Precision of flags, by the model that proposed them."
    ),
    "sources": Definition(
        "Rules and model",
        "Spans kept ÷ spans proposed, by who proposed them: a rule alone, the model alone, or both. 95 % Wilson interval.",
    ),
    "confusion": Definition(
        "Proposed and corrected",
        "What reviewers made of each proposed span. A row is the proposed label, a column what it became; “removed” was "
        "nothing personal. The last row counts spans that nobody had proposed.",
    ),
    "reasons": Definition(
        "Why Not PII",
        "The reasons given for the flags decided as Not PII in the period. The reason may follow the click, so some have "
        "none yet.",
    ),
    "flow": Definition(
        "Opened and closed",
        "Flags opened, and flags closed, by day. Closed: by a decision, by the message's edit or deletion, or by a newer "
        "version of the message.",
    ),
    "net_rate": Definition(
        "Net resolve rate",
        "Flags closed ÷ flags opened in the period. Above 100 % the backlog shrinks.",
    ),
    "ages": Definition(
        "Age of what waits",
        "Flags that wait now, without those that sleep, by how long ago they were opened.",
    ),
    "resolve_time": Definition(
        "Time to resolve",
        "From the opening of a flag to its first decision that stands, for first decisions in the period, without Not PII "
        "and Duplicate.",
    ),
    "author_fixed": Definition(
        "Fixed by the author",
        "Flags closed because the message was edited clean or deleted before anybody decided ÷ all flags closed in the "
        "period, without those replaced by a newer version.",
    ),
    "removed": Definition(
        "Removed in time",
        "Confirmed and corrected flags decided in the period whose message was edited clean or deleted within 1 h, or 24 "
        "h, of the flag's opening ÷ those that were opened at least as long ago. 95 % Wilson interval.",
    ),
    "funnel": Definition(
        "Private notices",
        "Of the flags opened in the period: those whose author was told in private, of these who answered, and of these "
        "whose message is clean or gone now. Who answered and who removed may be different people.",
    ),
    "false_flags": Definition(
        "False flags per 1,000",
        "Not PII decisions in the period × 1,000 ÷ messages scanned in it. What nobody has reviewed yet stands beside it.",
    ),
    "missed": Definition(
        "Missed",
        "What people told us we missed, by label: messages reported by anybody, and spans a reviewer added to a flag. It "
        "counts what somebody noticed; the rest is estimated from the recall audit.",
    ),
    "recall": Definition(
        "Estimated recall",
        "PII found ÷ (found + missed), the missed weighted up from a random sample of messages that were not flagged. "
        "95 % bootstrap interval. Not measured without a sample.",
    ),
    "agreement": Definition(
        "Agreement",
        "Flags reviewed twice, the second time blind. Cohen's kappa of the decisions (1 is agreement, 0 is chance), and "
        "exact span F1 of the spans.",
    ),
    "load": Definition(
        "Reviewer load",
        "Decisions made in the period, by person. Undone ones stand apart. Not a measure of anybody's work.",
    ),
    "drift": Definition(
        "Drift",
        "Population stability index of the scores of all candidate spans, flagged or not: the last 7 days against the 28 "
        "before, as far as they are kept, in tenths. 0.2 and more is a warning: the messages, or the model, changed.",
    ),
    "card_time": Definition(
        "Message to card",
        "Slack time of the card minus that of the message, of flags opened in the period; half and 95 % are faster. "
        "Messages from a look back or edited later, above a day, are left out.",
    ),
    "corrections": Definition(
        "Corrections since",
        "Flags with a signed decision that stands, made since the model in use flagged its first message. Signed: nothing "
        "else in the message is personal, so it may train.",
    ),
    "coverage": Definition(
        "Coverage",
        "Public channels that the bot is in ÷ public channels. Private ones cannot be counted.",
    ),
}  # fmt: skip


def definition(key: str) -> Definition:
    """The definition of a tile or figure. Raises: KeyError, for a number nobody defined."""
    return DEFINITIONS[key]
