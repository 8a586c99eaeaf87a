"""What the demo's practices and rota keepers did: leads named, a fortnight's rota with one gap."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from onesystem import access
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.practice import elsewhere, leads, rota_actions, rota_queries
from onesystem.care.practice.rota import Need
from onesystem.district import current, now
from onesystem.record.ties import reach_of
from onesystem.vocabulary import OnesystemError, Setting, to_local, to_utc

_LED, _SEEN, _DAYS = 25, 12, 14
_FREE = 5  # the night of the fortnight for which nobody is down


def deliver(say: Callable[[str], None]) -> None:
    """Name who leads, acknowledge some of what happened elsewhere, and fill the rota."""
    gp = User.objects.filter(username="gp").first()
    if gp is not None:
        by = access.asker_of(access.Actor.of(gp), "direct care")
        say(f"Letting a practice name who leads: {_lead(by)} people")
        _see(by)
    _rota()


def _lead(by: access.Asker) -> int:
    practices = reach_of(frozenset({by.actor.organisation}), current()).practices
    marks = ", ".join(["%s"] * len(practices))
    found = rows(
        f"SELECT DISTINCT person FROM people_identity WHERE practice IN ({marks})"
        " ORDER BY person LIMIT %s",
        [*practices, _LED],
    )
    named = 0
    for (person,) in found:
        if any(each.clinician for each in leads.lead(person)):
            continue
        try:
            leads.name_lead(person=person, clinician=by.actor.name, by=by)
        except OnesystemError:  # somebody who shares nothing
            continue
        named += 1
    return named


def _see(by: access.Asker) -> None:
    """The older half of what happened elsewhere was seen; the newest waits."""
    told = elsewhere.happened(by=by, at=now())
    if old := [each.contact for each in told[len(told) // 2 :]][:_SEEN]:
        elsewhere.see(contacts=old, by=by)


def _rota() -> None:
    """Out of hours needs a clinician each night: all nights but one are covered."""
    here = current()
    service = next(
        (s for s in here.services.values() if s.setting is Setting.OUT_OF_HOURS), None
    )  # fmt: skip
    keeper = access.Actor.job("demo rota")
    if service is None or service.code in rota_queries.services_with_rota():
        return
    needs = [
        Need(weekday=day, opens=time(18, 30), closes=time(8), role="clinician") for day in range(7)
    ]
    rota_actions.set_needs(service=service.code, needs=needs, by=keeper)
    staff = [u.username for u in User.objects.filter(username__in=("gp", "doctor", "nurse"))]
    today = to_local(now(), here.zone).date()
    for night in range(_DAYS):
        if night == _FREE or not staff:
            continue
        day = today + timedelta(days=night)
        rota_actions.put_down(
            service=service.code, role="clinician", username=staff[night % len(staff)], by=keeper,
            starts=to_utc(datetime.combine(day, time(18, 30)), here.zone),
            ends=to_utc(datetime.combine(day + timedelta(days=1), time(8)), here.zone),
        )  # fmt: skip
