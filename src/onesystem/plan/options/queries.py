"""What can be asked of plans: which there are, one as it stands, what its options came to.

plan("winter")                     the plan with its options, priced for the people of the district
plans()                            all of them, the latest first
facts("winter")                    what its gates ask for
run_of("winter", ["enablement"])   the latest run of exactly these options, as they stand; or None
last_run("winter")                 the latest run that is done; runs("winter") all of them
steps, comments, scores, actions, snapshots: what was done, said, scored, is to do, was seen
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onesystem.district import current, now
from onesystem.plan.options import gates, weighing
from onesystem.plan.options.option import Option, again
from onesystem.plan.options.peopled import people
from onesystem.plan.options.pricing import Priced, priced
from onesystem.plan.options.rows import (
    PlanAction,
    PlanComment,
    PlanOption,
    PlanRow,
    PlanRun,
    PlanScore,
    PlanSnapshot,
    PlanStep,
)
from onesystem.plan.options.weighing import Comparison
from onesystem.vocabulary import NotFound, nearest, to_local
from onesystem.vocabulary.kept import from_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An option of a plan: its terms, how strongly it works, from when, what it costs."""

    option: Option
    strength: str
    starts: date
    changed: dict[str, int]
    priced: Priced
    by: str

    @property
    def key(self) -> str:
        """By which it is found."""
        return self.option.key

    @property
    def title(self) -> str:
        """What people call it."""
        return self.option.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it stands. `goes_on` are the keys of the options that somebody chose."""

    slug: str
    name: str
    area: str
    words: str
    base_year: int
    horizon: int
    stage: str
    begins: date
    weeks: int
    criteria: dict[str, str]
    number: int
    people: int
    options: tuple[Chosen, ...]
    goes_on: tuple[str, ...]
    by: str
    at: datetime

    def option(self, key: str) -> Chosen:
        """One of its options. Raises NotFound."""
        for each in self.options:
            if each.key == key:
                return each
        known = [each.key for each in self.options]
        raise NotFound(f"there is no option {key!r} in this plan", nearest(key, known))

    @property
    def clock(self) -> list[gates.Due]:
        """From when until when each stage should be."""
        return gates.clock(self.begins, self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of options: what was asked, and the comparison once it is done."""

    plan: str
    number: int
    digest: str
    asked: dict[str, Any]
    found: Comparison | None
    by: str
    at: datetime


def today() -> date:
    """The day it is in the district."""
    return to_local(now(), current().zone).date()


def plans() -> list[PlanRow]:
    """Every plan, the latest first."""
    return list(PlanRow.objects.order_by("-at", "slug"))


def plan(slug: str) -> Plan:
    """A plan as it stands. Raises NotFound with the nearest."""
    row = PlanRow.objects.filter(slug=slug).first()
    if row is None:
        known = PlanRow.objects.values_list("slug", flat=True)
        raise NotFound(f"there is no plan {slug!r}", nearest(slug, known))
    count = people()
    some = tuple(
        _chosen(each, count) for each in row.options.filter(gone_at=None).order_by("at", "id")
    )
    there = {each.key for each in some}
    said = row.steps.filter(kind="chosen").order_by("-number").first()
    goes_on = json.loads(said.body)["keys"] if said else []
    return Plan(
        slug=row.slug, name=row.name, area=row.area, words=row.words, base_year=row.base_year,
        horizon=row.horizon, stage=row.stage, begins=row.begins, weeks=row.weeks,
        criteria=json.loads(row.criteria), number=row.number, people=count, options=some,
        goes_on=tuple(key for key in goes_on if key in there), by=row.by, at=from_micros(row.at),
    )  # fmt: skip


def _chosen(row: PlanOption, count: int) -> Chosen:
    body = json.loads(row.body)
    option = again(body["option"])
    return Chosen(
        option=option, strength=row.strength, starts=row.starts, changed=body["changed"],
        priced=priced(option, count, changed=body["changed"]), by=row.by,
    )  # fmt: skip


def gone(slug: str) -> list[str]:
    """Keys of options that were taken out and not taken in again."""
    rows = PlanOption.objects.filter(plan=slug)
    there = set(rows.filter(gone_at=None).values_list("key", flat=True))
    every = rows.exclude(gone_at=None).order_by("-gone_at").values_list("key", flat=True)
    return [key for key in dict.fromkeys(every) if key not in there]


def facts(slug: str) -> gates.Facts:
    """What a plan has of what its gates ask for."""
    mine = plan(slug)
    kept = set(PlanSnapshot.objects.filter(plan=slug).values_list("kind", flat=True))
    ran = [each for each in runs(slug) if each.found]
    stand = {each.key: weighing.terms(each.option, each.strength) for each in mine.options}
    alone, together = weighing.covered(stand, [each.asked for each in ran])
    scored = set(PlanScore.objects.filter(plan=slug).values_list("criterion", flat=True))
    doing = set(PlanAction.objects.filter(plan=slug).exclude(state="dropped")
                .values_list("option", flat=True))  # fmt: skip
    said = PlanComment.objects.filter(plan=slug, review=True)
    return gates.Facts(
        opportunities="opportunity" in kept, measures="measure" in kept, case="case" in kept,
        options=len(mine.options), alone=len(alone), together=together, chosen=len(mine.goes_on),
        unscored=tuple(each for each in mine.criteria if each not in scored),
        unanswered=said.filter(answered=None).count(),
        unowned=tuple(mine.option(key).title for key in mine.goes_on if key not in doing),
        actions=PlanAction.objects.filter(plan=slug).count(),
        open_actions=PlanAction.objects.filter(plan=slug, state="open").count(),
    )  # fmt: skip


def runs(slug: str) -> list[Run]:
    """The runs of a plan, the latest first."""
    return [_run(row) for row in PlanRun.objects.filter(plan=slug).order_by("-number")]


def run(slug: str, number: int) -> Run:
    """One run of a plan. Raises NotFound."""
    row = PlanRun.objects.filter(plan=slug, number=number).first()
    if row is None:
        raise NotFound(f"there is no run {number} of this plan", "See the list of its runs.")
    return _run(row)


def _run(row: PlanRun) -> Run:
    asked = json.loads(row.asked)
    found = weighing.comparison(asked, json.loads(row.found)) if row.found else None
    return Run(
        plan=row.plan_id, number=row.number, digest=row.digest, asked=asked, found=found,
        by=row.by, at=from_micros(row.at),
    )  # fmt: skip


def last_run(slug: str) -> Run | None:
    """The latest run that is done; None before any."""
    row = PlanRun.objects.filter(plan=slug).exclude(found="").order_by("-number").first()
    return _run(row) if row else None


def combinations(slug: str) -> list[tuple[str, ...]]:
    """The combinations of earlier runs whose options are all still in the plan."""
    there = set(PlanOption.objects.filter(plan=slug, gone_at=None).values_list("key", flat=True))
    every = (tuple(one["keys"]) for each in runs(slug) for one in each.asked["sets"])
    return list(dict.fromkeys(keys for keys in every if len(keys) > 1 and there >= set(keys)))


def run_of(slug: str, options: Sequence[str]) -> Comparison | None:
    """The latest done run that has exactly these options together, as they stand now."""
    mine = plan(slug)
    wanted = {key: weighing.terms(mine.option(key).option, mine.option(key).strength)
              for key in options}  # fmt: skip
    for each in runs(slug):
        if each.found and any(weighing.same(wanted, said) for said in each.asked["sets"]):
            return each.found
    return None


def steps(slug: str, limit: int = 200) -> list[PlanStep]:
    """What was done in a plan, the latest first."""
    return list(PlanStep.objects.filter(plan=slug).order_by("-number")[:limit])


def comments(slug: str) -> list[PlanComment]:
    """What was said, the oldest first, answers by what they answer."""
    return list(PlanComment.objects.filter(plan=slug).order_by("at", "id"))


def scores(slug: str) -> dict[tuple[str, str], PlanScore]:
    """The latest score of each criterion by each critical friend."""
    rows = PlanScore.objects.filter(plan=slug).order_by("at", "id")
    return {(each.criterion, each.by): each for each in rows}


# Steps that say, look or work out something of a plan, and leave what it proposes as it was.
_BESIDE = ("said", "reviewed", "answered", "scored", "assigned", "settled", "kept", "run",
           "proposed")  # fmt: skip


def changed(slug: str) -> int:
    """The number of the last step that changed what a plan proposes; scores and runs do not."""
    steps = PlanStep.objects.filter(plan=slug).exclude(kind__in=_BESIDE)
    return steps.order_by("-number").values_list("number", flat=True).first() or 0


def actions(slug: str) -> list[PlanAction]:
    """What is to do, the first due first."""
    return list(PlanAction.objects.filter(plan=slug).order_by("due", "id"))


def snapshots(slug: str) -> list[PlanSnapshot]:
    """Figures as they were when they were kept, the oldest first."""
    return list(PlanSnapshot.objects.filter(plan=slug).order_by("at", "id"))
