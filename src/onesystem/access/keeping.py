"""What the district keeps about sharing: agreements, duties, caseloads; reviews and notices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction

from onesystem.access import kinds
from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.lines import SHARED
from onesystem.access.models import AgreementRow, Caseload, Duty, Review, User
from onesystem.access.rights import require
from onesystem.access.sharing import ANYONE
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.sensitive import SENSITIVE

OUTCOMES = say_each(
    {
        "fine": "There was a good reason",
        "talked": "Talked to whoever looked",
        "breach": "A breach: it goes further",
    }
)


@transaction.atomic
def keep_agreement(
    *,
    name: str,
    organisations: Iterable[str],
    purposes: Iterable[str],
    basis: str,
    starts: date,
    by: Actor,
    ends: date | None = None,
    kinds_shared: Iterable[str] = (),
) -> int:
    """Keep a sharing agreement; gives its number. The first one ends the default.

    `organisations` are codes or `*`; `kinds_shared` the sensitive kinds that it covers beside
    general data; `basis` the law that it stands on.
    """
    require(by, "access.review")
    members = _checked(organisations, {*current().organisations, ANYONE}, "organisation")
    asked = _checked(purposes, SHARED, say("purpose of sharing"))
    covered = _checked(kinds_shared, SENSITIVE, say("kind of data"), least=0)
    if not basis.strip() or not name.strip():
        raise BadConfig("an agreement has a name and a legal basis", "Say both.")
    if ends is not None and ends <= starts:
        raise BadConfig(
            say("it ends ({ends}) before it begins ({starts})", ends=ends, starts=starts),
            "Mend the days.",
        )
    row = AgreementRow.objects.create(
        name=name.strip()[:200], organisations=";".join(members), purposes=";".join(asked),
        labels=kinds.mask_of(covered), basis=basis.strip()[:500], starts=starts, ends=ends,
        since=to_micros(now()), by=by.name,
    )  # fmt: skip
    detail = {"agreement": row.id, "organisations": members, "purposes": asked, "kinds": covered}
    record(by=by, act="agreement.kept", what=row.name, detail=detail)
    return int(row.id)


@transaction.atomic
def end_agreement(*, agreement: int, by: Actor, reason: str) -> None:
    """End an agreement at once; the default does not come back."""
    require(by, "access.review")
    row = _end(AgreementRow, agreement, by, reason)
    record(by=by, act="agreement.ended", what=row.name, reason=reason)


@transaction.atomic
def put_on_call(
    *, username: str, organisation: str, until: datetime, by: Actor, reason: str = ""
) -> int:
    """Somebody is on call for an organisation until then. Not for oneself."""
    require(by, "users.manage")
    if username == by.name:
        raise NotPermitted("nobody puts themselves on call", "Ask another administrator")
    if not User.objects.filter(username=username, is_active=True).exists():
        raise NotFound(
            say("there is no user {username}", username=repr(username)), "Add them first."
        )
    _checked([organisation], current().organisations, "organisation")
    row = Duty.objects.create(
        username=username, organisation=organisation, since=to_micros(now()),
        until=to_micros(until), by=by.name, reason=reason,
    )  # fmt: skip
    detail = {"organisation": organisation, "duty": row.id}
    record(by=by, act="duty.given", what=username, reason=reason, detail=detail)
    return int(row.id)


@transaction.atomic
def end_duty(*, duty: int, by: Actor, reason: str = "") -> None:
    """They are no longer on call."""
    require(by, "users.manage")
    row = _end(Duty, duty, by, reason)
    record(by=by, act="duty.ended", what=row.username, reason=reason, detail={"duty": duty})


@transaction.atomic
def put_on_shift(
    *, username: str, organisation: str, starts: datetime, ends: datetime, by: Actor
) -> int:
    """Somebody of another organisation is on call for one's own while a shift of it lasts."""
    require(by, "rota.keep")
    if not by.is_job and by.organisation != organisation:
        raise NotPermitted("a shift is given by whose it is", "Ask the organisation itself")
    row = Duty.objects.create(
        username=username, organisation=organisation, since=to_micros(starts),
        until=to_micros(ends), by=by.name, reason="a shift of the rota",
    )  # fmt: skip
    detail = {"organisation": organisation, "duty": row.id, "until": row.until}
    record(by=by, act="duty.given", what=username, reason=row.reason, detail=detail)
    return int(row.id)


@transaction.atomic
def take_off_shift(*, duty: int, by: Actor) -> None:
    """The shift was taken back, and being on call with it."""
    require(by, "rota.keep")
    row = Duty.objects.filter(pk=duty).first()
    if row is None or (not by.is_job and row.organisation != by.organisation):
        raise NotFound("there is no such duty of yours", "Look at the rota again")
    at = to_micros(now())
    if row.until is None or row.until > at:
        row.until, row.ended_by = max(at, row.since), by.name
        row.ended_reason = say("the shift was taken back")
        row.save(update_fields=["until", "ended_by", "ended_reason"])
        record(by=by, act="duty.ended", what=row.username, detail={"duty": duty})


@transaction.atomic
def take_on_caseload(*, person: int, organisation: str, by: Actor, reason: str) -> int:
    """Put a person on an organisation's caseload: a tie until it is ended.

    Only by somebody who has the person open already, or it would be a way around the glass.
    """
    from onesystem.access.asking import asker_of
    from onesystem.access.deciding import require_open

    _checked([organisation], current().organisations, "organisation")
    if not by.is_job:
        found = require_open(asker_of(by, say("direct care")), person, action="write")
        if found.by == {"break-glass"}:
            raise NotPermitted("a broken glass opens for hours", "Ask for a referral")
    row = Caseload.objects.create(
        identity=person, organisation=organisation, since=to_micros(now()), by=by.name,
        reason=reason,
    )  # fmt: skip
    detail = {"organisation": organisation, "caseload": row.id}
    record(by=by, act="caseload.joined", person=person, reason=reason, detail=detail)
    return int(row.id)


@transaction.atomic
def end_caseload(*, caseload: int, by: Actor, reason: str = "") -> None:
    """The person leaves the caseload."""
    if not by.is_job:
        require(by, "person.open")
    row = _end(Caseload, caseload, by, reason)
    detail = {"caseload": caseload}
    record(by=by, act="caseload.left", person=row.identity, reason=reason, detail=detail)


def flag(
    *, rule: str, actor: str, audit: int, person: int | None = None, **detail: Any
) -> int | None:
    """Put a look on the privacy officer's list; None where that rule has flagged it already."""
    row, new = Review.objects.get_or_create(
        audit=audit,
        rule=rule,
        defaults={
            "at": to_micros(now()),
            "actor": actor,
            "person": person,
            "detail": orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode() if detail else "",
        },
    )
    return int(row.id) if new else None


@transaction.atomic
def resolve(*, review: int, outcome: str, note: str, by: Actor) -> None:
    """Close a look on the list with a note. Nobody resolves a look of their own."""
    require(by, "access.review")
    if outcome not in OUTCOMES:
        raise BadConfig(
            say("there is no outcome {outcome}", outcome=repr(outcome)), nearest(outcome, OUTCOMES)
        )
    if not note.strip():
        raise BadConfig("a look is resolved with a note", "Say what you found.")
    row = Review.objects.filter(pk=review, resolved_at__isnull=True).first()
    if row is None:
        raise NotFound("there is no such look, or it is resolved", "Look at the list again")
    if row.actor == by.name:
        raise NotPermitted("nobody resolves their own looks", "Ask another privacy officer")
    row.resolved_at, row.resolved_by = to_micros(now()), by.name
    row.outcome, row.note = outcome, note.strip()[:1000]
    row.save()
    record(by=by, act="review.resolved", what=row.rule, person=row.person,
           detail={"review": review, "outcome": outcome})  # fmt: skip


@transaction.atomic
def reopen(*, review: int, by: Actor) -> None:
    """Take a resolution back: it stands on the list again. Its note stays in the trail."""
    require(by, "access.review")
    row = Review.objects.filter(pk=review, resolved_at__isnull=False).first()
    if row is None:
        raise NotFound("there is no such resolved look", "Look at the list again")
    detail = {"review": review, "outcome": row.outcome, "by": row.resolved_by}
    row.resolved_at, row.resolved_by, row.outcome, row.note = None, "", "", ""
    row.save()
    record(by=by, act="review.reopened", what=row.rule, person=row.person, detail=detail)


def _checked(given: Iterable[str], known: Any, what: str, *, least: int = 1) -> list[str]:
    found = sorted({each.strip() for each in given} - {""})
    for each in found:
        if each not in known:
            raise BadConfig(
                say("there is no {what} {each}", what=what, each=repr(each)), nearest(each, known)
            )
    if len(found) < least:
        raise BadConfig(say("no {what} was named", what=what), "Name at least one.")
    return found


def _end(model: Any, number: int, by: Actor, reason: str) -> Any:
    row = model.objects.filter(pk=number).first()
    if row is None or row.ended_by:
        raise NotFound("there is no such row, or it has ended", "Look at the list again")
    row.until, row.ended_by, row.ended_reason = to_micros(now()), by.name, reason[:500]
    row.save(update_fields=["until", "ended_by", "ended_reason"])
    return row
