"""The contacts behind what a service cost in a month, for those who may open people; audited."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from onesystem import access, people
from onesystem.budget.contracts import attributing
from onesystem.budget.contracts.agreement import Scope
from onesystem.budget.costing import store
from onesystem.budget.costing.cells import number_of
from onesystem.contacts import operational, relation
from onesystem.district import current
from onesystem.vocabulary import to_local

_MOST = 2_000  # contacts of one list
_LONGEST = timedelta(days=400)  # a stay that began earlier is not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One contact: whose it was, when, and what it cost in the month."""

    contact: int
    person: int
    began: str
    ended: str
    minor: int


_SQL = """
SELECT c.contact, c.identity, epoch_ms(c.started), epoch_ms(c.ended), sum(k.minor)::BIGINT AS minor
FROM costs AS k JOIN contacts AS c ON c.contact = k.contact
WHERE c.service = ? GROUP BY ALL ORDER BY minor DESC, c.contact LIMIT ?
"""


_MEANT = """
SELECT c.contact, c.identity, epoch_ms(c.started), epoch_ms(c.ended), sum(k.minor)::BIGINT AS minor
FROM costs AS k JOIN meant AS c ON c.contact = k.contact
GROUP BY ALL ORDER BY minor DESC, c.contact LIMIT ?
"""


def of(
    service: str, month: str, *, by: access.Actor, scope: Scope | None = None
) -> list[Behind]:  # fmt: skip
    """The contacts with a service that cost something in a month, the dearest first; of those
    alone whom a contract is for, where its scope says for whom.
    """
    access.require(by, "person.open")
    first = date.fromisoformat(month)
    rows = _rows(service, first, scope)
    persons = people.person_of({row[1] for row in rows})
    found = [_behind(row, persons[row[1]]) for row in rows if row[1] in persons]
    access.record(
        by=by, act="contract.contacts_listed", what=service,
        detail={"month": month[:7], "contacts": len(found)},
    )  # fmt: skip
    return found


def _rows(service: str, first: date, scope: Scope | None) -> list[Any]:
    import duckdb

    files = [str(store.place() / part.name) for part in store.current().parts.values()]
    if not files:
        return []
    began = f"{first - _LONGEST:%Y-%m}"
    with duckdb.connect() as duck:
        if scope is not None and scope.limited:
            attributing.prepare(duck, scope, {service})
            duck.read_parquet(files).filter(f"month = {number_of(first)}").create_view("costs")
            return duck.execute(_MEANT, [_MOST]).fetchall()
        contacts = relation.contacts(
            duck, current().path, operational.in_process(), months=(began, f"{first:%Y-%m}")
        )
        contacts.create_view("contacts")
        duck.read_parquet(files).filter(f"month = {number_of(first)}").create_view("costs")
        return duck.execute(_SQL, [service, _MOST]).fetchall()


def _behind(row: Any, person: int) -> Behind:
    contact, _, started, ended, minor = row
    return Behind(
        contact=contact, person=person, began=_day(started), ended=_day(ended), minor=minor
    )


def _day(millis: int | None) -> str:
    if millis is None:
        return ""
    moment = datetime.fromtimestamp(millis / 1000, UTC)
    return f"{to_local(moment, current().zone):%Y-%m-%d %H:%M}"
