"""The directory in the record's FHIR API: handed in as any source would, whenever it changed.

Services, places and organisations are about nobody, so whoever may ask the API at all reads them.
Slots are not told there: they change by the minute, and are asked for here.
"""

import hashlib
from typing import Any

import orjson

from onesystem import access, feeds
from onesystem.access import Actor
from onesystem.care.services.exchange import taking
from onesystem.district import current

SOURCE = "directory"
FILE = "directory.digest"  # of what was handed in last; where it is lost, it is handed in again


def publish(*, by: Actor) -> bool:
    """Hand the directory in where it says something new; whether it did."""
    made = taking.exported("fhir")
    at = made.pop("timestamp")
    made["entry"] = [each for each in made["entry"] if _lasts(each)]
    said = hashlib.blake2b(orjson.dumps(made, option=orjson.OPT_SORT_KEYS)).hexdigest()
    file = current().path / FILE
    if not made["entry"] or (file.exists() and file.read_text(encoding="ascii") == said):
        return False
    data = orjson.dumps({**made, "timestamp": at})
    feeds.take_messages(
        [feeds.Arrival(source=SOURCE, data=data, name="directory.json", format="fhir")],
        district=current(),
    )
    access.record(by=by, act="services.published", detail={"entries": len(made["entry"])})
    file.write_text(said, encoding="ascii")
    return True


def _lasts(each: dict[str, Any]) -> bool:
    return each["resource"]["resourceType"] not in {"Slot", "Schedule"}
