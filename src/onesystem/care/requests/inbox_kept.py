"""Filters of an inbox that were given a name: one's own, and those shared with the service."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.access.quick import rows
from onesystem.care.requests import inbox
from onesystem.care.requests.filters import Wanted
from onesystem.care.requests.inbox_rows import InboxFilter
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


class Kept(NamedTuple):
    """A filter by its name."""

    pk: int
    name: str
    query: str
    by: str
    shared: bool


def of(service: str, *, by: Asker) -> list[Kept]:
    """The filters that somebody sees in an inbox, in the order of their names."""
    found = [
        Kept(*row)
        for row in rows(
            'SELECT id, name, query, "by", shared FROM care_inbox_filter WHERE service = %s',
            [service],
        )
    ]
    seen = [each for each in found if each.shared or each.by == by.actor.name]
    return sorted(seen, key=lambda each: (each.name.casefold(), each.shared))


@transaction.atomic
def keep(*, service: str, name: str, query: str, shared: bool, by: Asker) -> None:
    """Keep what an inbox is narrowed to under a name; one's own of that name is replaced."""
    inbox.require(by, service)
    name, wanted = " ".join(name.split())[:60], Wanted.of(dict(parse_qsl(query)))
    if not name:
        raise UserError("the filter has no name", "Write what you will look for it by.")
    same = InboxFilter.objects.filter(service=service, name=name, shared=shared)
    same.filter(by=by.actor.name).delete()
    try:
        with transaction.atomic():
            InboxFilter.objects.create(
                service=service, name=name, query=wanted.query, by=by.actor.name, shared=shared,
                at=to_micros(now()),
            )  # fmt: skip
    except IntegrityError:
        raise UserError(
            say("a colleague shares a filter called {name}", name=repr(name)),
            "Choose another name for yours.",
        ) from None
    access.record(by=by.actor, act="inbox.filter-kept", what=service, detail={"shared": shared})


@transaction.atomic
def drop(*, service: str, number: int, by: Asker) -> None:
    """Take one's own filter away, shared or not."""
    inbox.require(by, service)
    gone, _ = InboxFilter.objects.filter(pk=number, service=service, by=by.actor.name).delete()
    if not gone:
        raise NotFound("there is no such filter of yours", "Whoever made it can remove it.")
    access.record(by=by.actor, act="inbox.filter-dropped", what=service)
