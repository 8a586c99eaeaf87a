"""The list of looks that need a second look, as the privacy officer reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from onesystem.access.actor import Actor
from onesystem.access.keeping import OUTCOMES
from onesystem.access.models import Audit, Review, User
from onesystem.access.presenters import act_words
from onesystem.access.privacy.rules import RULES, Rule
from onesystem.access.queries import _day
from onesystem.access.rights import require
from onesystem.district import current, now
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.wording import ago, local

MOST = 5000
STATES = (("open", say("To do")), ("resolved", say("Resolved")), ("all", say("All")))
_COLUMNS = (
    Column("look", "Look", right=True),
    Column("at", "When"),
    Column("rule", "Why"),
    Column("actor", "Who looked"),
    Column("person", "Person", right=True),
    Column("reason", "Their reason"),
    Column("state", "State"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for in the list; empty words leave that side open."""

    state: str = "open"
    rule: str = ""
    actor: str = ""
    person: str = ""
    text: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """From a query string."""
        given = {name: query.get(name, "").strip() for name in cls.__slots__}
        known = {key for key, _ in STATES}
        return cls(**{**given, "state": given["state"] if given["state"] in known else "open"})


def rule_of(code: str) -> Rule:
    """A rule by its code; one that this version does not know is shown by it."""
    return RULES.get(code) or Rule(code.replace("-", " ").capitalize(), "", "")


def found(asked: Asked, *, by: Actor, limit: int = MOST) -> list[Review]:
    """The looks that the filters let through, newest first."""
    require(by, "access.review")
    return list(_filtered(asked).order_by("-at", "-id")[:limit])


def _filtered(asked: Asked) -> QuerySet[Review]:
    rows = Review.objects.all()
    if asked.state != "all":
        rows = rows.filter(resolved_at__isnull=asked.state == "open")
    if asked.rule:
        rows = rows.filter(rule=asked.rule)
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.person.isascii() and asked.person.isdigit() and len(asked.person) < 19:
        rows = rows.filter(person=int(asked.person))
    if asked.text:
        told = Audit.objects.filter(reason__icontains=asked.text).values("id")
        rows = rows.filter(Q(note__icontains=asked.text) | Q(audit__in=told))
    if start := _day(asked.since):
        rows = rows.filter(at__gte=to_micros(start))
    if end := _day(asked.until):
        rows = rows.filter(at__lt=to_micros(end + timedelta(days=1)))
    return rows


def listing(rows: list[Review], request: HttpRequest) -> Listing:
    """The list as a table."""
    trail = Audit.objects.in_bulk([r.audit for r in rows])
    names = dict(
        User.objects.filter(username__in={r.actor for r in rows}).values_list("username", "name")
    )
    return Listing(
        caption="Looks that need a second look",
        columns=_COLUMNS,
        all_rows=[_row(r, trail.get(r.audit), names) for r in rows],
        query=request.GET,
        empty_title="No look waits for you",
        empty_advice=(
            "The rules read every look. Choose All under State to see those that are resolved, "
            "or take a filter away."
        ),
    )


def _row(review: Review, look: Audit | None, names: Mapping[str, str]) -> list[Any]:
    at = from_micros(review.at)
    return [
        Cell(
            str(review.id), value=review.id,
            href=reverse("access:look", kwargs={"review": review.id}),
        ),
        Cell(local(at, current().zone), value=at, title=ago(at, now=now())),
        Cell(rule_of(review.rule).name, title=rule_of(review.rule).about),
        Cell(names.get(review.actor) or review.actor, note=review.actor, value=review.actor),
        "" if review.person is None else Cell(
            str(review.person), value=review.person, href=f"/people/{review.person}/"
        ),
        look.reason if look else "",
        state_cell(review),
    ]  # fmt: skip


def state_cell(review: Review) -> Cell:
    """How it stands, in a word and a shape."""
    if review.resolved_at is None:
        return Cell(say("To do"), tag="warn")
    bad = review.outcome == "breach"
    return Cell(OUTCOMES.get(review.outcome, say("Resolved")), tag="bad" if bad else "good")


def look_facts(review: Review, look: Audit | None) -> list[tuple[str, Any]]:
    """One look, whole."""
    zone, at = current().zone, from_micros(review.at)
    user = User.objects.filter(username=review.actor).first()
    organisation = current().organisations.get(look.organisation) if look else None
    facts: list[tuple[str, Any]] = [
        (say("When"), say("{when} ({age})", when=local(at, zone), age=ago(at, now=now()))),
        (say("Who looked"), f"{user.get_full_name()} ({review.actor})" if user else review.actor),
        (say("State"), state_cell(review)),
    ]
    if look is None:
        return facts
    return [
        *facts,
        (say("Roles at the time"), look.roles.replace("-", " ")),
        (say("Organisation"), organisation.name if organisation else look.organisation),
        (say("Did"), act_words(look.act)),
        (say("Page or request"), look.what),
        (say("Purpose"), look.purpose),
        (say("Their reason"), look.reason),
        (
            say("Row of the trail"),
            Cell(f"{look.id:,}", href=reverse("access:audit_row", kwargs={"row": look.id})),
        ),
    ]


def beside(review: Review, *, limit: int = 30) -> list[tuple[datetime, str, str, str]]:
    """What else the same user did with the same person: when, what, purpose, reason."""
    if review.person is None:
        return []
    rows = Audit.objects.filter(actor=review.actor, person=review.person).order_by("-id")[:limit]
    return [(row.at, act_words(row.act), row.purpose, row.reason) for row in rows]
