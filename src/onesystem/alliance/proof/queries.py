"""What can be asked of proof: the reviews, what was drawn, and what it said when it was closed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.alliance.proof import judging
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.evidence.models import Run
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say


@dataclass(frozen=True)
class Drawn:
    """A measure that judges a decision, with the run that says what became of it."""

    row: Judged
    run: Run | None

    @property
    def result(self) -> Mapping[str, Any] | None:
        """The result of the evidence room; None where nothing is drawn."""
        return self.run.result if self.run and self.run.state == Run.DONE else None

    @property
    def effect(self) -> Mapping[str, Any] | None:
        """The effect that answers the question: the first of the result."""
        return self.result["effects"][0] if self.result and self.result.get("effects") else None

    @property
    def working(self) -> bool:
        """Whether it is being drawn."""
        return bool(self.run and self.run.state == Run.RUNNING)


@dataclass(frozen=True)
class Standing:
    """A review with its decision and what was drawn for it."""

    row: Review
    decision: Decision

    @cached_property
    def judged(self) -> tuple[Drawn, ...]:
        """What judges it, the decision's own measure first."""
        some = list(self.row.judged.order_by("nth"))
        runs = {run.id: run for run in Run.objects.filter(id__in=[j.run for j in some if j.run])}
        return tuple(Drawn(each, runs.get(each.run or 0)) for each in some)

    @property
    def drawn(self) -> bool:
        """Whether everything is drawn, or says why it cannot be."""
        return all(each.result or each.row.trouble for each in self.judged)

    @property
    def working(self) -> bool:
        """Whether anything is being drawn."""
        return any(each.working for each in self.judged)

    @property
    def state(self) -> str:
        """closed, due, or waiting for its day."""
        if self.row.verdict:
            return "closed"
        return "due" if self.row.due <= judging.today() else "waiting"

    @property
    def said(self) -> Mapping[str, Any]:
        """What was drawn when it was closed."""
        return json.loads(self.row.said) if self.row.said else {}


def of(decision: int) -> list[Standing]:
    """The reviews of a decision, the latest first."""
    found = meeting.decision(decision)
    return [Standing(row, found) for row in
            Review.objects.filter(decision=decision).order_by("-nth")]  # fmt: skip


def one(review: int) -> Standing:
    """A review. Raises NotFound."""
    row = Review.objects.filter(id=review).first()
    if row is None:
        raise NotFound(
            say("there is no review {review}", review=review), "Look at the list of reviews."
        )
    return Standing(row, meeting.decision(row.decision_id))


def every(alliance: str = "") -> list[Standing]:
    """All reviews: what is open first, by the day on which it is due."""
    known = {each.number: each for each in meeting.decisions(alliance)}
    rows = Review.objects.filter(decision__in=known).order_by("due", "id")
    made = [Standing(row, known[row.decision_id]) for row in rows]
    return sorted(made, key=lambda each: bool(each.row.verdict))


def told(review: Review) -> dict[str, Any]:
    """What was drawn, as it is kept with a verdict and registered."""
    standing = Standing(review, meeting.decision(review.decision_id))
    beside = judging.settlement(review)
    return {
        "effects": [
            {"measure": each.row.measure, "evaluation": each.row.evaluation, "run": each.row.run,
             "trouble": each.row.trouble, **_figures(each),
             **({"compares": True, "rule": each.row.rule} if each.row.compares else {})}
            for each in standing.judged
        ],
        "settlement": None if beside is None else {
            "contract": beside.slug, "since": beside.since.isoformat(),
            "until": beside.until.isoformat(), "has": dict(beside.has), "trouble": beside.trouble,
        },
    }  # fmt: skip


def _figures(each: Drawn) -> dict[str, Any]:
    effect = each.effect
    if effect is None:
        return {}
    # As text: the register's digests are over text, and no machine writes a float otherwise.
    return {name: f"{effect[name]:.6g}" for name in ("estimate", "low", "high")} | {
        "label": effect["label"], "unit": effect.get("unit", ""),
    }  # fmt: skip
