"""What can be done to a rota: needs, shifts, notes to the next shift. Each in the trail."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.access.keeping import put_on_shift, take_off_shift
from onesystem.access.models import User
from onesystem.care.practice.rota import Need
from onesystem.care.practice.rows import NeedRow, ShiftNote, ShiftRow
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, NotPermitted, UserError, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.wording import DAY_NAMES, local

LONGEST = timedelta(hours=24)


@transaction.atomic
def put_down(
    *, service: str, role: str, username: str, starts: datetime, ends: datetime, by: Actor
) -> int:
    """Put somebody down for a service. Gives the number of the shift.

    Somebody of another organisation is on call for this one while the shift lasts, so that the
    people of the service open to them then and not before. Raises UserError on times that cannot
    be, on an unknown user, and where they are down somewhere else at that time.
    """
    organisation = _keeps(service, by)
    user = _user(username)
    if ends <= starts:
        raise UserError("the shift ends before it begins", "Turn the two times round.")
    if ends - starts > LONGEST:
        raise UserError("a shift of more than a day", "Put it down as two.")
    other = ShiftRow.objects.filter(
        username=username, gone_at__isnull=True, starts__lt=to_micros(ends),
        ends__gt=to_micros(starts),
    ).first()  # fmt: skip
    if other:
        here = current()
        raise UserError(
            say(
                "{username} is down for {service_name} until {from_micros}",
                username=username,
                service_name=here.service_name(other.service),
                from_micros=local(from_micros(other.ends), here.zone),
            ),
            "Take that shift back first, or choose somebody else.",
        )
    duty = None
    if user.organisation != organisation:
        duty = put_on_shift(
            username=username, organisation=organisation, starts=starts, ends=ends, by=by
        )
    row = ShiftRow.objects.create(
        service=service, role=role.strip()[:60] or "clinician", username=username,
        starts=to_micros(starts), ends=to_micros(ends), by=by.name, at=to_micros(now()), duty=duty,
    )  # fmt: skip
    access.record(by=by, act="rota.shift", what=service,
                  detail={"shift": row.pk, "user": username})  # fmt: skip
    access.notify(
        topic="rota.shift", username=username, link=f"/rota/{service}/",
        words=listed([current().service_name(service), local(starts, current().zone)]),
    )  # fmt: skip
    return int(row.pk)


@transaction.atomic
def take_back(*, shift: int, by: Actor) -> None:
    """Somebody is no longer down. Raises NotFound, UserError where the shift is over."""
    row = ShiftRow.objects.filter(pk=shift, gone_at__isnull=True).first()
    if row is None:
        raise NotFound("there is no such shift any more", "Look at the rota again.")
    _keeps(row.service, by)
    if from_micros(row.ends) <= now():
        raise UserError("that shift is over", "What was is left as it was.")
    row.gone_by, row.gone_at = by.name, to_micros(now())
    row.save(update_fields=["gone_by", "gone_at"])
    if row.duty is not None:
        take_off_shift(duty=row.duty, by=by)
    access.record(by=by, act="rota.shift-back", what=row.service,
                  detail={"shift": shift, "user": row.username})  # fmt: skip


@transaction.atomic
def set_needs(*, service: str, needs: Iterable[Need], by: Actor) -> None:
    """What the service needs over the week from today on; what it needed before is kept.

    Raises UserError on one that covers nothing.
    """
    _keeps(service, by)
    told = sorted(needs)
    for need in told:
        if need.opens == need.closes:
            raise UserError(
                say(
                    "the need on {week} at {opens} covers nothing",
                    week=DAY_NAMES[need.weekday],
                    opens=f"{need.opens:%H:%M}",
                ),
                "Write when it begins and when it ends; 00:00 to 00:00 is two halves of a day.",
            )
    today = to_local(now(), current().zone).date()
    NeedRow.objects.filter(service=service, until__isnull=True, since__lt=today).update(until=today)
    NeedRow.objects.filter(service=service, until__isnull=True).delete()
    NeedRow.objects.bulk_create(
        NeedRow(service=service, role=n.role, weekday=n.weekday, opens=n.opens, closes=n.closes,
                people=n.people, by=by.name, since=today) for n in told
    )  # fmt: skip
    access.record(by=by, act="rota.needs", what=service, detail={"needs": len(told)})


@transaction.atomic
def leave_note(*, service: str, text: str, by: Actor) -> None:
    """Tell the next shift something that is about no person. Raises UserError on nothing."""
    _works(service, by)
    said = text.strip()
    if not said:
        raise UserError("nothing was written", "Write what the next shift has to know.")
    ShiftNote.objects.create(service=service, text=said[:2000], by=by.name, at=to_micros(now()))
    access.record(by=by, act="rota.note", what=service)


@transaction.atomic
def see_note(*, note: int, by: Actor) -> None:
    """Somebody of the next shift has read a note. Raises NotFound."""
    row = ShiftNote.objects.filter(pk=note).first()
    if row is None:
        raise NotFound("there is no such note", "Look at the rota again.")
    _works(row.service, by)
    if not row.seen_by:
        row.seen_by, row.seen_at = by.name, to_micros(now())
        row.save(update_fields=["seen_by", "seen_at"])
        access.record(by=by, act="rota.note-seen", what=row.service, detail={"note": note})


def _keeps(service: str, by: Actor) -> str:
    """The organisation of a service, for somebody who keeps its rota."""
    access.require(by, "rota.keep")
    known = current().services
    if service not in known:
        raise UserError(
            say("there is no service {service}", service=repr(service)), nearest(service, known)
        )
    organisation = known[service].organisation
    if not by.is_job and by.organisation != organisation:
        raise NotPermitted(
            "the rota of another organisation", "Ask them; their number is on the service's page."
        )
    return organisation


def _works(service: str, by: Actor) -> None:
    access.require(by, "now.see")
    known = current().services.get(service)
    on_call = ShiftRow.objects.filter(
        service=service, username=by.name, gone_at__isnull=True,
        starts__lte=to_micros(now() + LONGEST), ends__gte=to_micros(now() - LONGEST),
    )  # fmt: skip
    if known is None or (known.organisation != by.organisation and not on_call.exists()):
        raise NotPermitted("notes are for those who work there", "Ask to be put on its rota.")


def _user(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        known = User.objects.filter(is_active=True).values_list("username", flat=True)
        raise UserError(
            say("nobody signs in as {username}", username=repr(username)),
            nearest(username, list(known)),
        )
    return user
