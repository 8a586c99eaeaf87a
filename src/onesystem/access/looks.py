"""Who looked at a person, and when: what the record asks of the trail."""

from datetime import datetime, timedelta

from onesystem.access.actor import Actor
from onesystem.access.models import Audit

SITTING = timedelta(minutes=30)  # looks closer together than this are one sitting


def last_look(person: int, *, by: Actor, before: datetime) -> datetime | None:
    """When this actor last looked at this person before the sitting that they are in.

    None where they never did. A sitting is a run of looks with less than half an hour between
    any two, so that going to and fro between pages does not wipe out what was new.
    """
    later = before
    looks = Audit.objects.filter(
        person=person, actor=by.name, act="person.looked", at__lt=before
    ).order_by("-id")
    for at in looks.values_list("at", flat=True)[:200].iterator():
        if later - at >= SITTING:
            return at
        later = at
    return None
