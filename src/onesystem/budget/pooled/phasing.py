"""An amount over the months of a year, so that the parts sum exactly to it. Pure.

>>> sum(phased(100, "even", Year.of("2025/26")).values())
100
"""

from collections.abc import Mapping
from datetime import date

from onesystem.budget.months import Year
from onesystem.vocabulary import UserError
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_each

PHASINGS: Mapping[str, str] = say_each(
    {
        "even": "The same each month",
        "quarters": "In the first month of each quarter",
        "start": "All in April",
        "end": "All in March",
        "winter": "The same each month from November to March",
    }
)
_WEIGHTS: Mapping[str, tuple[int, ...]] = {
    "even": (1,) * 12,
    "quarters": (1, 0, 0) * 4,
    "start": (1, *(0,) * 11),
    "end": (*(0,) * 11, 1),
    "winter": (*(0,) * 7, *(1,) * 5),
}


def phased(amount: int, phasing: str, year: Year) -> dict[date, int]:
    """How much of an amount falls in each month. Raises UserError for a phasing nobody knows."""
    if phasing not in _WEIGHTS:
        raise UserError(
            say("there is no phasing {phasing}", phasing=repr(phasing)),
            say("Choose one of: {weights}", weights=", ".join(_WEIGHTS)),
        )
    parts = shared(amount, _WEIGHTS[phasing])
    return {month: part for month, part in zip(year.months, parts, strict=True) if part}


def shared(amount: int, weights: tuple[int, ...]) -> list[int]:
    """Parts in proportion that sum exactly to the amount, by largest remainder."""
    sign = -1 if amount < 0 else 1
    return [sign * part.minor for part in Money(abs(amount), "GBP").split(weights)]
