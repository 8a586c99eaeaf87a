"""Specialty budgets as they stand, out of their rows."""

from dataclasses import dataclass
from datetime import datetime

from onesystem.budget.specialty import codec
from onesystem.budget.specialty.rows import SpecialtyStep, SpecialtyYear
from onesystem.budget.specialty.shape import Specialty
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

CLINICAL, FINANCE = "clinical", "finance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it was written."""

    number: int
    kind: str
    at: datetime
    by: str
    why: str
    body: str
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A budget as it stands; `signed` is who signed its last version, as whom."""

    budget: Specialty
    number: int
    version: int
    agreed: int
    signed: dict[str, Step]

    @property
    def state(self) -> tuple[str, str]:
        """In words, and the kind of tag."""
        if self.agreed == self.version:
            return say("agreed"), "good"
        if self.signed:
            return say("signed by one"), "info"
        return (
            (say("changed since it was agreed"), "warn") if self.agreed else (say("draft"), "quiet")
        )


def every() -> list[Standing]:
    """Every budget, the latest year first, then by name."""
    rows = SpecialtyYear.objects.order_by("-year", "name")
    return [_standing(row) for row in rows]


def standing(slug: str, year: str) -> Standing:
    """A budget. Raises NotFound."""
    found = maybe(slug, year)
    if found is None:
        raise NotFound(say("there is no budget of {slug} for {year}", slug=repr(slug), year=year),
                       "Look at /budget/specialties/ for those there are")  # fmt: skip
    return found


def maybe(slug: str, year: str) -> Standing | None:
    """A budget, None where nobody has begun it."""
    row = SpecialtyYear.objects.filter(slug=slug, year=year).first()
    return _standing(row) if row else None


def years(slug: str) -> list[str]:
    """The years of a specialty, the latest first. Raises NotFound."""
    found = list(
        SpecialtyYear.objects.filter(slug=slug).order_by("-year").values_list("year", flat=True)
    )
    if not found:
        raise NotFound(
            say("there is no specialty {slug}", slug=repr(slug)), "Look at /budget/specialties/"
        )
    return found


def _standing(row: SpecialtyYear) -> Standing:
    signed = SpecialtyStep.objects.filter(
        slug=row.slug, year=row.year, kind="signed", of=row.version
    )
    return Standing(
        budget=codec.read(row.body), number=row.number, version=row.version, agreed=row.agreed,
        signed={each.body: _step(each) for each in signed},
    )  # fmt: skip


def steps(slug: str, year: str) -> list[Step]:
    """The steps of a budget, the oldest first."""
    rows = SpecialtyStep.objects.filter(slug=slug, year=year).order_by("number")
    return [_step(row) for row in rows]


def _step(row: SpecialtyStep) -> Step:
    return Step(number=row.number, kind=row.kind, at=from_micros(row.at), by=row.by, why=row.why,
                body=row.body, of=row.of)  # fmt: skip


def version(slug: str, year: str, number: int) -> Specialty:
    """A version of a budget as it was kept. Raises NotFound."""
    row = SpecialtyStep.objects.filter(
        slug=slug, year=year, number=number, kind__in=("kept", "undone")
    ).first()
    if row is None:
        raise NotFound(
            say("version {number} is not there", number=number), "Choose one in the history"
        )
    return codec.read(row.body)
