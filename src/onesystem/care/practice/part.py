"""Taking what was said of a person: who leads, and what happened elsewhere and was seen."""

from collections.abc import Sequence

from django.db import connection

from onesystem.care.parts import Part, Taken
from onesystem.care.practice.rows import ElsewhereRow, LeadRow
from onesystem.vocabulary.kept import to_micros

NAME = "practice"
LED, SEEN, UNSEEN = "led", "seen", "unseen"
_TABLES = ("care_lead", "care_elsewhere")


def take(acts: Sequence[Taken]) -> None:
    """Keep leads and acknowledgements; what was taken back is marked, in whatever order."""
    led = [each for each in acts if each.act.verb == LED]
    LeadRow.objects.bulk_create([_lead(each) for each in led], ignore_conflicts=True)
    told = [each for each in acts if each.act.verb in {SEEN, UNSEEN}]
    ElsewhereRow.objects.bulk_create(
        [row for each in told for row in _elsewhere(each)], ignore_conflicts=True
    )


def _lead(taken: Taken) -> LeadRow:
    act = taken.act
    return LeadRow(
        act=act.act, identity=taken.identity, organisation=act.thing, by=act.by,
        clinician=str(act.said.get("clinician", "")), at=to_micros(act.recorded),
        message=taken.message,
    )  # fmt: skip


def _elsewhere(taken: Taken) -> list[ElsewhereRow]:
    act = taken.act
    return [
        ElsewhereRow(
            act=act.act, identity=taken.identity, contact=int(contact), organisation=act.thing,
            ended=bool(ended), undone=act.verb == UNSEEN, by=act.by, at=to_micros(act.recorded),
            message=taken.message,
        )
        for contact, ended in act.said["contacts"]
    ]  # fmt: skip


def erase() -> None:
    """Forget all, before a replay says it anew."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")


def forget(identities: Sequence[int]) -> int:
    """Forget what was said of people whose record is destroyed; how many rows."""
    gone, marks = 0, ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE identity IN ({marks})", list(identities))
            gone += cursor.rowcount
    return gone


PART = Part(take=take, erase=erase, forget=forget)
