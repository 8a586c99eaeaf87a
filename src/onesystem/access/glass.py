"""Breaking the glass: a reason, a few hours, one person; and who is told, in the same transaction.

It opens at once. In the one transaction are the grant, its row of the trail, an alert to the
privacy officer and a notice to the person's practice. Neither names the person: each leads there.
"""

from datetime import timedelta

from django.db import transaction

from onesystem.access.actor import Actor
from onesystem.access.asker import Asker
from onesystem.access.asking import asker_of
from onesystem.access.audit import record
from onesystem.access.deciding import decide, identities_of, practices_of
from onesystem.access.decision import Refused
from onesystem.access.models import Glass, GlassOn, Review
from onesystem.access.notices.telling import notify
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_each

REASONS = say_each(
    {
        "emergency": "An emergency: the person's care cannot wait",
        "unregistered": "I look after the person now, and the visit is not registered yet",
        "advice": "I was asked for advice about the person",
        "consent": "The person has asked me to look",
        "legal": "The law requires it, or a court has ordered it",
        "public-interest": "To keep the person or others from serious harm",
    }
)


@transaction.atomic
def break_glass(
    *, person: int, choice: str, words: str, by: Actor, purpose: str = say("direct care")
) -> int:
    """Open a person without a tie for the district's few hours; gives the grant's number.

    `choice` is one of REASONS, `words` says more. Raises BadConfig, NotPermitted.
    """
    if choice not in REASONS:
        raise BadConfig("choose one of the reasons", nearest(choice, REASONS))
    if len(words.strip()) < 3:
        raise BadConfig("say in a few words why it cannot wait", "Do not write a name.")
    asker = asker_of(by, purpose)
    found = decide(asker, person)
    if not isinstance(found, Refused):
        raise BadConfig("the record is open to you already", "Open it.")
    if not found.glass:
        raise NotPermitted(found.words, found.way)
    guard, at = current().guard, to_micros(asker.at)
    until = at + timedelta(hours=guard.break_glass_hours) // timedelta(microseconds=1)
    grant = Glass.objects.create(
        username=by.name, organisation=by.organisation, person=person, choice=choice,
        overrides=found.reason in {"opted-out", "withheld"}, since=at, until=until, by=by.name,
        reason=words.strip()[:500],
    )  # fmt: skip
    GlassOn.objects.bulk_create(
        GlassOn(glass=grant.id, identity=each) for each in identities_of(person)
    )
    tell(asker, person, grant, found)
    return int(grant.id)


def tell(asker: Asker, person: int, grant: Glass, found: Refused) -> None:
    """The trail, the privacy officer and the practice."""
    row = record(
        by=asker.actor,
        act="glass.broken",
        what=grant.choice,
        person=person,
        purpose=asker.purpose,
        reason=grant.reason,
        detail={"grant": grant.id, "until": grant.until, "refused": found.reason},
    )
    Review.objects.create(
        at=grant.since, rule="break-glass", actor=asker.actor.name, person=person, audit=row
    )
    for code in sorted(practices_of(person)):
        notify(
            topic="glass.broken", organisation=code, person=person, audit=row,
            link=f"/people/{person}/",
        )  # fmt: skip


@transaction.atomic
def mend_glass(*, grant: int, by: Actor, reason: str = "") -> None:
    """End a grant before its hours are over: whoever broke it, or the privacy officer."""
    row = Glass.objects.filter(pk=grant, until__gt=to_micros(now())).first()
    if row is None:
        raise NotFound("there is no such grant, or it has ended", "There is nothing to do.")
    from onesystem.access.rights import require

    if row.username != by.name:
        require(by, "access.review")
    row.until, row.ended_by, row.ended_reason = to_micros(now()), by.name, reason[:500]
    row.save(update_fields=["until", "ended_by", "ended_reason"])
    record(by=by, act="glass.mended", person=row.person, reason=reason, detail={"grant": grant})


def standing(username: str, person: int) -> Glass | None:
    """The grant under which somebody has a person open, the longest one."""
    found = Glass.objects.filter(username=username, person=person, until__gt=to_micros(now()))
    return found.order_by("-until").first()
