"""What can be asked of portfolios: the proposals of a plan, and what people decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onesystem.plan.portfolio import telling
from onesystem.plan.portfolio.proposing import Proposal
from onesystem.plan.portfolio.rows import PlanProposal, PlanTiming
from onesystem.plan.portfolio.shape import Starts
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A proposal that was asked for; `found` is None until it is there."""

    plan: str
    number: int
    digest: str
    asked: dict[str, Any]
    said: Mapping[str, Any] | None
    by: str
    at: datetime

    @property
    def found(self) -> Proposal | None:
        """The proposal."""
        return None if self.said is None else telling.again(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When people decided that options start (by key), and how much dearer than the proposal."""

    number: int
    proposal: int
    starts: Starts
    dearer: int
    why: str
    by: str
    at: datetime


def proposals(plan: str) -> list[Kept]:
    """All proposals of a plan, the latest first."""
    return [_kept(row) for row in PlanProposal.objects.filter(plan=plan).order_by("-number")]


def proposal(plan: str, number: int) -> Kept:
    """One of them. Raises NotFound."""
    row = PlanProposal.objects.filter(plan=plan, number=number).first()
    if row is None:
        raise NotFound(
            say("there is no proposal {number} of this plan", number=number),
            "See the list of them.",
        )
    return _kept(row)


def counts() -> dict[str, tuple[int, int]]:
    """How many proposals and decisions each plan has, by its slug."""
    found: dict[str, tuple[int, int]] = {}
    for slug in PlanProposal.objects.values_list("plan", flat=True):
        found[slug] = (found.get(slug, (0, 0))[0] + 1, 0)
    for slug in PlanTiming.objects.values_list("plan", flat=True):
        found[slug] = (found[slug][0], found[slug][1] + 1)
    return found


def timings(plan: str) -> list[Timing]:
    """What people decided, the latest first; the latest counts."""
    rows = PlanTiming.objects.filter(plan=plan).select_related("proposal").order_by("-number")
    return [
        Timing(number=row.number, proposal=row.proposal.number, starts=json.loads(row.starts),
               dearer=row.dearer, why=row.why, by=row.by, at=from_micros(row.at))
        for row in rows
    ]  # fmt: skip


def _kept(row: PlanProposal) -> Kept:
    said = json.loads(row.found) if row.found else None
    return Kept(
        plan=row.plan_id, number=row.number, digest=row.digest, asked=json.loads(row.asked),
        said=said, by=row.by, at=from_micros(row.at),
    )  # fmt: skip
