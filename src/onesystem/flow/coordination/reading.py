"""The tables that flags are found in: from both stores of contacts, the record and requests.

What happens at a service or comes from a source that the district calls sensitive is left out, as
is what a person marked as confidential: a list that many read must not hint at it. Runs apart from
pages, with memory, threads and temporary files bounded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from onesystem.contacts import operational, relation
from onesystem.district import District
from onesystem.flow.asked import open_requests
from onesystem.flow.measures import frames, who
from onesystem.flow.measures.days import day_of, years_between
from onesystem.record import standing as record
from onesystem.vocabulary import to_local

BACK = 400  # days of contacts that are read: a year, and what a flag needs before it
MEDICINES = ("MedicationRequest", "MedicationStatement")
STANDS = ("active", "on-hold", "recorded")
PLANS = ("CarePlan",)
_CONTACT = """
CREATE TEMP TABLE contact AS
SELECT c.contact, coalesce(p.person, c.identity) AS person, coalesce(p.practice, '') AS practice,
  p.age, coalesce(p.sex, '') AS sex, c.service, c.setting, coalesce(s.organisation, '') AS
  organisation, c.source, c.started AS began, c.ended, c.mode, c.reason, c.outcome,
  c."by" AS clinician
FROM contacts AS c
LEFT JOIN somebody AS p USING (identity)
LEFT JOIN services AS s ON s.service = c.service
WHERE NOT c.cancelled AND c.started IS NOT NULL AND c.started <= $at
  AND coalesce(c.ended, $at) >= c.started AND coalesce(c.ended, $at) > $opens
  AND (p.person IS NULL OR NOT p.died) AND NOT list_contains($shut_services, c.service)
  AND NOT list_contains($shut_sources, c.source) AND c.contact NOT IN (SELECT item FROM sealed)
"""
_EMPTY = (
    "CREATE TEMP TABLE plan (person BIGINT)",
    """CREATE TEMP TABLE medicine (
      person BIGINT, medicine VARCHAR, prescriber VARCHAR, source VARCHAR, began TIMESTAMPTZ)""",
    """CREATE TEMP TABLE request (
      person BIGINT, service VARCHAR, source VARCHAR, began TIMESTAMPTZ)""",
)


def tables(
    duck: Any, district: District, at: datetime, *,
    run: Callable[[Callable[[], Any], Callable[[], None]], Any] = lambda act, _stop: act(),
    say: Callable[[float, str], None] = lambda _share, _said: None,
) -> dict[int, Any]:  # fmt: skip
    """Make the tables; gives what is known of everybody (`measures.world.Somebody`) by identity."""
    say(0.05, "Reading who is who")
    people = who.everybody()
    _register_people(duck, people, at, district.zone)
    _register(duck, "services", service=list(district.services),
              organisation=[s.organisation for s in district.services.values()])  # fmt: skip
    _register(duck, "sealed", item=_sealed())
    opens = at - timedelta(days=BACK)
    # Long stays began before: their files are read too, as far back as somebody could be inside.
    found = relation.contacts(duck, district.path, operational.in_process())
    found.create_view("contacts")
    say(0.15, "Reading contacts")
    values = {
        "at": at, "opens": opens,
        "shut_services": [c for c, s in district.services.items() if s.sensitive],
        "shut_sources": [c for c, s in district.sources.items() if s.sensitive],
    }  # fmt: skip
    run(lambda: duck.execute(_CONTACT, values), duck.interrupt)
    for sql in _EMPTY:
        duck.execute(sql)
    say(0.5, "Reading care plans, medicines and requests")
    persons = {identity: each.person for identity, each in people.items()}
    _plans(duck, persons)
    _medicines(duck, persons, at)
    _requests(duck, persons, district)
    return people


def _register_people(duck: Any, people: dict[int, Any], at: datetime, zone: str) -> None:
    import pyarrow as pa

    day = day_of(to_local(at, zone).date())
    table = frames.somebody_table(who.as_rows(people))
    ages = [years_between(each.born, day) for each in people.values()]
    table = table.append_column("age", pa.array(ages, pa.int64()))
    duck.register("somebody_in", table)
    duck.execute(
        "CREATE TEMP TABLE somebody AS"
        " SELECT identity, person, age, sex, practice, died IS NOT NULL AS died FROM somebody_in"
    )


def _sealed() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT item FROM access_seal WHERE kind = 'contact' AND until IS NULL")
        return [item for (item,) in cursor.fetchall()]


def _plans(duck: Any, persons: dict[int, int]) -> None:
    having = record.having(PLANS, ("active", "on-hold"))
    _fill(duck, "plan", {(persons[i],) for i in having if i in persons})


def _medicines(duck: Any, persons: dict[int, int], at: datetime) -> None:
    """The medicines of those who have many; only of them are the resources opened."""
    from onesystem.record.summary.folding import plain

    since = round((at - timedelta(days=BACK)).timestamp() * 1_000_000)
    mine: dict[int, list[tuple[Any, str]]] = defaultdict(list)
    for each in record.standing(MEDICINES, STANDS, since=since, least=_MANY):
        if each.identity in persons:
            mine[persons[each.identity]].append((each, plain(each.words)))
    who_asked = record.requesters(e.entry for said in mine.values() for e, _ in said)
    rows = [
        (person, words, f"{e.source} {who_asked.get(e.entry, '')}", e.source, e.at)
        for person, said in mine.items() for e, words in said
    ]  # fmt: skip
    _fill(duck, "medicine", rows, "?, ?, ?, ?, make_timestamptz(?)")


_MANY = 5  # fewer different medicines are polypharmacy by nobody's definition


def _requests(duck: Any, persons: dict[int, int], district: District) -> None:
    shut = {c for c, s in district.services.items() if s.sensitive}
    rows = [
        (persons[identity], service, source, at)
        for identity, service, source, at in open_requests()
        if identity in persons and service and service not in shut
        and not district.source(source).sensitive
    ]  # fmt: skip
    _fill(duck, "request", rows, "?, ?, ?, make_timestamptz(?)")


def _fill(duck: Any, table: str, rows: Iterable[tuple[Any, ...]], marks: str = "?") -> None:
    if lines := list(rows):
        duck.executemany(f"INSERT INTO {table} VALUES ({marks})", lines)


def _register(duck: Any, name: str, **columns: list[Any]) -> None:
    import pyarrow as pa

    kinds = {"item": pa.int64()}
    table = pa.table({key: pa.array(v, kinds.get(key, pa.string())) for key, v in columns.items()})
    duck.register(f"{name}_in", table)
    duck.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_in")


__all__ = ["tables"]
