"""Keeping the steps of who pays: never edited, counted by person, forgotten with the person."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from onesystem.budget.entitlement.rows import ChargePerson, ChargeStep
from onesystem.budget.entitlement.steps import Standing, Step, standing
from onesystem.district import now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros, to_micros

_SOME = 500


def steps_of(identities: Sequence[int]) -> list[Step]:
    """All steps about a person; of several identities in the order of time, numbered anew."""
    rows = ChargeStep.objects.filter(identity__in=list(identities)).order_by("at", "number")
    return [
        Step(number=place, key=row.pk, verb=row.verb, by=row.by, at=from_micros(row.at),
             said=json.loads(row.said))
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip


@transaction.atomic
def add(
    identities: Sequence[int], verb: str, said: Mapping[str, Any], *, by: str, seen: int
) -> tuple[Standing, str]:
    """Take a step; gives how it stands then and the person's key. Raises UserError for a late one.

    `seen` is how many steps the page knew: who comes second is told so.
    """
    whose = held(identities)
    known = steps_of(identities)
    if seen != len(known):
        last = known[-1] if known else None
        who = f" {last.by} did: {last.verb}." if last else ""
        raise UserError("somebody else was quicker", f"Load the page again.{who}")
    own = ChargeStep.objects.filter(identity=whose.identity).count()
    ChargeStep.objects.create(
        identity=whose.identity, number=own + 1, verb=verb, by=by, at=to_micros(now()),
        said=json.dumps(dict(said), sort_keys=True),
    )  # fmt: skip
    stands = standing(steps_of(identities))
    ChargePerson.objects.filter(pk=whose.pk).update(
        steps=F("steps") + 1, state=stands.state, settle_by=stands.settle_by, review=stands.review
    )
    return stands, whose.person_key


def held(identities: Sequence[int]) -> ChargePerson:
    """The row of a person, theirs alone until this transaction is over; made where there is none.

    SQLite has one writer at a time: the update takes its turn there.
    """
    if not identities:
        raise UserError("there is nobody of that number", "Search for the person again.")
    anchor = min(identities)
    found = ChargePerson.objects.filter(identity__in=list(identities)).order_by("identity").first()
    if found is None:
        found, _ = ChargePerson.objects.get_or_create(
            identity=anchor, defaults={"person_key": secrets.token_hex(8)}
        )
    ChargePerson.objects.filter(pk=found.pk).update(steps=F("steps"))
    return found


def forget(identities: Sequence[int]) -> int:
    """Forget what people pay whose record is destroyed; gives how many rows."""
    many = 0
    for start in range(0, len(identities), _SOME):
        some = list(identities[start : start + _SOME])
        marks = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            for table in ("budget_charge_step", "budget_charge_person"):
                cursor.execute(f"DELETE FROM {table} WHERE identity IN ({marks})", some)
                many += int(cursor.rowcount)
    return many
