"""Keeping a plan in versions: keep, take back, close, and what stands. One piece for all plans.

Whoever acts says the number of the last step that they `seen`; whoever comes second is told, and
what they wrote is still on their page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, UserError, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.typed import Problem

P = TypeVar("P")
_WRITE = "plan.write"


class Overtaken(UserError):
    """Somebody changed it meanwhile; what one wrote is still on the page."""


class Wrong(UserError):
    """What was written has problems, each at its field."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems[0].what, problems[0].cure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who did what to a plan, when, and why."""

    number: int
    kind: str
    at: datetime
    by: str
    why: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Generic[P]):
    """A plan as it stands, and the number of its last step."""

    plan: P
    number: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[P]):
    """How plans of a kind are kept: tables, name, text and checks."""

    steps_of: Any
    plans_of: Any
    word: str
    written: Callable[[P], str]
    read: Callable[[str], P]
    problems: Callable[[P], list[Problem]]

    def every(self, *, closed: bool = False) -> list[Standing[P]]:
        """All that stand, by name."""
        rows = self.plans_of.objects.filter(closed=closed).order_by("name", "slug")
        return [self._standing(row) for row in rows]

    def maybe(self, slug: str) -> Standing[P] | None:
        """One, if it is there."""
        row = self.plans_of.objects.filter(slug=slug).first()
        return self._standing(row) if row else None

    def standing(self, slug: str) -> Standing[P]:
        """One. Raises NotFound."""
        found = self.maybe(slug)
        if found is None:
            known = self.plans_of.objects.values_list("slug", flat=True)
            raise NotFound(
                say("there is no {word} plan {slug}", word=self.word, slug=repr(slug)),
                nearest(slug, known),
            )
        return found

    def slugs(self) -> set[str]:
        """Every address that is taken, of closed plans too."""
        return set(self.plans_of.objects.values_list("slug", flat=True))

    def for_area(self, area: str) -> Standing[P] | None:
        """The plan of an area that was changed last."""
        row = self.plans_of.objects.filter(area=area, closed=False).order_by("-id").first()
        return self._standing(row) if row else None

    def steps(self, slug: str) -> list[Step]:
        """What was done to it, the oldest first."""
        rows = self.steps_of.objects.filter(slug=slug).order_by("number")
        return [
            Step(number=row.number, kind=row.kind, at=from_micros(row.at), by=row.by, why=row.why,
                 body=row.body)
            for row in rows
        ]  # fmt: skip

    def version(self, slug: str, number: int) -> P:
        """A version as it was kept. Raises NotFound."""
        row = self.steps_of.objects.filter(slug=slug, number=number).exclude(body="").first()
        if row is None:
            raise NotFound(
                say("version {number} is not there", number=number), "Choose one in the history"
            )
        return self.read(row.body)

    @transaction.atomic
    def keep(self, *, plan: P, seen: int, by: Actor, why: str = "") -> int:
        """Keep a version; gives its number. Raises Wrong, Overtaken, NotPermitted."""
        access.require(by, _WRITE)
        slug: str = plan.slug  # type: ignore[attr-defined]
        before = self.maybe(slug)
        self._same(slug, before, seen)
        if found := self.problems(plan):
            raise Wrong(found)
        body = self.written(plan)
        if before and not before.closed and self.written(before.plan) == body:
            return before.number
        return self._step(slug, "kept", seen, by, why, body)

    @transaction.atomic
    def undo(self, *, slug: str, seen: int, by: Actor) -> int:
        """Take the last version back: what was kept before stands again."""
        access.require(by, _WRITE)
        before = self.standing(slug)
        self._same(slug, before, seen)
        bodies = [step.body for step in self.steps(slug) if step.body]
        last = self.written(before.plan)
        earlier = last if before.closed else next((b for b in bodies[-2::-1] if b != last), None)
        if earlier is None:
            raise UserError("there is nothing to undo", "This is how the plan began; close it")
        return self._step(slug, "undone", seen, by, "", earlier)

    @transaction.atomic
    def close(self, *, slug: str, seen: int, by: Actor, why: str = "") -> int:
        """Close it: it leaves the list, and its history stays."""
        access.require(by, _WRITE)
        before = self.standing(slug)
        self._same(slug, before, seen)
        return self._step(slug, "closed", seen, by, why, "")

    def _standing(self, row: Any) -> Standing[P]:
        return Standing(plan=self.read(row.body), number=row.number, closed=row.closed)

    def _step(self, slug: str, kind: str, seen: int, by: Actor, why: str, body: str) -> int:
        number = seen + 1
        try:
            with transaction.atomic():
                self.steps_of.objects.create(
                    slug=slug, number=number, kind=kind, at=to_micros(now()), by=by.name,
                    why=why.strip()[:1000], body=body,
                )  # fmt: skip
        except IntegrityError:
            self._same(slug, self.maybe(slug), seen)
            raise
        given: dict[str, Any] = {"number": number, "closed": kind == "closed"}
        if body:
            plan: Any = self.read(body)
            given |= {"name": plan.name, "area": plan.area, "body": body}
        self.plans_of.objects.update_or_create(slug=slug, defaults=given)
        access.record(by=by, act=f"plan.{self.word}.{kind}", what=slug, detail={"step": number})
        return number

    def _same(self, slug: str, before: Standing[P] | None, seen: int) -> None:
        if (before.number if before else 0) == seen:
            return
        steps = self.steps(slug)
        told = say("it was changed")
        if steps:
            local = to_local(steps[-1].at, current().zone)
            told = say(
                "{by} changed it at {local}",
                by=steps[-1].by,
                local=say_date(local, "%H:%M on %-d %B"),
            )
        raise Overtaken(
            say("{told} while you were looking", told=told),
            "Look at what stands now, then say again",
        )
