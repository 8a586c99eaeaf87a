"""Of services in scope, the contacts of those whom a contract is for: by age, and by practice.

A contract that says so is about people of an age and of the lists of some practices. Then what
counts is what contacts of those people cost, and how many they were: each contact by the age that
the person had when it began, and by the practice that they are registered with now. Of whom neither
is known is nobody whom it is for.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from onesystem.budget.contracts.agreement import Scope
from onesystem.budget.contracts.costs import Cost
from onesystem.budget.costing import queries, store
from onesystem.budget.costing.cells import month_of, number_of
from onesystem.budget.costing.persons import whose
from onesystem.contacts import operational, relation
from onesystem.district import current
from onesystem.vocabulary.said import say

# The day of a contact is told by the clocks of Greenwich: nobody is a year older for an hour.
MEANT = """
SELECT c.contact, c.service, c.identity, c.started, c.ended, w.person
FROM contacts AS c JOIN whose AS w ON w.identity = c.identity
WHERE c.service IN (SELECT unnest(?::VARCHAR[]))
  AND (? = 0 OR w.born IS NOT NULL AND date_sub('year', DATE '1970-01-01' + w.born::INTEGER,
       CAST(c.started AS DATE)) >= ?)
  AND (? = 0 OR w.born IS NOT NULL AND date_sub('year', DATE '1970-01-01' + w.born::INTEGER,
       CAST(c.started AS DATE)) < ?)
  AND (len(?::VARCHAR[]) = 0 OR w.practice IN (SELECT unnest(?::VARCHAR[])))
"""
_SUMS = """
SELECT m.service, k.month, k.basis::VARCHAR, sum(k.began::INTEGER)::BIGINT, sum(k.minor)::BIGINT
FROM costs AS k JOIN meant AS m ON m.contact = k.contact
WHERE k.month BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL
"""


def of_people(scope: Scope, services: Collection[str], first: date, last: date) -> list[Cost]:
    """Contacts and costs of services, of those whom it is for, month by month (both included).

    Raises UserError where the costs do not reach so far.
    """
    import duckdb

    queries.require_costed(
        last, say("Settle up to an earlier month, or work the costs out again once it is over.")
    )
    files = [str(store.place() / part.name) for part in store.current().parts.values()]
    if not files:
        return []
    with duckdb.connect() as duck:
        prepare(duck, scope, services)
        duck.read_parquet(files).create_view("costs")
        rows = duck.execute(_SUMS, [number_of(first), number_of(last)]).fetchall()
    return [
        Cost(service=service, month=month_of(month), contacts=contacts, minor=minor, basis=basis)
        for service, month, basis, contacts, minor in rows
    ]


def prepare(duck: Any, scope: Scope, services: Collection[str]) -> None:
    """Put the contacts of those whom it is for into the table `meant`."""
    # As tables of its own: what is read in place takes no filters that come of a join.
    known = relation.contacts(duck, current().path, operational.in_process())
    known.select("contact, identity, service, started, ended").create("contacts")
    duck.from_arrow(whose()).create("whose")
    said = [sorted(services), scope.from_age, scope.from_age, scope.below_age, scope.below_age]
    practices = list(scope.practices)
    duck.execute(f"CREATE TEMP TABLE meant AS {MEANT}", [*said, practices, practices])
