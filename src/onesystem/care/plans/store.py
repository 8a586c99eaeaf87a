"""Taking in what was said of care plans, and reading it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection

from onesystem import contacts
from onesystem.care.parts import Part, Taken
from onesystem.care.plans.plan import Plan, Told, fold
from onesystem.care.tasks.store import TOPIC, erase_part, keep_said
from onesystem.vocabulary import CareAct
from onesystem.vocabulary.kept import from_micros, to_micros

PART = "plans"
_UPSERT = (
    'INSERT INTO care_handover (key, identity, team, owner, "by", at, taken_by)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO UPDATE SET"
    " taken_by = excluded.taken_by"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand-over that nobody has said yet that they have."""

    key: str
    identity: int
    team: str
    owner: str
    by: str
    at: datetime


def take(acts: Sequence[Taken]) -> None:
    """Keep what was said, and which hand-overs wait."""
    keep_said(acts)
    overs = {a.act.thing: a.identity for a in acts if a.act.verb in {"handed-over", "taken-over"}}
    for thing, identity in overs.items():
        found = fold(_told("part = %s AND thing = %s", [PART, thing])).hand_overs
        for over in found:
            row = (over.key, identity, over.team, over.owner, over.by, to_micros(over.at),
                   over.taken_by)  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute(_UPSERT, row)
            contacts.announce(TOPIC, {"team": over.team})


def _told(where: str, values: Sequence[object]) -> list[Told]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT thing, verb, act, "by", at, said FROM care_said WHERE {where}', list(values)
        )
        return [
            Told(
                thing=thing, verb=verb, act=act, by=by, at=from_micros(at), said=orjson.loads(said)
            )
            for thing, verb, act, by, at, said in cursor.fetchall()
        ]


def plan_of(identities: Sequence[int]) -> Plan:
    """The plan of a person's identities."""
    marks = ", ".join(["%s"] * len(identities)) or "NULL"
    return fold(_told(f"part = %s AND identity IN ({marks})", [PART, *identities]))


def plan_with(identities: Sequence[int], told: CareAct) -> Plan:
    """The same as it will be once one more thing is said."""
    marks = ", ".join(["%s"] * len(identities)) or "NULL"
    known = _told(f"part = %s AND identity IN ({marks})", [PART, *identities])
    more = Told(thing=told.thing, verb=told.verb, act=told.act, by=told.by, at=told.recorded,
                said=told.said)  # fmt: skip
    return fold([*known, more])


def waiting(condition: str, values: Sequence[object]) -> list[Waiting]:
    """Hand-overs `h` that wait and meet a condition, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT h.key, h.identity, h.team, h.owner, h."by", h.at FROM care_handover h'
            f" WHERE h.taken_by = '' AND {condition} ORDER BY h.at",
            list(values),
        )
        return [Waiting(*row[:5], from_micros(row[5])) for row in cursor.fetchall()]


def erase() -> None:
    """Forget all plans, before a replay says them anew."""
    erase_part(PART)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_handover")


def forget(identities: Sequence[int]) -> int:
    """Forget hand-overs of people whose record is destroyed; what was said goes with tasks."""
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM care_handover WHERE identity IN ({marks})", list(identities))
        return int(cursor.rowcount)


def part() -> Part:
    """What the wiring registers."""
    return Part(take=take, erase=erase, forget=forget)
