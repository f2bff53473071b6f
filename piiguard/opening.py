"""open_guard: the Guard that a command line asks for."""

from pathlib import Path

from piiguard.guard import Guard, load


def open_guard(
    model: str | Path | None = None, *, rules_only: bool = False, threads: int = 0
) -> Guard:
    """The Guard of the shipped model, of another model directory, or of the rules alone.

    Raises ModelError when there is no such model, or it is not whole and unchanged.
    """
    if not rules_only:
        return load(model, threads=threads)
    from piiguard.rule_detector import RuleDetector
    from piiguard.rules.tables import ALL_RULES

    return Guard(RuleDetector(ALL_RULES), None)
