"""How many people somebody opens in an hour: what stops a script that walks through the record.

People are counted, not pages: a nurse who reads one person's pages all morning opened one.
"""

import time

from django.db import connection

from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.keeping import flag
from onesystem.district import current

_KEPT_HOURS = 48
_ADD = (
    "INSERT INTO access_opened (actor, hour, person) VALUES (%s, %s, %s) "
    "ON CONFLICT (actor, hour, person) DO NOTHING"
)


def too_many(actor: Actor, person: int) -> bool:
    """Count a person whom somebody opens; whether that is more than the district allows.

    The first one too many is put on the privacy officer's list.
    """
    most = current().guard.people_per_hour
    if actor.is_job or not most:
        return False
    hour = int(time.time()) // 3600
    with connection.cursor() as cursor:
        # Most looks are at somebody who is open already: that writes nothing, and waits for nobody.
        if place := _place(cursor, actor, hour, person):
            return place > most  # among those opened before the limit was reached, or not
        cursor.execute(_ADD, [actor.name, hour, person])
        if cursor.rowcount != 1:  # another window was quicker
            return _place(cursor, actor, hour, person) > most
        cursor.execute(
            "SELECT COUNT(*) FROM access_opened WHERE actor = %s AND hour = %s", [actor.name, hour]
        )
        (count,) = cursor.fetchone()
        if count == 1:
            cursor.execute("DELETE FROM access_opened WHERE hour < %s", [hour - _KEPT_HOURS])
    if count == most + 1:
        row = record(by=actor, act="volume.stopped", detail={"people": count, "hour": hour})
        flag(rule="volume", actor=actor.name, audit=row, people=count)
    return bool(count > most)


def _place(cursor: object, actor: Actor, hour: int, person: int) -> int:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT COUNT(*) FROM access_opened a JOIN access_opened b ON b.actor = a.actor "
        "AND b.hour = a.hour AND b.id <= a.id WHERE a.actor = %s AND a.hour = %s AND a.person = %s",
        [actor.name, hour, person],
    )
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]
