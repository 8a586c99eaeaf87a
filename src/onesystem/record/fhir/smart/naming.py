"""How a person and a user are called in FHIR: the Patient in context, and fhirUser."""

import hashlib
import json
import re
from typing import Any

from django.db import connection

from onesystem import access, feeds
from onesystem.access.deciding import identities_of

SOURCE = "onesystem"
_USERS = "urn:onesystem:user"


def patient_of(person: int, asker: access.Asker) -> str:
    """The id of the Patient that a person is called by; empty where the asker sees none.

    A person whom several sources describe has several: the one that was described last.
    """
    identities = identities_of(person)
    if not identities:
        return ""
    where, values = access.scope(asker).row_sql("e")
    marks = ", ".join(["%s"] * len(identities))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.logical FROM record_entry AS e WHERE e.kind = 'Patient' "
            f"AND e.identity IN ({marks}) AND {where} "
            "ORDER BY e.recorded DESC, e.entry LIMIT 1",
            [*identities, *values],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def user_of(user: Any, own: int | None, asker: access.Asker) -> str:
    """The address of a user's own resource, relative to the FHIR base; empty where there is none.

    A person who uses their own record is their Patient. A member of staff is a Practitioner,
    which the district keeps for them from the first time that an application asks.
    """
    if own is not None:
        found = patient_of(own, asker)
        return f"Patient/{found}" if found else ""
    username = user.get_username()
    key = f"user-{username}" if re.fullmatch(r"[A-Za-z0-9.-]{1,50}", username) else ""
    key = key or f"user-{hashlib.sha256(username.encode()).hexdigest()[:24]}"
    return f"Practitioner/{_kept(key, user) or key}"


def _kept(key: str, user: Any) -> str:
    body = {
        "resourceType": "Practitioner", "id": key, "active": True,
        "identifier": [{"system": _USERS, "value": user.get_username()}],
        "name": [{"text": user.get_full_name()}],
    }  # fmt: skip
    data = json.dumps(body, ensure_ascii=False).encode()
    feeds.take_messages([feeds.Arrival(source=SOURCE, data=data, name="user", format="fhir")])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT logical FROM record_entry WHERE source = %s AND kind = 'Practitioner' "
            "AND key = %s",
            [SOURCE, f"Practitioner/{key}"],
        )
        row = cursor.fetchone()
    return row[0] if row else ""
