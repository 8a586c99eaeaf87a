"""The contacts behind a figure, for those who may see people.

The days of each service remember who gave to them; only these people are worked out again, and
what they give says which contacts it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem import access
from onesystem.district import District, current
from onesystem.flow.measures import (
    days,
    keeping,
    library,
    present,
    reference,
    refreshing,
    store,
    who,
)
from onesystem.vocabulary import BadConfig, Contact, nearest

PARTS = ("numerator", "denominator")
_MOST = 2_000  # people of one list: nobody reads more, and it would hold a page up


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
        raise BadConfig(f"a figure has no {part!r}", nearest(part, PARTS))
    measure, district = library.measure(name), current()
    kept, horizon = store.kept().get(name), store.get_marks().get("horizon")
    if kept is None or horizon is None:
        return []
    first = days.begin(days.day_of(period), every)
    wanted = dict(group or {})
    services = _services(district, wanted)
    inside = range(first, days.after(first, every))
    people = _people(kept[0], inside, services)
    found = _worked(measure, sorted(people)[:limit], inside, services, wanted, horizon)
    rows = [row for row in found if getattr(row, part) or measure.over]
    access.record(
        by=asker, act="measure.listed", what=name,
        detail={"period": period.isoformat(), "every": every, "contacts": len(rows)},
    )  # fmt: skip
    return sorted(rows, key=lambda row: (row.day, row.contact))


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
        [kept, inside.start, inside.stop],
    ):
        if services is None or service in services:
            found.update(keeping.people_in(bytes(packed)))
    return found


def _worked(
    measure: Any, people: list[int], inside: range, services: set[str] | None,
    group: Mapping[str, str], horizon: int,
) -> list[Row]:  # fmt: skip
    world = present.world(current(), horizon)
    engine = reference.ready(measure, world)
    identities = who.of_persons(people)
    somebody = {each.person: each for each in identities.values()}
    units, told = refreshing.units_and_contacts(identities, world)
    rows: list[Row] = []
    for person, each in somebody.items():
        if not _is_in(group, each):
            continue
        for given in engine.gives(units.get(person, []), each):
            if given.day not in inside or (services is not None and given.service not in services):
                continue
            if "age_band" in group and days.wide_band(given.band) != group["age_band"]:
                continue
            contact = told.get(given.contact)
            rows.append(
                Row(
                    person=person, contact=given.contact, day=days.date_of(given.day),
                    identity=contact.identity if contact else 0, service=given.service,
                    setting=str(contact.setting) if contact else "", numerator=given.numerator,
                    denominator=given.denominator, told=contact,
                )
            )  # fmt: skip
    return rows


def _is_in(group: Mapping[str, str], somebody: Any) -> bool:
    return all(
        getattr(somebody, name) == said
        for name, said in group.items()
        if name in {"practice", "sex", "deprivation", "area"}
    )


__all__ = ["Row", "contacts_behind"]
