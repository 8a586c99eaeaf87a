"""Run options of a plan in the twin, apart from pages: asked, worked on, kept with the plan."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.flow import answers
from onesystem.flow.answers.asking import digest_of
from onesystem.plan.options import queries, viewing, weighing
from onesystem.plan.options.expressing import expressed
from onesystem.plan.options.figuring import weighed
from onesystem.plan.options.keeping import as_json, held, require, step
from onesystem.plan.options.option import STRENGTHS
from onesystem.plan.options.rows import PlanRun
from onesystem.twin.pricing import prices
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.summing import summed
from onesystem.twin.standing import Standing, standing
from onesystem.twin.working import kept as kept_run
from onesystem.twin.working import over
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

KIND = "plan-options"
MOST_SETS = 14
YEARS = (0, 5, 20)
_WITH = "homes and sums"  # what an answer has: an older one is not taken for it


def connect() -> None:
    """Say who runs options of plans."""
    answers.register(KIND, work)


def alone_and_together(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Each option by itself, and all of them together where there are several."""
    sets = [(key,) for key in keys]
    return [*sets, tuple(keys)] if len(keys) > 1 else sets


@transaction.atomic
def ask(
    *, plan: str, sets: Sequence[Sequence[str]], by: Actor, years: int = 0, seen: int | None = None,
    anew: bool = False,
) -> queries.Run:  # fmt: skip
    """Ask for a run of sets of options; the same question is the same run. Raises UserError."""
    require(by)
    row = held(plan, seen)
    asked = question(queries.plan(plan), sets, years)
    digest = digest_of(KIND, asked)
    there = PlanRun.objects.filter(plan=row, digest=digest).order_by("-number").first()
    answer = answers.ask(KIND, asked, by=by, anew=anew)
    if there is None:
        number = PlanRun.objects.filter(plan=row).count() + 1
        there = PlanRun.objects.create(
            plan=row, number=number, digest=digest, asked=as_json(asked), at=to_micros(now()),
            by=by.name,
        )  # fmt: skip
        detail = {"run": number, "sets": len(asked["sets"])}
        step(row, "run", by, body=detail, detail=detail)
    if answer.found and not there.found:
        _keep(digest, answer.found)
    return queries.run(plan, there.number)


def question(plan: queries.Plan, sets: Sequence[Sequence[str]], years: int = 0) -> dict[str, Any]:
    """What is asked: the model by its digest, every scenario in full. Raises UserError.

    All that cannot be is refused before anything runs.
    """
    if years not in YEARS:
        raise UserError(
            say("a run is not over {years} years", years=years), "Choose a year, 5 or 20 years."
        )
    wanted = list(dict.fromkeys(tuple(dict.fromkeys(keys)) for keys in sets if keys))
    if not 0 < len(wanted) <= MOST_SETS:
        raise UserError(
            say("{wanted} sets of options are asked for", wanted=len(wanted)),
            say("Tick 1 to {most_sets} of them.", most_sets=MOST_SETS),
        )
    here = twin()
    model = over(here.model, years)
    said, scenarios, missing = [], [], []
    for nth, keys in enumerate(wanted):
        mine = [plan.option(key) for key in keys]
        name = (
            " and ".join(each.title for each in mine)
            if len(mine) < 4
            else say("All {mine}", mine=len(mine))
        )
        for strength in STRENGTHS:
            made = expressed(
                [(each.option, _at(each.strength, strength)) for each in mine], model,
                people=plan.people, name=f"{name}, {STRENGTHS[strength]}",
                since=_since(mine, years),
            )  # fmt: skip
            if strength == "central":  # the ends differ in numbers only
                applied(model, made.scenario)
            scenarios.append(
                {"set": nth, "strength": strength, "plain": made.plain, "opened": list(made.opened)}
            )
            missing += made.missing
        terms = {each.key: weighing.terms(each.option, each.strength) for each in mine}
        said.append({"name": name, "keys": list(keys), "terms": terms})
    return {
        "model": here.digest, "people": plan.people, "years": years, "sets": said,
        "scenarios": scenarios, "missing": list(dict.fromkeys(missing)), "with": _WITH,
    }  # fmt: skip


def _at(mine: str, end: str) -> str:
    """The strength at which an option is run for an end of the range, where it is taken as `mine`.

    The ends are always those of the evidence; the middle is what the plan takes.
    """
    return mine if end == "central" else end


def _since(mine: Sequence[queries.Chosen], years: int) -> str:
    """Over one year an option works from the first day; over many, from when the last has grown."""
    if not years:
        return ""
    months = max(
        each.starts.year * 12 + each.starts.month - 1 + each.option.lag_months
        + each.option.ramp_months // 2
        for each in mine
    )  # fmt: skip
    return f"{months // 12}-{months % 12 + 1:02d}-01"


def twin() -> Standing:
    """The district's own twin. Raises UserError where it has none."""
    here = standing(current().path)
    if not here.own:
        raise UserError(
            "this district has no twin yet, so options cannot be run",
            "Make one: onesystem twin calibrate --keep.",
        )
    return here


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Run what is asked, keep it with every plan that asked for it."""
    found = found_for(
        asked,
        lambda done, of: progress(
            done / of, say("{done} of {of} replications are done", done=done, of=of)
        ),
    )
    _keep(digest_of(KIND, asked), found)
    return found


def answer(run: queries.Run, told: Callable[[int, int], None]) -> None:
    """Work a run out here and now, where nobody waits for pages."""
    _keep(run.digest, found_for(run.asked, told))


def found_for(asked: Mapping[str, Any], told: Callable[[int, int], None]) -> dict[str, Any]:
    """What a question comes to; scenarios that were run before are not run again."""
    here = twin()
    if here.digest != asked["model"]:
        raise UserError("The model has changed since this was asked", "Run the options again.")
    base = over(here.model, asked.get("years", 0))
    models = [applied(base, read(each["plain"])) for each in asked["scenarios"]]
    costs = prices(base)
    done, total = 0, base.replications * (len(models) + 1)

    def one_more() -> None:
        nonlocal done
        done += 1
        told(done, total)

    summaries = []
    for nth, each in enumerate([base, *models]):
        summaries.append(
            kept_run(each, costs, lambda each=each: summed(each, prices=costs, done=one_more))  # type: ignore[misc]
        )
        done = max(done, (nth + 1) * base.replications)
    nothing, others = summaries[0], summaries[1:]
    seen = viewing.view(base, asked["people"])
    alone = {
        asked["sets"][scenario["set"]]["keys"][0]: each
        for scenario, each in zip(asked["scenarios"], others, strict=True)
        if scenario["strength"] == "central" and len(asked["sets"][scenario["set"]]["keys"]) == 1
    }
    sets = []
    for nth, said in enumerate(asked["sets"]):
        by_strength = {
            scenario["strength"]: each
            for scenario, each in zip(asked["scenarios"], others, strict=True)
            if scenario["set"] == nth
        }
        several = [alone[key] for key in said["keys"] if key in alone]
        made = weighed(
            said["name"], said["keys"], nothing, by_strength, seen, "central",
            several if 1 < len(said["keys"]) == len(several) else (),
        )  # fmt: skip
        sets.append(weighing.kept(made))
    warned = [w for each in summaries for w in each.warnings]
    return {
        "sets": sets, "model": base.name, "replications": nothing.replications,
        "days": nothing.days, "seed": base.seed, "warnings": list(dict.fromkeys(warned)),
        "prices": costs.source if costs else "",
    }  # fmt: skip


def _keep(digest: str, found: Mapping[str, Any]) -> None:
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    PlanRun.objects.filter(digest=digest, found="").update(found=text)
