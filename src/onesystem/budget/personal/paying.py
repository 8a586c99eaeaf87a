"""What a person pays for the care that a personal budget is of: the charge that was signed.

Care Act 2014, section 26: a personal budget says what meeting the needs costs, what of it the
person pays, and what the council pays. So the cost is the whole, and the purse of social care gives
what is left of its part. Health care is free: nothing comes off its purse.
"""

import json
from datetime import date

from onesystem.budget.entitlement import queries as entitlement
from onesystem.budget.entitlement.steps import standing
from onesystem.budget.personal.indication import CHARGE, SOCIAL, Charge, Purse
from onesystem.budget.personal.rows import PersonalBudget
from onesystem.district import now
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date

_SOURCE = say("Care Act 2014, section 26")


def signed(person: int) -> tuple[int, str]:
    """What a person pays a week by the letter that was signed last, and which letter that is."""
    at = now()
    stands = standing(step for step in entitlement.steps(person) if step.at <= at)
    if stands.letter is None:
        return 0, ""
    again = say("; need or means were said anew since") if stands.stale else ""
    said = say("the letter of {at}{again}", at=say_date(stands.letter.at, "%-d %B %Y"), again=again)
    return int(stands.letter.said["result"]["pays"]), said


def charge_for(
    person: int, purses: list[Purse], starts: date, ends: date, a_week: int | None
) -> Charge | None:  # fmt: skip
    """What comes off the purse of social care; None where nothing does.

    `a_week` is what the keeper says; None takes what was signed.
    """
    if not any(purse.kind == SOCIAL for purse in purses):
        return None
    by_letter, letter = signed(person)
    if a_week is None or a_week == by_letter:
        a_week, said = by_letter, letter
    else:
        said = say(
            "said at the assessment{if_letter}",
            if_letter=say(", where {letter} says another sum", letter=letter) if letter else "",
        )
    if not a_week:
        return None
    weeks = max(1, ((ends - starts).days + 1) // 7)
    return Charge(a_week=a_week, weeks=weeks, source=f"{_SOURCE}; {said}")


def pays(row: PersonalBudget) -> int:
    """What the person pays of the cost, over the whole of a budget."""
    return -sum(line["amount"] for line in json.loads(row.working) if line["rule"] == CHARGE)


def changed(row: PersonalBudget, person: int) -> bool:
    """Whether a charge was signed since the purse of social care was worked out."""
    letter = entitlement.stands(person).letter
    last = row.done.filter(verb__in=("assessed", "reassessed")).order_by("-pk").first()
    social = row.purses.filter(kind=SOCIAL).exists()
    return bool(letter and last and social and to_micros(letter.at) > last.at)
