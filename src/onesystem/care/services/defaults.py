"""What the directory says of a service before anybody wrote an entry: the district, its setting."""

from onesystem.care.services.entry import Entry, Timer
from onesystem.care.services.hours import Opening
from onesystem.district import District, Service
from onesystem.vocabulary import Setting

# What a setting is asked for at all. Nobody is referred to a pharmacy before it says so.
_ACCEPTS: dict[Setting, tuple[str, ...]] = {
    Setting.GENERAL_PRACTICE: ("referral", "advice"),
    Setting.OUT_OF_HOURS: ("referral", "advice"),
    Setting.ED: ("referral", "advice"),
    Setting.WARD: ("referral", "advice"),
    Setting.OUTPATIENT: ("referral", "advice"),
    Setting.DIAGNOSTICS: ("order", "advice"),
    Setting.COMMUNITY: ("referral", "order", "advice"),
    Setting.REHABILITATION: ("referral", "advice"),
    Setting.HOME_CARE: ("referral", "order"),
    Setting.CARE_HOME: ("referral",),
    Setting.MEALS: ("order",),
    Setting.TELEPHONE: ("advice",),
}
# Hours by the clock to be looked at, and to be answered. A district sets its own, entry by entry.
_TIMERS = (("routine", 72, 336), ("soon", 24, 72), ("urgent", 4, 24), ("emergency", 1, 2))


def plain(service: Service, district: District) -> Entry:
    """The entry of a service of the district that nobody has written yet."""
    organisation = district.organisations.get(service.organisation)
    return Entry(
        service=service.code,
        name=service.name,
        setting=str(service.setting),
        organisation=service.organisation,
        gone=service.until,
        accepts=_ACCEPTS.get(service.setting, ()),
        hours=_hours(service),
        phone=service.phone or (organisation.phone if organisation else ""),
        places=(service.place,) if service.place else (),
        timers=tuple(Timer(urgency=u, triage=t, answer=a) for u, t, a in _TIMERS),
    )


def bare(service: Service) -> Entry:
    """What of an entry is the district's alone: the ground on which a written one stands."""
    return Entry(
        service=service.code,
        name=service.name,
        setting=str(service.setting),
        organisation=service.organisation,
        gone=service.until,
    )


def _hours(service: Service) -> tuple[Opening, ...]:
    """The hours of the capacity that is in force, where it is said by hours."""
    said = {
        Opening(line.days, line.opens, line.closes)
        for line in service.capacity
        if line.amount and line.since is None and line.until is None
    }
    return tuple(sorted(said, key=lambda o: (sorted(o.days), o.opens)))
