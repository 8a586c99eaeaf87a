"""Who leads what here: the register's own lines with the seats of the alliance and its groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from onesystem import people
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.rows import Alliance
from onesystem.alliance.learning.leading.rows import Leads, Networked
from onesystem.alliance.learning.leading.spread import Spread, spread
from onesystem.district import current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Somebody who leads something; `key` is the register's line, 0 for a seat of the alliance."""

    key: int
    name: str
    what: str
    profession: str
    sector: str
    clinical: bool
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Who leads, and how far that is spread over professions and sectors."""

    leaders: tuple[Leader, ...]
    professions: Spread
    sectors: Spread

    @property
    def people(self) -> int:
        """How many people lead; each counts once, whatever they lead."""
        return self.professions.people

    @property
    def clinical(self) -> int:
        """How many of them still see patients."""
        return len({one.name for one in self.leaders if one.clinical})

    def years(self, on: date) -> float:
        """How long they have led on average, in years: continuity."""
        spans = [(on - one.since).days for one in self.leaders]
        return sum(spans) / len(spans) / 365.25 if spans else 0.0


def today() -> date:
    """The day here."""
    return to_local(now(), current().zone).date()


def leading(on: date | None = None) -> Leading:
    """Who leads on a day: seats of the alliance and lines of the register."""
    day = on or today()
    leaders = (*_seats(), *_lines(day))
    once = {one.name: one for one in reversed(leaders)}.values()
    return Leading(
        leaders=leaders, professions=spread(one.profession for one in once),
        sectors=spread(one.sector for one in once),
    )  # fmt: skip


def _seats() -> Iterable[Leader]:
    stands = charter.standing()
    for m in stands.seated:
        yield Leader(
            key=0,
            name=m.name,
            what=say("Alliance: {perspective}", perspective=m.perspective),
            profession=m.profession,
            sector=m.sector,
            clinical=m.clinical,
            since=_day(m.since),
        )


def _day(moment: object) -> date:
    return to_local(moment, current().zone).date() if moment else today()  # type: ignore[arg-type]


def _lines(day: date) -> Iterable[Leader]:
    found = Leads.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))
    for row in found.order_by("name", "id"):
        yield Leader(
            key=row.id, name=row.name, what=row.what, profession=row.profession,
            sector=row.sector, clinical=row.clinical, since=row.since, until=row.until,
        )  # fmt: skip


def ended(day: date) -> list[Leads]:
    """Turns of leading that are over, the last first."""
    return list(Leads.objects.filter(until__lte=day).order_by("-until", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Practices:
    """How far general practice is organised: practices, those in networks, people enrolled."""

    networks: tuple[tuple[str, tuple[str, ...]], ...]  # the name of each with its practices
    alone: tuple[str, ...]
    people: int
    enrolled: int
    enrolled_in_networks: int

    @property
    def practices(self) -> int:
        """How many practices there are."""
        return len(self.alone) + sum(len(own) for _, own in self.networks)


def practices() -> Practices:
    """How far general practice is organised now."""
    here = current()
    codes = [c for c, o in here.organisations.items()
             if o.until is None and o.kind == "general practice"]  # fmt: skip
    found = dict(
        Networked.objects.filter(until__isnull=True, practice__in=codes)
        .values_list("practice", "network")
    )  # fmt: skip
    names: dict[str, list[str]] = {}
    for code in codes:
        if code in found:
            names.setdefault(found[code], []).append(here.organisations[code].name)
    lists = people.enrolled()
    own = {here.organisations[c].national_code or c: c for c in codes}
    return Practices(
        networks=tuple((n, tuple(sorted(each))) for n, each in sorted(names.items())),
        alone=tuple(sorted(here.organisations[c].name for c in codes if c not in found)),
        people=lists.people, enrolled=min(lists.people, sum(lists.by_practice.values())),
        enrolled_in_networks=sum(
            n for c, n in lists.by_practice.items() if own.get(c, c) in found
        ),
    )  # fmt: skip


def begun() -> date | None:
    """Since when there is an alliance; None where there is none."""
    found = Alliance.objects.order_by("at").first()
    return to_local(from_micros(found.at), current().zone).date() if found else None
