"""England's practices in 2022/23: what the rule gives for each, what was paid, and the difference.

The published columns hold the registered and the weighted list and the global sum. They do not say
whether a practice left out-of-hours care to others, when in the year its list changed (payments
are by quarter, lists are means of the year), nor what a local contract agreed. So the difference
is stated, practice by practice, with the likeliest reason that the columns allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib.resources import as_file, files

from onesystem.budget.capitation.england import global_sum
from onesystem.vocabulary.said import say

DAY = date(2022, 4, 1)
AS_RULED, KEPT, PART_YEAR, LOCAL, APART = (
    say("as the rule says"),
    say("as if it kept out-of-hours care"),
    say("part of a year, or a list that moved"),
    say("a local contract"),
    "differs",
)
REASONS = (AS_RULED, KEPT, PART_YEAR, LOCAL, APART)
NEAR = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A practice as published; lists in hundredths of a patient, money in pence."""

    practice: str
    name: str
    sub_icb: str
    region: str
    contract: str
    atypical: str | None
    registered: int
    weighted: int
    global_sum: int
    mpig: int
    pms: int
    total: int
    each_registered: int | None
    each_weighted: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the rule gives, in pence, beside what was paid."""

    practice: Practice
    expected: int
    kept: int  # the same, had it kept out-of-hours care
    reason: str

    @property
    def difference(self) -> int:
        """Paid less expected."""
        return self.practice.global_sum - self.expected

    @property
    def share(self) -> float | None:
        """The difference as a share of what was expected."""
        return self.difference / self.expected if self.expected else None


@lru_cache(maxsize=1)
def practices() -> tuple[Practice, ...]:
    """All of them, in the order of their codes."""
    import pyarrow.parquet as pq

    with as_file(files("onesystem.budget.capitation") / "data/practices_2022_23.parquet") as path:
        rows = pq.read_table(path).to_pylist()
    return tuple(sorted((Practice(**row) for row in rows), key=lambda each: each.practice))


def compare(practice: Practice, day: date = DAY) -> Compared:
    """What the rule gives for it, and how far that is from what was paid."""
    about = {
        "weighted": Fraction(practice.weighted, 100),
        "registered": Fraction(practice.registered, 100),
        "day": day,
        "london": practice.region.startswith("LONDON"),
    }
    expected = int(global_sum(**about).results["global sum"])  # type: ignore[arg-type]
    kept = int(global_sum(**about, out_of_hours=True).results["global sum"])  # type: ignore[arg-type]
    return Compared(practice=practice, expected=expected, kept=kept,
                    reason=_reason(practice, expected, kept))  # fmt: skip


@lru_cache(maxsize=1)
def compared() -> tuple[Compared, ...]:
    """Every practice, compared."""
    return tuple(compare(each) for each in practices())


def _reason(practice: Practice, expected: int, kept: int) -> str:
    if practice.contract != "GMS":
        return LOCAL
    if _near(practice.global_sum, expected):
        return AS_RULED
    if _near(practice.global_sum, kept):
        return KEPT
    return PART_YEAR if practice.atypical else APART


def _near(paid: int, expected: int) -> bool:
    return bool(expected) and abs(paid - expected) <= NEAR * expected


def totals(some: Iterable[Compared]) -> dict[str, dict[str, int]]:
    """By reason: how many practices, what was paid, what the rule gives."""
    made = {reason: {"practices": 0, "paid": 0, "expected": 0} for reason in REASONS}
    for each in some:
        row = made[each.reason]
        row["practices"] += 1
        row["paid"] += each.practice.global_sum
        row["expected"] += each.expected
    return made
