"""The condition of an entry, asked of a person's facts, and whether it can be asked at all."""

from onesystem.care.pathways.conditions import Finding, condition
from onesystem.care.pathways.known import Facts
from onesystem.care.services.entry import Entry, Orderable
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import UserError


def wrong(expression: str) -> str:
    """What is wrong with a FHIRPath expression; empty for nothing."""
    try:
        condition(expression)
    except (UserError, BadView) as error:
        return str(error).rstrip(".")
    return ""


def meets(entry: Entry, facts: Facts, order: Orderable | None = None) -> Finding | None:
    """Whether a person meets the condition of a service, and that of what is ordered of it.

    None where neither has one. What is against it tells first, then what is not known.
    """
    asked = [text for text in (entry.condition, order.condition if order else "") if text]
    found = [condition(text).explain(facts) for text in asked]
    for answer in (False, None, True):
        if telling := [each for each in found if each.answer is answer]:
            return Finding(answer, tuple(why for each in telling for why in each.because))
    return None
