"""How large a risk is: likelihood times impact, each from 1 to 5. Pure.

The bands are those of the risk matrix for risk managers of the National Patient Safety Agency
(England, January 2008): 1 to 3 low, 4 to 6 moderate, 8 to 12 high, 15 to 25 extreme.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LIKELIHOOD = {1: "rare", 2: "unlikely", 3: "possible", 4: "likely", 5: "almost certain"}
IMPACT = {1: "negligible", 2: "minor", 3: "moderate", 4: "major", 5: "catastrophic"}
_BANDS = ((15, "extreme", "bad"), (8, "high", "warn"), (4, "moderate", "info"), (1, "low", "good"))


@dataclass(frozen=True, slots=True)
class Score:
    """A risk's score with its band, and the colour that goes with it."""

    value: int
    band: str
    kind: str


def score(likelihood: int, impact: int) -> Score:
    """The score of a risk. Raises ValueError outside 1 to 5."""
    if likelihood not in LIKELIHOOD or impact not in IMPACT:
        raise ValueError("likelihood and impact run from 1 to 5")
    value = likelihood * impact
    return next(Score(value, band, kind) for least, band, kind in _BANDS if value >= least)


def matrix(risks: Iterable[tuple[int, int, int]]) -> list[list[tuple[Score, list[int]]]]:
    """Five rows from almost certain to rare, five columns of impact, the numbers in each cell.

    `risks` are (number, likelihood, impact).
    """
    found = list(risks)
    return [
        [
            (score(likely, hit), sorted(n for n, one, two in found if (one, two) == (likely, hit)))
            for hit in IMPACT
        ]
        for likely in sorted(LIKELIHOOD, reverse=True)
    ]
