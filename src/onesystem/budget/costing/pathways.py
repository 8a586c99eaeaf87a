"""What pathways cost: the minutes that their steps are expected to take, at the staff's rates.

The care room knows which steps were done; the budget room may not know the care room. So
`wiring` tells it whom to ask. These minutes are within contacts that are costed by themselves:
they are shown beside them, and never posted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from onesystem.budget.costing import loading
from onesystem.budget.costing.rates import NoRate
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.vocabulary import to_utc

Done = Callable[[datetime, datetime], Mapping[tuple[str, str], int]]
Titles = Callable[[], Mapping[str, str]]
# When, by whose identity, on which pathway, of which staff group, how many minutes.
Steps = Callable[[], Iterable[tuple[datetime, int, str, str, int]]]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to ask. `stamp` changes with the steps of people."""

    done: Done
    titles: Titles
    steps: Steps = tuple
    stamp: Callable[[], str] = str


_TOLD: list[Told] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPathway:
    """What the steps of a pathway that were done in a stretch of months cost."""

    slug: str
    title: str
    minutes: dict[str, int]
    minor: int
    unknown: tuple[str, ...]  # staff groups without a rate: not in the sum


def register(
    done: Done, titles: Titles, steps: Steps = tuple, stamp: Callable[[], str] = str
) -> None:  # fmt: skip
    """Whom to ask for minutes by pathway and staff group, and for titles. Again replaces."""
    _TOLD[:] = [Told(done, titles, steps, stamp)]


def told() -> Told:
    """Whom to ask; nobody knows anything where nobody is registered."""
    return _TOLD[0] if _TOLD else Told(lambda _, __: {}, dict)


def of_pathways(month_from: date, month_to: date) -> list[OfPathway]:
    """What pathways cost in some months, the dearest first. Each staff group is rounded once a
    month; a group without a rate is named and not counted.
    """
    if not _TOLD:
        return []
    done, named = _TOLD[0].done, _TOLD[0].titles()
    minor: Counter[str] = Counter()
    minutes: dict[str, Counter[str]] = defaultdict(Counter)
    unknown: dict[str, set[str]] = defaultdict(set)
    rules, month = loading.book().rules, month_from
    while month <= month_to:
        after = later(month)
        for (slug, staff), many in done(_begins(month), _begins(after)).items():
            minutes[slug][staff] += many
            try:
                minor[slug] += round(many * rules.rate(staff, month))
            except NoRate:
                unknown[slug].add(staff)
        month = after
    made = [
        OfPathway(slug=slug, title=named.get(slug, slug), minutes=dict(some), minor=minor[slug],
                  unknown=tuple(sorted(unknown[slug])))
        for slug, some in minutes.items()
    ]  # fmt: skip
    return sorted(made, key=lambda each: (-each.minor, each.title))


def _begins(month: date) -> datetime:
    return to_utc(datetime.combine(month, time()), current().zone)
