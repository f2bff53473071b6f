"""All rules, in one tuple."""

from piiguard.rules import (
    account,
    contact,
    dialogue,
    finance,
    government,
    health,
    lone,
    network,
    secrets,
    vehicle,
)
from piiguard.rules.rule import Rule

ALL_RULES: tuple[Rule, ...] = (
    *contact.RULES,
    *government.RULES,
    *finance.RULES,
    *secrets.RULES,
    *network.RULES,
    *vehicle.RULES,
    *health.RULES,
    *account.RULES,
    *dialogue.RULES,
    *lone.RULES,
)
