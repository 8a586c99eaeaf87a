"""The condition of an entry, asked of a person's facts, and whether it can be asked at all."""

from onesystem.care.pathways.conditions import Finding, condition
from onesystem.care.pathways.known import Facts
from onesystem.care.services.entry import Entry
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import UserError


def wrong(expression: str) -> str:
    """What is wrong with a FHIRPath expression; empty for nothing."""
    try:
        condition(expression)
    except (UserError, BadView) as error:
        return str(error).rstrip(".")
    return ""


def meets(entry: Entry, facts: Facts) -> Finding | None:
    """Whether a person meets the condition of a service, and why; None where it has none."""
    return condition(entry.condition).explain(facts) if entry.condition else None
