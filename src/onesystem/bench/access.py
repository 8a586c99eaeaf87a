"""What access costs: the decision, with and without its facts, scope in a query, the trail."""

import time
from collections.abc import Callable, Iterable

from onesystem.bench.scratch import ED, HOSPITAL, scratch
from onesystem.bench.shape import Row, register

_TOML = (
    HOSPITAL
    + ED
    + """
[organisations.practice]
name = "Practice"
national_code = "P1"
[sources.pas]
name = "Hospital"
organisation = "hospital"
"""
)
_EACH = 4000
_PEOPLE = (
    "INSERT INTO people_identity (id, source, subject, person, seen_at, known_at, message, digest,"
    " texts, family, given, other_names, birth_date, sex, address, postcode, phone, practice, died,"
    " restricted, number, family_key, given_key, address_key, postcode_key, phone_key)"
    " VALUES (%s, 'pas', %s, %s, 0, 0, 0, 0, 0, '', '', '', '', '', '', '', '', %s, '', 0, '', '',"
    " '', '', '', '')"
)
_CONTACTS = (
    "INSERT INTO contacts_contact (contact, visit, source, key, identity, service, setting,"
    ' started, bed, mode, urgency, reason, outcome, "by", cancelled, version, known_at, message,'
    " logged) VALUES (%s, %s, 'pas', %s, %s, 'ed', 'ED', 1, '', '', '', '', '', '', %s, 1, 1, 1, 0)"
)


@register("access", "the decision, its facts, scope in a query, and rows of the trail")
def run(*, full: bool) -> Iterable[Row]:
    """100,000 people (10,000 by default), a third of them with an open contact."""
    people = 100_000 if full else 10_000
    with scratch(_TOML):
        _fill(people)
        yield _row("one decision, facts in hand", _pure(), 20)
        yield _row("one decision, facts from the store", _decided(people))
        yield _row("one person looked up in scope", _scoped(people), 1000)
        yield _row("one row of the trail, 100 in a batch", _batched(), 100)
        yield _row("one look in the trail by itself", _look(), 1000)


def _row(name: str, value: float, target: float | None = None) -> Row:
    return Row(
        name=name, value=round(value, 1), unit="us of CPU", target=target, lower_is_better=True
    )


def _cost(act: Callable[[int], object], times: int = _EACH) -> float:
    """CPU microseconds of one act."""
    act(0)
    start = time.process_time()
    for number in range(times):
        act(number)
    return (time.process_time() - start) / times * 1e6


def _fill(people: int) -> None:
    from django.db import connection, transaction

    from onesystem import wiring

    wiring.connect()
    numbers = range(1, people + 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_PEOPLE, [(n, f"S{n}", n, "P1" if n % 3 else "") for n in numbers])
        cursor.executemany(_CONTACTS, [(n, n, f"V{n}", n, False) for n in numbers if n % 3 == 0])


def _asker() -> object:
    from onesystem.access import Actor, asker_of

    nurse = Actor("bench", frozenset({"hospital-doctor"}), organisation="hospital")
    return asker_of(nurse, "direct care")


def _pure() -> float:
    from onesystem.access import Facts, kinds
    from onesystem.access.decision import may

    asker = _asker()
    facts = Facts(ties=frozenset({"contact"}), withheld=1, sources=frozenset({"pas"}))
    return _cost(lambda n: may(asker, "direct care", facts, kinds.KINDS[n % 7]), _EACH * 20)


def _decided(people: int) -> float:
    from onesystem.access import decide

    asker = _asker()
    return _cost(lambda n: decide(asker, n * 7 % people + 1))


def _scoped(people: int) -> float:
    from django.db import connection

    from onesystem.access import scope

    where, values = scope(_asker()).sql("x.id")
    sql = f"SELECT x.id FROM people_identity x WHERE x.id = %s AND {where}"

    def ask(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [number * 7 % people + 1, *values])
            cursor.fetchall()

    return _cost(ask)


def _rows(many: int) -> list:
    from onesystem.access import Actor, Row

    by = Actor("bench", frozenset({"hospital-doctor"}), organisation="hospital")
    detail = {"ties": ["contact"], "client": "app:bench"}
    return [
        Row(by=by, act="record.read", person=n, purpose="direct care", detail=detail)
        for n in range(many)
    ]


def _batched() -> float:
    from onesystem.access import record_many

    rows = _rows(100)
    return _cost(lambda _: record_many(rows), 60) / 100


def _look() -> float:
    from onesystem.access import record_many

    rows = _rows(1)
    return _cost(lambda _: record_many(rows), 500)
