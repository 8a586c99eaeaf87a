"""What can be done about notices: read, unread again, and told by e-mail or not."""

from collections.abc import Sequence

from django.db import transaction

from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.models import Mailing, User
from onesystem.access.notices.reading import for_actor
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros


@transaction.atomic
def see(*, notices: Sequence[int], by: Actor) -> int:
    """Somebody has read these; gives how many were new. Raises NotFound where none is theirs."""
    theirs = for_actor(by).filter(pk__in=notices)
    if not theirs.exists():
        raise NotFound("there is no such notice for you", "Look at the list again")
    new = list(theirs.filter(seen_at__isnull=True).values_list("pk", flat=True))
    theirs.filter(pk__in=new).update(seen_at=to_micros(now()), seen_by=by.name)
    if new:
        record(by=by, act="notice.seen", detail={"notices": new[:100], "count": len(new)})
    return len(new)


@transaction.atomic
def dealt_with(*, link: str, by: Actor) -> int:
    """Whoever has done what a notice asks for has read it; gives how many those were."""
    new = for_actor(by).filter(link=link, seen_at__isnull=True, username=by.name)
    waiting = list(new.values_list("pk", flat=True))
    return see(notices=waiting, by=by) if waiting else 0


@transaction.atomic
def unsee(*, notices: Sequence[int], by: Actor) -> int:
    """It was not read after all, by whoever said so; gives how many."""
    undone = for_actor(by).filter(pk__in=notices, seen_by=by.name)
    count = undone.update(seen_at=None, seen_by="")
    if count:
        record(by=by, act="notice.unseen", detail={"notices": list(notices)[:100]})
    return count


@transaction.atomic
def mail(*, on: bool, address: str, by: Actor) -> None:
    """Be told by e-mail that there is a notice, or not. Raises UserError on a wrong address."""
    if not on:
        Mailing.objects.filter(username=by.name).delete()
        record(by=by, act="notice.mail-off")
        return
    said = address.strip()
    if said.count("@") != 1 or " " in said or "." not in said.rpartition("@")[2]:
        raise UserError("that is not an e-mail address", "Write it as name@organisation.example.")
    User.objects.filter(username=by.name).update(email=said[:254])
    Mailing.objects.update_or_create(username=by.name, defaults={"since": to_micros(now())})
    record(by=by, act="notice.mail-on")
