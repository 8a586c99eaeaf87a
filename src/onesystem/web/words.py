"""Words of pages that need the clock or the district: times in its zone, ages that keep true."""

from datetime import UTC, date, datetime

from markupsafe import Markup

from onesystem.district import current
from onesystem.district import now as district_now
from onesystem.vocabulary import BadConfig, to_local, words


def now() -> datetime:
    """The moment by the district's clock, in UTC."""
    return district_now()


def zone_name() -> str:
    """The zone that pages show times in."""
    try:
        return current().zone
    except (BadConfig, OSError):
        return "UTC"


def local(moment: datetime | date | None, form: str = "%-d %b %Y %H:%M") -> str:
    """A moment as the district's clocks showed it; empty for none."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return to_local(moment, zone_name()).strftime(form)
    return moment.strftime(form.split(" %H", maxsplit=1)[0])


def clock(moment: datetime | None) -> str:
    """The time of day: 14:05."""
    return local(moment, "%H:%M")


def day(moment: datetime | date | None) -> str:
    """The day: 22 Nov 2026."""
    return local(moment, "%-d %b %Y")


def ago(moment: datetime | None, at: datetime | None = None) -> str:
    """The same as markup, with the moment itself in the title; the page keeps it up to date."""
    if moment is None:
        return Markup('<span class="quiet">never</span>')
    return Markup('<time class="ago" datetime="{}" title="{}">{}</time>').format(
        moment.astimezone(UTC).isoformat(timespec="seconds"),
        local(moment),
        words.age(moment, at or now()),
    )


def age(moment: datetime | None) -> str:
    """How long ago, as words alone."""
    return words.age(moment, now())
