"""What practices ask of clinics and laboratories, as FHIR ServiceRequests, and that it was done."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson

from onesystem.demo.clinical import doctor
from onesystem.demo.fhir import instant
from onesystem.demo.people import NEVER
from onesystem.demo.seconds import DAY
from onesystem.demo.streams import Stream, vocabulary, word
from onesystem.demo.world import World
from onesystem.vocabulary import codes

_BACK = 365  # days: what was done before is not told of any more
_CATEGORY = {
    "O": ("3457005", "Patient referral"),
    "D": ("108252007", "Laboratory procedure"),
}  # SNOMED CT, as the value set servicerequest-category of FHIR R4 has them


def asks(made: Stream, rows: int | slice = slice(None)) -> Any:
    """Whether a practice asked for it: first appointments, and tests that can wait."""
    if made.series == "O":
        return made.cause_part[rows] == 1
    if made.series == "D":
        return made.urgency[rows] == word("routine")
    return made.person[rows] < 0


def referral(world: World, made: Stream, row: int, subject: str, at: int) -> bytes:
    """A request as the practice's system knows it at that second."""
    words, service = vocabulary(), world.plan.services[int(made.service[row])]
    ended = int(made.ended[row]) if made.ended[row] <= at else 0
    status = ("revoked" if made.cancelled[row] else "completed") if ended else "active"
    code, category = _CATEGORY[made.series]
    soon = made.urgency[row] == word("two weeks")
    return orjson.dumps({
        "resourceType": "ServiceRequest", "id": _name(made, row),
        "meta": {"versionId": "2" if ended else "1",
                 "lastUpdated": instant(ended or int(made.requested[row]))},
        "status": status, "intent": "order", "priority": "urgent" if soon else "routine",
        "category": [{"coding": [{"system": codes.SNOMED, "code": code,
                                  "display": category}]}],
        "code": {"text": words[made.reason[row]] or f"Referral to {service['name']}"},
        "subject": {"reference": f"Patient/{subject}"},
        "authoredOn": instant(int(made.requested[row])),
        "requester": {"display": doctor(int(made.person[row]))},
        "performer": [{"identifier": {"value": service["code"]}, "display": service["name"]}],
    })  # fmt: skip


def referrals(
    world: World, streams: Mapping[str, Stream], subject: Mapping[int, str], cut: int
) -> Iterator[bytes]:
    """What was asked for these people: all that is open, and what was done within a year."""
    for series in _CATEGORY:
        made = streams[series]
        told = asks(made) & (made.requested <= cut) & (made.requested < NEVER)
        told &= np.isin(made.person, np.fromiter(subject, dtype=np.int64))
        told &= made.ended > cut - _BACK * DAY
        for row in np.flatnonzero(told).tolist():
            yield referral(world, made, row, subject[int(made.person[row])], cut)


def _name(made: Stream, row: int) -> str:
    return f"R{made.series}{int(made.number[row]):08d}"
