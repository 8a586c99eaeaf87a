"""The contacts behind an opportunity, for those who may see people; as measures list theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from onesystem import access, people
from onesystem.flow import answers
from onesystem.flow.chances.keeping import BEHIND, behind_of
from onesystem.flow.chances.question import Period

NARROWS = ("service", "practice", "cause", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contact: whose, when it counts from, where, why, and what it lost (days, minor units)."""

    contact: int
    person: int
    at: datetime
    service: str
    practice: str
    cause: str
    other: str
    days: float
    money: int


def contacts_behind(
    kind: str, period: Period, *, where: Mapping[str, str], asker: access.Actor
) -> list[Row]:
    """The contacts that lost the most, of those that were kept; audited.

    Raises NotPermitted for those who may not open people. People are as the map is now: somebody
    whose record was destroyed since is no longer listed.
    """
    access.require(asker, "person.open")
    kept = answers.kept(BEHIND, behind_of(period, kind))
    found = kept.found["rows"] if kept and kept.found else []
    wanted = {name: where[name] for name in NARROWS if where.get(name)}
    chosen = [row for row in found if all(row[_PLACE[n]] == v for n, v in wanted.items())]
    persons = people.person_of({row[1] for row in chosen})
    rows = [_row(row, persons[row[1]]) for row in chosen if row[1] in persons]
    access.record(
        by=asker, act="opportunity.listed", what=kind,
        detail={**period.as_dict(), "contacts": len(rows), **wanted},
    )  # fmt: skip
    return rows


# contact, identity, person, moment, service, practice, cause, other, lost, money
_PLACE = {"service": 4, "practice": 5, "cause": 6, "other": 7}


def _row(row: list[object], person: int) -> Row:
    contact, _, _, moment, service, practice, cause, other, lost, money = row
    return Row(
        contact=int(contact),  # type: ignore[call-overload]
        person=person,
        at=datetime.fromtimestamp(int(moment) / 1000, UTC),  # type: ignore[call-overload]
        service=str(service),
        practice=str(practice),
        cause=str(cause),
        other=str(other),
        days=int(lost) / 86_400_000,  # type: ignore[call-overload]
        money=int(money),  # type: ignore[call-overload]
    )
