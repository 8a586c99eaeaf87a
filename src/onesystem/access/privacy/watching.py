"""The rules run over the trail, from where they stopped; what they find goes onto the list.

Each row is read once: `Watched` holds how far. What a rule found about somebody and a person is
not found again while the first one stands open. Runs when the list is opened, and every night.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max

from onesystem.access.deciding import features as features_of
from onesystem.access.deciding import persons_of
from onesystem.access.models import Audit, Own, Review, User, Watched, WellKnown
from onesystem.access.privacy import rules
from onesystem.access.privacy.rules import Face, Looker, Seen
from onesystem.district import current
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros, to_micros

BATCH = 5000  # rows of the trail in one transaction
HISTORY = timedelta(days=28)
LOOKS = ("person.looked", "record.read", "access.refused")


def watch_all(*, batches: int = 1000) -> int:
    """Read the trail to its end, or that many batches of it; how many looks came onto the list."""
    found = 0
    for _ in range(batches):
        new, more = watch()
        found += new
        if not more:
            break
    return found


@transaction.atomic
def watch(most: int = BATCH) -> tuple[int, bool]:
    """Read the next rows of the trail: what came onto the list, and whether there may be more."""
    Watched.objects.get_or_create(id=1)
    held = Watched.objects.select_for_update().get(id=1)
    end = Audit.objects.aggregate(last=Max("id"))["last"] or 0
    asked = Audit.objects.filter(id__gt=held.upto, id__lte=end, kind="person", act__in=LOOKS)
    rows = list(asked.filter(person__isnull=False).order_by("id")[:most])
    full = len(rows) == most
    looks = _looks(rows)
    found = _flag(_found(looks), {s.row: s for s in looks}) if looks else 0
    held.upto = rows[-1].id if full else max(end, held.upto)
    held.save()
    return found, full


def behind() -> int:
    """How many rows of the trail the rules have not read."""
    end = Audit.objects.aggregate(last=Max("id"))["last"] or 0
    held = Watched.objects.filter(id=1).first()
    return max(0, end - (held.upto if held else 0))


def _looks(rows: Sequence[Audit]) -> list[Seen]:
    persons = persons_of({r.person for r in rows if r.person is not None})
    zone = current().zone
    found = []
    for row in rows:
        if row.purpose == "own record":
            continue
        detail: dict[str, Any] = orjson.loads(row.detail) if row.detail else {}
        found.append(
            Seen(
                row=row.id,
                at=row.at,
                local=to_local(row.at, zone),
                actor=row.actor,
                organisation=row.organisation,
                purpose=row.purpose,
                person=persons.get(row.person or 0, row.person or 0),
                ties=frozenset(detail.get("ties", ())),
                tied="ties" in detail,
                why=str(detail.get("why", "")) if row.act == "access.refused" else "",
            )
        )
    return found


def _found(looks: Sequence[Seen]) -> list[tuple[str, Seen]]:
    """(rule, look) for everything that meets a rule."""
    lookers = _lookers({s.actor for s in looks})
    faces = _faces(looks, lookers)
    habits = {actor: Habits.of(actor, looks) for actor in {s.actor for s in looks}}
    found = []
    for seen in looks:
        looker = lookers.get(seen.actor, Looker())
        met = rules.reasons(seen, looker, faces[seen.person, seen.organisation])
        met += habits[seen.actor].unusual(seen)
        found += [(rule, seen) for rule in met]
    return found


def _lookers(names: set[str]) -> dict[str, Looker]:
    features = features_of()
    users = list(User.objects.filter(username__in=names))
    own = dict(
        Own.objects.filter(username__in=names, until__isnull=True).values_list(
            "username", "identity"
        )
    )
    linked = {u.username: u.identity or own.get(u.username) for u in users}
    persons = persons_of({i for i in linked.values() if i})
    return {
        u.username: Looker(
            families=frozenset({features.family((u.name.split() or [""])[-1])} - {""}),
            postcode=features.postcode(u.postcode),
            person=persons.get(linked[u.username] or 0),
        )
        for u in users
    }


def _faces(looks: Sequence[Seen], lookers: Mapping[str, Looker]) -> dict[tuple[int, str], Face]:
    """What is known of each person, for each organisation that looked at them."""
    features = features_of()
    known = features.faces({s.person for s in looks})
    staff = set(_persons(User.objects.filter(is_active=True, identity__isnull=False)))
    staff |= {looker.person for looker in lookers.values() if looker.person}
    famous = set(_persons(WellKnown.objects.filter(until__isnull=True)))
    by_organisation: dict[str, set[int]] = defaultdict(set)
    for seen in looks:
        by_organisation[seen.organisation].add(seen.person)
    found = {}
    for organisation, persons in by_organisation.items():
        left = features.left(persons, organisation) if organisation else {}
        for person in persons:
            families, postcodes = known.get(person, (frozenset(), frozenset()))
            found[person, organisation] = Face(
                families=families,
                postcodes=postcodes,
                staff=person in staff,
                well_known=person in famous,
                left=left.get(person),
            )
    return found


def _persons(rows: Any) -> Iterable[int]:
    return persons_of(set(rows.values_list("identity", flat=True))).values()


@dataclass
class Habits:
    """When and how much somebody looks: the weeks before, and what the batch adds."""

    days: dict[date, set[int]] = field(default_factory=lambda: defaultdict(set))
    hours: list[tuple[date, int]] = field(default_factory=list)
    refused: list[tuple[datetime, int]] = field(default_factory=list)
    told: set[tuple[str, object]] = field(default_factory=set)
    usual: dict[date, list[int]] = field(default_factory=dict)  # of the days before a day
    odd: dict[tuple[date, int], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: str, looks: Sequence[Seen]) -> "Habits":
        """Of the weeks before the first of these looks."""
        first = min((s for s in looks if s.actor == actor), key=lambda s: s.row)
        before = Audit.objects.filter(
            actor=actor, act__in=LOOKS, id__lt=first.row, at__gte=first.at - HISTORY
        ).order_by("id")
        zone, self = current().zone, cls()
        for at, person, act in before.values_list("at", "person", "act").iterator():
            self._add(at, to_local(at, zone), person, refused=act == "access.refused")
        # What was said of these days already: a day is told of once.
        since = to_micros(first.at - timedelta(days=1))
        for rule, at in Review.objects.filter(
            actor=actor, rule__in=("unusual-volume", "unusual-hour", "strangers"), at__gte=since
        ).values_list("rule", "at"):
            self.told.add((rule, to_local(from_micros(at), zone).date()))
        return self

    def _add(self, at: datetime, local: datetime, person: int | None, *, refused: bool) -> None:
        if refused:
            self.refused.append((at, person or 0))
            return
        self.days[local.date()].add(person or 0)
        self.hours.append((local.date(), local.hour))

    def unusual(self, seen: Seen) -> list[str]:
        """The rules that this look meets by what came before it; then it is part of that."""
        day, hour = seen.local.date(), seen.local.hour
        self._add(seen.at, seen.local, seen.person, refused=bool(seen.why))
        met = {
            "strangers": bool(seen.why) and rules.strangers(self.refused, seen.at),
            "unusual-volume": not seen.why and self._many(day),
            "unusual-hour": not seen.why and self._odd(day, hour),
        }
        found = [rule for rule, is_met in met.items() if is_met and (rule, day) not in self.told]
        self.told |= {(rule, day) for rule in found}
        return found

    def _many(self, day: date) -> bool:
        if day not in self.usual:
            self.usual[day] = [len(people) for when, people in self.days.items() if when < day]
        return rules.unusually_many(len(self.days[day]), self.usual[day])

    def _odd(self, day: date, hour: int) -> bool:
        if (day, hour) not in self.odd:
            earlier = [h for when, h in self.hours if when < day]
            self.odd[day, hour] = rules.unusual_hour(hour, earlier)
        return self.odd[day, hour]


def _flag(found: Sequence[tuple[str, Seen]], looks: Mapping[int, Seen]) -> int:
    """Put them on the list, each pair of people once while it stands open."""
    standing = set(
        Review.objects.filter(
            resolved_at__isnull=True, actor__in={s.actor for s in looks.values()}
        ).values_list("rule", "actor", "person")
    )
    rows = []
    for rule, seen in found:
        key = (rule, seen.actor, seen.person)
        if key in standing:
            continue
        standing.add(key)
        rows.append(
            Review(
                at=to_micros(seen.at),
                rule=rule,
                actor=seen.actor,
                person=seen.person,
                audit=seen.row,
            )
        )
    Review.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
