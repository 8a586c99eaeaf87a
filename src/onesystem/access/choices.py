"""What a person can do about their own record, and what is done for them: each with its undo.

Consents, seals, proxies and a citizen's own account. A row is written once and ended once. Who may:
the person themselves and their proxies (purpose "own record"), and whoever answers the person by
post or at a desk (purpose "subject access").
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from onesystem.access import kinds
from onesystem.access.actor import Actor
from onesystem.access.asking import OWN_RECORD, asker_of
from onesystem.access.audit import record
from onesystem.access.deciding import identities_of, persons_of, require_open
from onesystem.access.models import Consent, ConsentOn, Own, Proxy, Seal, User
from onesystem.access.rights import may_open, require
from onesystem.district import current, now
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.sensitive import SENSITIVE


@transaction.atomic
def opt_out(*, person: int, by: Actor, reason: str = "", source: str = "", kind: str = "") -> int:
    """Stop sharing: everything, or what one source sent, or one kind of data. Gives its number."""
    _for_person(person, by)
    if source and kind:
        raise BadConfig("a choice is about a source or a kind of data", "Make two choices.")
    if source and source not in current().sources:
        raise BadConfig(
            say("there is no source {source}", source=repr(source)),
            nearest(source, current().sources),
        )
    if kind and kind not in SENSITIVE:
        raise BadConfig(
            say("there is no kind of data {kind}", kind=repr(kind)), nearest(kind, SENSITIVE)
        )
    what = "source" if source else "kind" if kind else "all"
    row = Consent.objects.create(
        person=person, what=what, source=source, labels=kinds.mask_of([kind]) if kind else 0,
        since=to_micros(now()), by=by.name, reason=reason,
    )  # fmt: skip
    ConsentOn.objects.bulk_create(
        ConsentOn(consent=row.id, identity=each) for each in identities_of(person)
    )
    _said(by, "sharing.refused", person, reason, choice=row.id, what=source or kind or "all")
    return int(row.id)


@transaction.atomic
def opt_in(*, choice: int, by: Actor, reason: str = "") -> None:
    """Take a choice back: what it kept shut is shared again from now on."""
    row = _standing(Consent, choice)
    person = _one_of(ConsentOn.objects.filter(consent=choice).values_list("identity", flat=True))
    _for_person(person, by)
    _end(row, by, reason)
    _said(by, "sharing.allowed", person, reason, choice=choice)


@transaction.atomic
def seal(*, item: int, kind: str, identity: int, by: Actor, reason: str = "") -> int:
    """Mark one entry or contact as confidential. `kind` is entry or contact."""
    person = persons_of([identity]).get(identity, identity)
    _for_person(person, by)
    if Seal.objects.filter(item=item, until__isnull=True).exists():
        raise BadConfig("this is marked as confidential already", "There is nothing to do.")
    row = Seal.objects.create(
        item=item, kind=kind, identity=identity, since=to_micros(now()), by=by.name, reason=reason
    )
    _said(by, "item.sealed", person, reason, seal=row.id, item=item)
    return int(row.id)


@transaction.atomic
def unseal(*, seal: int, by: Actor, reason: str = "") -> None:
    """Take the mark away."""
    row = _standing(Seal, seal)
    person = persons_of([row.identity]).get(row.identity, row.identity)
    _for_person(person, by)
    _end(row, by, reason)
    _said(by, "item.unsealed", person, reason, seal=seal, item=row.item)


@transaction.atomic
def name_proxy(*, person: int, username: str, tie: str, by: Actor, reason: str = "") -> int:
    """Name somebody who may act for a person; they sign in as `username`, as a Person."""
    _for_person(person, by)
    _known_user(username)
    if username == by.name and not _at_desk(by):
        raise NotPermitted("nobody names themselves", "Ask the person, or your privacy officer")
    row = Proxy.objects.create(
        identity=person, username=username, tie=tie[:60], since=to_micros(now()), by=by.name,
        reason=reason,
    )  # fmt: skip
    _said(by, "proxy.named", person, reason, proxy=row.id, tie=tie)
    return int(row.id)


@transaction.atomic
def end_proxy(*, proxy: int, by: Actor, reason: str = "") -> None:
    """From now on they no longer act for the person."""
    row = _standing(Proxy, proxy)
    person = persons_of([row.identity]).get(row.identity, row.identity)
    _for_person(person, by)
    _end(row, by, reason)
    _said(by, "proxy.ended", person, reason, proxy=proxy)


@transaction.atomic
def give_own_record(*, person: int, username: str, by: Actor, reason: str = "") -> int:
    """Say whose record an account is for, after checking who they are."""
    if not may_open(by, say("subject access")):
        raise NotPermitted(
            say("{name} may not give anybody their record", name=by.name),
            "Ask a records officer or the privacy officer",
        )
    _known_user(username)
    if Own.objects.filter(username=username, until__isnull=True).exists():
        raise BadConfig(
            say("{username} has a record already", username=username), "End that first."
        )
    row = Own.objects.create(
        identity=person, username=username, since=to_micros(now()), by=by.name, reason=reason
    )
    _said(by, "own-record.given", person, reason, own=row.id)
    return int(row.id)


@transaction.atomic
def take_own_record(*, own: int, by: Actor, reason: str = "") -> None:
    """Undo it: the account no longer shows that record."""
    require(by, "person.open")
    row = _standing(Own, own)
    _end(row, by, reason)
    _said(by, "own-record.taken", row.identity, reason, own=own)


def _for_person(person: int, by: Actor) -> None:
    """Whether the actor is the person, acts for them, or answers them at a desk."""
    if by.is_job or _at_desk(by):
        return
    require_open(asker_of(by, OWN_RECORD), person)


def _at_desk(by: Actor) -> bool:
    return may_open(by, say("subject access"))


def _known_user(username: str) -> None:
    if not User.objects.filter(username=username, is_active=True).exists():
        raise NotFound(
            say("there is no user {username}", username=repr(username)), "Add them first."
        )


def _one_of(identities: Iterable[int]) -> int:
    persons = set(persons_of(list(identities)).values())
    return min(persons)


def _standing(model: Any, number: int) -> Any:
    row = model.objects.filter(pk=number, until__isnull=True).first()
    if row is None:
        raise NotFound("there is no such choice, or it has ended", "Look at the list again")
    return row


def _end(row: Any, by: Actor, reason: str) -> None:
    row.until, row.ended_by, row.ended_reason = to_micros(now()), by.name, reason[:500]
    row.save(update_fields=["until", "ended_by", "ended_reason"])


def _said(by: Actor, act: str, person: int, reason: str, **detail: Any) -> None:
    record(by=by, act=act, person=person, reason=reason, detail=detail)
