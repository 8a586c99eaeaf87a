"""Somebody who stayed on a ward after they were ready, for tests of pages and of the browser."""

from datetime import UTC, datetime, timedelta

from onesystem.flow.chances.question import Period
from onesystem.vocabulary import Act, ContactEvent

PERIOD = Period.usual(datetime.now(UTC).date())
SOON = datetime(PERIOD.start.year, PERIOD.start.month, 10, 10, tzinfo=UTC)


def stayed(number, service, ready_hours, outcome):
    """Somebody was on a ward, ready after a day, and stayed on for so many hours."""
    start = SOON + timedelta(hours=number)
    ready = start + timedelta(days=1)
    event = ContactEvent(
        visit=f"S{number}", subject=f"p{number}", act=Act.STATE, at=start, recorded=start,
        service=service, started=start, ready=ready, ended=ready + timedelta(hours=ready_hours),
        outcome=outcome,
    )  # fmt: skip
    return ("pas", f"p{number}", 1, event)
