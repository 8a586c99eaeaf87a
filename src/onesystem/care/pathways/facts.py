"""The facts of a person out of the record: built once, asked by every condition of every pathway.

Entries that came as HL7 v2 or as rows of an extract are composed as FHIR as everywhere else, so a
condition does not know how anything came. What the asker may not see is not there; where senders
are shut to them, `partly` keeps an absence from being read as a no.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from onesystem import access, contacts, district, people
from onesystem.access.quick import rows
from onesystem.care.pathways.known import Facts, Met, Waits
from onesystem.record import queries as record
from onesystem.record.fhir.serving import columns, shown
from onesystem.record.sight import Sight
from onesystem.record.summary.patient import patient_of
from onesystem.vocabulary import Standing

_MOST = {  # the newest of a kind that conditions could ask for
    "Condition": 200, "Observation": 600, "MedicationRequest": 150, "MedicationStatement": 100,
    "AllergyIntolerance": 60, "Flag": 30, "CarePlan": 20, "Consent": 20, "Immunization": 60,
    "Procedure": 60,
}  # fmt: skip
_GONE = "('deleted', 'entered-in-error')"
_AS = {"MedicationStatement": "MedicationRequest"}  # asked for under one name


def facts_of(
    person: int,
    *,
    by: access.Asker,
    at: datetime | None = None,
    allowed: access.Allowed | None = None,
) -> Facts:
    """What the asker may know of a person, for conditions. Raises NotPermitted."""
    if allowed is None:
        allowed = access.require_open(by, person)
    sight = record.sight_of(person, by=by.actor, purpose=by.purpose, allowed=allowed)
    views = sight.identities(people.identities_of(person))
    ids = [each.identity for each in views]
    return Facts(
        now=at or district.now(),
        patient=patient_of(person, views),
        resources=_resources(ids, sight),
        contacts=_contacts(ids, sight),
        requests=tuple(
            Waits(service=each.service, what=each.what, at=each.at)
            for each in record.requests(ids)
            if each.open and allowed.record and each.source not in allowed.without
        ),
        partly=bool(allowed.without) or not allowed.record,
    )


def _resources(ids: Sequence[int], sight: Sight) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, most in _MOST.items():
        if held := _newest_of(ids, kind, most, sight):
            found[_AS.get(kind, kind)] = found.get(_AS.get(kind, kind), []) + held
    return found


def _newest_of(ids: Sequence[int], kind: str, most: int, sight: Sight) -> list[dict[str, Any]]:
    if not ids:
        return []
    where, more = sight.row_sql("e")
    one = (
        f"SELECT {columns('e')}, COALESCE(e.at, e.recorded) AS moment FROM record_entry e "
        f"WHERE e.identity = %s AND e.identity > 0 AND e.kind = %s AND e.status NOT IN {_GONE} "
        f"AND {where} ORDER BY e.at DESC NULLS LAST LIMIT %s"
    )
    sql = " UNION ALL ".join([f"SELECT * FROM ({one}) AS x"] * len(ids))
    found = rows(sql, [value for each in ids for value in (each, kind, *more, most)])
    found = sorted(found, key=lambda row: row[-1], reverse=True)[:most]
    return [orjson.loads(shown(row).body) for row in found]


def _contacts(ids: Sequence[int], sight: Sight) -> tuple[Met, ...]:
    here = district.current()
    return tuple(
        Met(
            service=each.service,
            setting=each.setting.value,
            at=each.started or each.requested,
            open=each.standing in {Standing.HERE, Standing.READY},
            reason=each.reason,
        )
        for each in contacts.of_identities(ids)
        if not each.cancelled and sight.shows(each, here)
    )
