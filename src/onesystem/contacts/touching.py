"""Whose contacts changed since somebody last asked: a list that measures work off.

A row is written in the change's own transaction and taken away by whoever works it off, in theirs.
So no order of commits can hide one, which a number that counts upward could.
"""

from collections.abc import Iterable

from django.db import connection

from onesystem.vocabulary.arrays import array_of

EVERYBODY = 0  # stands for all identities: a bulk load, or contacts that were erased
_MANY = 20_000  # identities of one change, beyond which it is quicker to look at everybody
_ONCE = "ON CONFLICT (identity) DO NOTHING"


def touch(identities: Iterable[int]) -> None:
    """Note that contacts of these identities changed. Call it in the change's transaction."""
    some = sorted(set(identities))
    if len(some) > _MANY:
        some = [EVERYBODY]
    if not some:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO contacts_touched (identity) SELECT unnest(%s::bigint[]) {_ONCE}",
                [array_of(some)],
            )
        else:
            cursor.executemany(
                f"INSERT INTO contacts_touched (identity) VALUES (%s) {_ONCE}",
                [(each,) for each in some],
            )


def touched(limit: int = -1) -> list[int]:
    """Identities whose contacts changed, EVERYBODY first."""
    cut = f" LIMIT {int(limit)}" if limit >= 0 else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT identity FROM contacts_touched ORDER BY identity{cut}")
        return [identity for (identity,) in cursor.fetchall()]


def forget_touched(identities: Iterable[int]) -> None:
    """Take identities off the list. Do it before reading their contacts, in one transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM contacts_touched WHERE identity = %s", [(each,) for each in identities]
        )
