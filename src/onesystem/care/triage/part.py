"""Taking what crews decided."""

from collections.abc import Sequence

import orjson
from django.db import connection

from onesystem.care.parts import Part, Taken
from onesystem.care.triage.rows import CrewRow
from onesystem.vocabulary.kept import to_micros

NAME = "crew"


def take(acts: Sequence[Taken]) -> None:
    """Keep decisions, in whatever order they come."""
    CrewRow.objects.bulk_create(
        [_row(each) for each in acts if each.act.verb == "decided"], ignore_conflicts=True
    )


def _row(taken: Taken) -> CrewRow:
    act, said = taken.act, taken.act.said
    return CrewRow(
        act=act.act, identity=taken.identity, contact=said["contact"] or None,
        outcome=said["outcome"], service=said["to"], said=orjson.dumps(dict(said)).decode(),
        organisation=said["organisation"], by=act.by, at=to_micros(act.recorded),
        message=taken.message,
    )  # fmt: skip


def erase() -> None:
    """Forget all, before a replay says it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_crew")


def forget(identities: Sequence[int]) -> int:
    """Forget what was decided for people whose record is destroyed; how many rows."""
    return CrewRow.objects.filter(identity__in=list(identities)).delete()[0]


PART = Part(take=take, erase=erase, forget=forget)
