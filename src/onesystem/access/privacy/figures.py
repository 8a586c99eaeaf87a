"""Figures for the board: looks, broken glass, choices not to share, and the age of the list.

Counts of people are suppressed where they are small: a figure that could point at somebody is
worse than none.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Min
from django.db.models.functions import TruncMonth

from onesystem.access import kinds
from onesystem.access.actor import Actor
from onesystem.access.models import Audit, Consent, ConsentOn, Glass, Review
from onesystem.access.rights import require
from onesystem.district import current
from onesystem.vocabulary import to_local, zone
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

MONTHS = 12
SMALL = 5
_LOOKS = ("person.looked", "record.read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: looks by (organisation, purpose), and broken glass by organisation."""

    first: date
    looks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    glass: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All looks of the month."""
        return sum(self.looks.values())

    @property
    def broken(self) -> int:
        """All glass that was broken in it."""
        return sum(self.glass.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One rule's part of the list: how many stand open, since when, and how long others took."""

    rule: str
    open: int
    oldest: datetime | None
    resolved: int
    took: timedelta | None  # the median of those that were resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the page shows."""

    months: tuple[Month, ...]
    choices: tuple[tuple[str, str], ...]  # what is not shared, and how many people, suppressed
    rules: tuple[Standing, ...]


def figures(*, by: Actor, at: datetime) -> Figures:
    """The figures of the last twelve months, the running one included."""
    require(by, "access.review")
    months = _months(to_local(at, current().zone).date())
    return Figures(months=_by_month(months), choices=_choices(), rules=_standing())


def suppressed(count: int) -> str:
    """A count of people as it may be shown.

    >>> suppressed(0), suppressed(3), suppressed(1200)
    ('0', 'fewer than 5', '1,200')
    """
    return say("fewer than {small}", small=SMALL) if 0 < count < SMALL else f"{count:,}"


def _months(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def _by_month(months: list[date]) -> tuple[Month, ...]:
    there = zone(current().zone)
    start = datetime(months[0].year, months[0].month, 1, tzinfo=there)
    looks: dict[date, dict[tuple[str, str], int]] = defaultdict(dict)
    rows = (
        Audit.objects.filter(act__in=_LOOKS, at__gte=start, kind="person")
        .annotate(month=TruncMonth("at", tzinfo=there))
        .values_list("month", "organisation", "purpose")
        .annotate(count=Count("id"))
        .order_by()
    )
    for month, organisation, purpose, count in rows:
        looks[month.date()][organisation, purpose] = count
    glass: dict[date, dict[str, int]] = defaultdict(dict)
    for since, organisation in Glass.objects.filter(since__gte=to_micros(start)).values_list(
        "since", "organisation"
    ):
        month = from_micros(since).astimezone(there).date().replace(day=1)
        glass[month][organisation] = glass[month].get(organisation, 0) + 1
    return tuple(Month(first=m, looks=looks.get(m, {}), glass=glass.get(m, {})) for m in months)


def _choices() -> tuple[tuple[str, str], ...]:
    """People who do not share something, by what: each counted once for each thing."""
    standing = Consent.objects.filter(until__isnull=True)
    people: dict[str, set[int]] = defaultdict(set)
    named = {c.id: _named(c) for c in standing}
    held = ConsentOn.objects.filter(consent__in=standing.values("id"))
    # The founding identity stands for the person as they were when they chose.
    for consent, founder in held.values_list("consent").annotate(founder=Min("identity")):
        people[named[consent]].add(founder)
    return tuple((what, suppressed(len(who))) for what, who in sorted(people.items()))


def _named(choice: Consent) -> str:
    if choice.what == "all":
        return "Everything"
    if choice.source:
        return say("What {name} sends", name=current().source(choice.source).name)
    return ", ".join(kinds.names_of(choice.labels)).replace("-", " ").capitalize()


def _standing() -> tuple[Standing, ...]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    oldest: dict[str, int] = {}
    took: dict[str, list[int]] = defaultdict(list)
    for rule, at, resolved in Review.objects.values_list("rule", "at", "resolved_at").iterator():
        counts[rule][resolved is not None] += 1
        if resolved is None:
            oldest[rule] = min(at, oldest.get(rule, at))
        else:
            took[rule].append(max(0, resolved - at))
    return tuple(
        Standing(
            rule=rule,
            open=counts[rule][0],
            oldest=from_micros(oldest[rule]) if rule in oldest else None,
            resolved=counts[rule][1],
            took=timedelta(microseconds=median(took[rule])) if took[rule] else None,
        )
        for rule in sorted(counts, key=lambda r: (-counts[r][0], r))
    )
