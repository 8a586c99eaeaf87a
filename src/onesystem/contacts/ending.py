"""When each identity's contacts ended, by service: what rules of retention count from."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from onesystem.contacts import queries
from onesystem.contacts.log import manifest, scan
from onesystem.vocabulary.kept import to_micros

Last = tuple[int, str, str, int | None]  # identity, service, setting, microseconds; None: open

_STORED = (
    "SELECT identity, service, setting, MAX(CASE WHEN ended IS NULL THEN 1 ELSE 0 END), "
    "MAX(COALESCE(ended, ready, started, requested)) FROM contacts_contact WHERE NOT cancelled "
    "GROUP BY identity, service, setting"
)
_LOGGED = (
    "SELECT identity, service, setting, MAX(CASE WHEN ended IS NULL THEN 1 ELSE 0 END), "
    "MAX(epoch_us(COALESCE(ended, ready, started, requested))) FROM {log} AS l "
    "WHERE NOT cancelled GROUP BY identity, service, setting"
)


def last_ends() -> list[Last]:
    """The last end of all contacts of each identity in each service, over both stores.

    A contact that lies in both counts in both, which moves no last day.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STORED)
        rows: list[Any] = list(cursor.fetchall())
    now = manifest.current()
    if now.months:
        duck = scan.connect()
        rows += duck.execute(_LOGGED.format(log=scan.latest_sql(now))).fetchall()
        duck.close()
    return [
        (i, service, setting, None if is_open else at) for i, service, setting, is_open, at in rows
    ]


def last_ends_of(identities: Iterable[int]) -> list[Last]:
    """The same of a few identities, one row a contact: it reads no more than theirs."""
    return [
        (each.identity, each.service, each.setting, to_micros(each.ended) if each.ended else None)
        for each in queries.of_identities(identities)
        if not each.cancelled
    ]
