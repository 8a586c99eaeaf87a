"""The one primitive of every payment form: a piecewise share schedule.

Something is measured (an outturn) against something agreed (a baseline). The distance is cut into
slices, each with the share of it that moves money:

    MRET          slices of the outturn:     0 to 100% of the baseline at 100%, above at 30%
    aligned       slices of what is over:    75% both ways, beside a fixed payment
    target cost   slices of what is saved:   50% both ways, at most 5% of the target
    MSSP          slices of what is saved:   40%, once the saving passes the dead band

`of` says which distance: `outturn` itself from zero, `over` = outturn - baseline, or `saving` =
baseline - outturn. Slices are cut in shares of the baseline, or in minor units where `unit` is
`amount`. Below zero the slices run the other way: an outturn 3% under a plan lies in the slice
from -3% to 0.
"""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.terms.numbers import ONE, ZERO

OUTTURN, OVER, SAVING = "outturn", "over", "saving"
OF = (OUTTURN, OVER, SAVING)
BASELINE, AMOUNT = "baseline", "amount"
UNITS = (BASELINE, AMOUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A stretch of the distance and the share of it that is paid. None: without an end."""

    start: Fraction | None = None
    end: Fraction | None = None
    share: Fraction = ZERO
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most that may move: a share of a measured amount (the baseline if none is named), or an
    amount in minor units. Of several limits the lowest holds.
    """

    share: Fraction | None = None
    of: str = ""  # a fact, such as `revenue`; empty: the baseline
    amount: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The dead band: below it nothing moves, in either direction.

    It is a share of the baseline: fixed, given as a fact, or read from `points` by a fact (the
    sliding scale by the number of people). Once it is reached the slices count from zero
    (`first_dollar`), or only what is beyond it. `below` of the usual share moves for a gain that
    does not reach it (half, for some small bodies in MSSP).
    """

    share: Fraction = ZERO
    fact: str = ""
    by: str = ""
    points: tuple[tuple[Fraction, Fraction], ...] = ()
    first_dollar: bool = True
    below: Fraction = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What quality does to the share. `score` is a fact between 0 and 1.

    From `full` on a gain counts in full, from `scaled` on times the score, below both not at all.
    A loss counts at the slices' share, or where `slope` is given at `1 - slope * score`, held
    between `low` and `high`. `met` is a fact that is 0 where the standard was failed: no gain
    then, and a loss at `high`.
    """

    score: str
    full: Fraction | None = None
    scaled: Fraction | None = None
    met: str = ""
    slope: Fraction | None = None
    low: Fraction = ZERO
    high: Fraction = ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Slices with what stands around them. `checks.problems` says what is wrong with one."""

    slices: tuple[Slice, ...]
    of: str = OVER
    unit: str = BASELINE
    threshold: Threshold | None = None
    gate: Gate | None = None
    cap: tuple[Limit, ...] = ()  # on what is gained
    collar: tuple[Limit, ...] = ()  # on what is lost


def flat(share: Fraction, *, of: str = OUTTURN, words: str = "") -> Schedule:
    """One share for every distance, both ways."""
    return Schedule(slices=(Slice(share=share, words=words),), of=of)


def two_way(*, up: Fraction, down: Fraction, of: str = OVER) -> Schedule:
    """One share above the baseline and one below it."""
    return Schedule(
        slices=(Slice(end=ZERO, share=down), Slice(start=ZERO, share=up)),
        of=of,
    )
