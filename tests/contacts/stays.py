"""What the tests of the contacts room stand on."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from onesystem import contacts
from onesystem.vocabulary import Act, ContactEvent, Setting

DAY = datetime(2026, 3, 2, tzinfo=UTC)
KNOWN = datetime(2026, 3, 10, 12, tzinfo=UTC)


def at(clock: str, day: int = 0) -> datetime:
    """A time of the first day of these tests, or so many days later."""
    hours, minutes = clock.split(":")
    return DAY + timedelta(days=day, hours=int(hours), minutes=int(minutes))


def event(act: str, clock: str = "", *, visit="V1", service="", day=0, **more) -> ContactEvent:
    """An event that the source wrote down when it happened, unless told otherwise."""
    moment = at(clock, day) if clock else None
    settings = {"ed": Setting.ED, "ward-a": Setting.WARD, "ward-b": Setting.WARD}
    more.setdefault("recorded", moment)
    more.setdefault("setting", settings.get(service))
    return ContactEvent(visit=visit, subject="P1", act=Act(act), at=moment, service=service, **more)


OLD = at("08:00") - timedelta(days=400)


def rows(*said):
    """An extract: each row a dict; identity 7 and service ed unless it says otherwise."""
    plain = {"identity": 7, "service": "ed", "setting": "ED"}
    names = ["key", "identity", "service", "setting", "requested", "started", "ended", "reason"]
    kinds = {"identity": pa.int64()} | dict.fromkeys(
        ["requested", "started", "ended"], pa.timestamp("us", tz="UTC")
    )
    return pa.table(
        {
            name: pa.array([(plain | row).get(name) for row in said], kinds.get(name, pa.string()))
            for name in names
        }
    )


def old(key="A1", **more):
    return {"key": key, "started": OLD, "ended": OLD + timedelta(hours=3), **more}


def open_one(key="B1", **more):
    return {"key": key, "started": at("08:00"), **more}


def append(table, message=1, known_at=KNOWN):
    return contacts.append(table, source="pas", message=message, known_at=known_at)
