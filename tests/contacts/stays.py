"""What the tests of the contacts room stand on."""

from datetime import UTC, datetime, timedelta

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
