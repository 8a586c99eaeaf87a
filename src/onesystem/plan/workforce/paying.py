"""What one of a role costs a year, by the pay scales that specialty budgets go by. Pure."""

from datetime import date
from fractions import Fraction
from functools import lru_cache

from onesystem.budget.specialty.pay import pay
from onesystem.plan.workforce.roles import role
from onesystem.vocabulary.said import say

ON = date(
    2025, 4, 1
)  # of the scales of 2025/26, with the employer's national insurance and pension
SOURCE = say("Pay at the middle of the grade, scales of 2025/26, with what employers pay besides")


@lru_cache(maxsize=64)
def cost(code: str) -> int | None:
    """Minor units a year for one full-time; None for a role that no scale knows."""
    grade = role(code).grade
    return pay(grade, "middle", Fraction(1), ON).total if grade else None


def costs(*codes: str) -> dict[str, int] | None:
    """Of several roles; None where one of them has no scale."""
    found = {code: cost(code) for code in codes}
    known = {code: minor for code, minor in found.items() if minor is not None}
    return known if len(known) == len(found) else None
