"""What critical friends say of a plan of money, part by part, and what its planners answer.

It is said in the workspace of a plan, whose alliance asked for the review, about an address of the
plan of money: `/plan/money/five-years/#growth`. Nobody approves anything here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onesystem.access import Actor
from onesystem.plan.options import queries, reviewing
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_each

PARTS: Mapping[str, str] = say_each({
    "years": "Cost and money by year", "efficiency": "Efficiency", "growth": "Whose growth it is",
    "doubled": "Old and new side by side", "given": "Who gives", "lines": "What it is for",
    "bridge": "What moves the cost from year to year",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said: of which part, by whom, in which workspace, what was answered."""

    part: str
    words: str
    by: str
    at: datetime
    review: bool
    workspace: str
    answers: tuple[tuple[str, str], ...]


def about(slug: str, part: str) -> str:
    """The address that a comment is about. Raises UserError."""
    if part not in PARTS:
        raise UserError(
            say("the plan has no part {part}", part=repr(part)),
            say("Choose one of {parts}", parts=", ".join(PARTS)),
        )
    return f"/plan/money/{slug}/#{part}"


def workspaces() -> list[tuple[str, str]]:
    """The plans in whose review something can be said."""
    return [(row.slug, row.name) for row in queries.plans()]


def said(slug: str) -> list[Said]:
    """All that was said of a plan of money, the latest first."""
    begins, made = f"/plan/money/{slug}/#", []
    for row in queries.plans():
        every = queries.comments(row.slug)
        made += [
            Said(part=PARTS.get(c.about.removeprefix(begins), ""), words=c.words, by=c.by,
                 at=from_micros(c.at), review=c.review, workspace=row.slug,
                 answers=tuple((a.by, a.words) for a in every if a.answers_id == c.pk))
            for c in every
            if c.about.startswith(begins) and c.answers_id is None
        ]  # fmt: skip
    return sorted(made, key=lambda each: each.at, reverse=True)


def comment(*, slug: str, part: str, workspace: str, words: str, by: Actor) -> int:
    """Say something of a part. Raises UserError, NotPermitted."""
    if not workspace:
        raise UserError("a comment is said in the review of a plan", "Choose the plan")
    return reviewing.comment(plan=workspace, words=words, by=by, about=about(slug, part))
