"""The contacts behind a figure, for those who may see people.

The weeks of each service remember who gave to them; only these people are worked out again, and
what they give says which contacts it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem import access
from onesystem.district import District, current
from onesystem.flow.measures import days, library, packing, present, store, who
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.world import Given
from onesystem.vocabulary import BadConfig, Contact, nearest
from onesystem.vocabulary.said import say

PARTS = ("numerator", "denominator")
_MOST = 2_000  # contacts of one list: nobody reads more, and it would hold a page up


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contact behind a figure; of a person's period, no contact but the person."""

    person: int
    contact: int
    identity: int
    day: date
    service: str
    setting: str
    numerator: int
    denominator: int
    told: Contact | None


def contacts_behind(
    name: str,
    *,
    period: date,
    every: str = "week",
    group: Mapping[str, str] | None = None,
    part: str = "numerator",
    asker: access.Actor,
    limit: int = _MOST,
) -> list[Row]:
    """The contacts that gave to a figure, oldest first; audited.

    `period` is its first day. Raises NotPermitted for those who may not open people.
    """
    access.require(asker, "person.open")
    if part not in PARTS:
        raise BadConfig(say("a figure has no {part}", part=repr(part)), nearest(part, PARTS))
    measure, district = library.measure(name), current()
    kept, horizon = store.kept().get(name), store.get_marks().get("horizon")
    if kept is None or horizon is None:
        return []
    first = days.begin(days.day_of(period), every)
    wanted = dict(group or {})
    services = _services(district, wanted)
    inside = range(first, days.after(first, every))
    people = _people(kept[0], inside, services)
    asked = _Asked(measure, part, inside, services, wanted, horizon)
    rows: list[Row] = []
    for some in store.portions(sorted(people)):
        rows += asked.rows(some)
        if len(rows) >= limit:
            break
    access.record(
        by=asker, act="measure.listed", what=name,
        detail={"period": period.isoformat(), "every": every, "contacts": len(rows)},
    )  # fmt: skip
    return sorted(rows[:limit], key=lambda row: (row.day, row.contact))


def _services(district: District, group: Mapping[str, str]) -> set[str] | None:
    """The services that a group lets through; None for all."""
    wanted = {name: group[name] for name in group if name in ("service", *_OF_SERVICE)}
    if not wanted:
        return None
    if "service" in wanted:
        return {wanted["service"]}
    return {
        code
        for code, each in district.services.items()
        if all(str(getattr(each, name)) == said for name, said in wanted.items())
    }


_OF_SERVICE = ("setting", "organisation", "place")


def _people(kept: int, inside: range, services: set[str] | None) -> set[int]:
    found: set[int] = set()
    for service, packed in store.rows(
        "SELECT service, people FROM flow_behind WHERE kept = %s AND day >= %s AND day < %s",
        [kept, days.begin(inside.start, "week"), inside.stop],
    ):
        if services is None or service in services:
            found.update(packing.people_in(bytes(packed)))
    return found


@dataclass(frozen=True)
class _Asked:
    """What is asked for: which part of a measure, of which days, services and people."""

    measure: Declared
    part: str
    inside: range
    services: set[str] | None
    group: Mapping[str, str]
    horizon: int

    def rows(self, people: Sequence[int]) -> Iterator[Row]:
        """The contacts of these people that give to it."""
        from onesystem import contacts
        from onesystem.flow.measures.columns import giving, loading

        identities = who.of_persons(people)
        somebody = [s for s in {s.person: s for s in identities.values()}.values()
                    if _is_in(self.group, s)]  # fmt: skip
        place = {each.person: at for at, each in enumerate(somebody)}
        whose = {i: place[s.person] for i, s in identities.items() if s.person in place}
        told = contacts.table_of(whose)
        world = present.world(current(), self.horizon)
        given = giving.ready(self.measure).gives(loading.histories(told, somebody, whose, world))
        lines = [line for line in _lines(given) if self._wanted(line)]
        contact = contacts.of_table(told, {line.contact for line in lines})
        for line in lines:
            yield _row(line, somebody[line.person].person, contact.get(line.contact))

    def _wanted(self, line: Given) -> bool:
        return (
            line.day in self.inside
            and (self.services is None or line.service in self.services)
            and self.group.get("age_band") in {None, days.wide_band(line.band)}
            and bool(getattr(line, self.part) or self.measure.over)
        )


def _lines(given: Any) -> Iterator[Given]:
    """What units give, one by one; `person` is the place among the people."""
    names = ("day", "service", "band", "numerator", "denominator", "contact", "person")
    for day, service, *rest in zip(*(getattr(given, n).tolist() for n in names), strict=True):
        yield Given(day, given.services[service], *rest)


def _row(line: Given, person: int, contact: Contact | None) -> Row:
    return Row(
        person=person, contact=line.contact, day=days.date_of(line.day),
        identity=contact.identity if contact else 0, service=line.service,
        setting=str(contact.setting) if contact else "", numerator=line.numerator,
        denominator=line.denominator, told=contact,
    )  # fmt: skip


def _is_in(group: Mapping[str, str], somebody: Any) -> bool:
    return all(
        getattr(somebody, name) == said
        for name, said in group.items()
        if name in {"practice", "sex", "deprivation", "area"}
    )


__all__ = ["Row", "contacts_behind"]
