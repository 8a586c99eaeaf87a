"""What can be done: ask for a proposal, and decide when options start."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.district import now
from onesystem.flow import answers
from onesystem.flow.answers.asking import digest_of
from onesystem.plan.options import queries as plans
from onesystem.plan.options.keeping import as_json, held, require, step
from onesystem.plan.portfolio import gathering, queries, telling, training
from onesystem.plan.portfolio.building import Change, allowed
from onesystem.plan.portfolio.growing import growth
from onesystem.plan.portfolio.proposing import of_starts
from onesystem.plan.portfolio.rows import PlanProposal, PlanTiming
from onesystem.plan.portfolio.shape import NEVER, Starts
from onesystem.plan.portfolio.work import posts, roles_of
from onesystem.plan.portfolio.working import KIND, keep
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def ask(
    *, plan: str, may: Mapping[str, Any], by: Actor, keys: Sequence[str] = (), anew: bool = False,
    staff: str = "",
) -> queries.Kept:  # fmt: skip
    """Ask for a proposal; the same question is the same proposal. Raises UserError.

    `staff` is a plan of staff whose training places and money for them are kept to.
    """
    require(by)
    row = held(plan)
    asked = question(plans.plan(plan), may, keys, staff)
    digest = digest_of(KIND, asked)
    there = PlanProposal.objects.filter(plan=row, digest=digest).order_by("-number").first()
    answer = answers.ask(KIND, asked, by=by, anew=anew)
    if there is None:
        there = PlanProposal.objects.create(
            plan=row, number=row.proposals.count() + 1, digest=digest, asked=as_json(asked),
            at=to_micros(now()), by=by.name,
        )  # fmt: skip
        said = {"proposal": there.number}
        step(row, "proposed", by, body=said, detail=said)
    if answer.found and not there.found:
        keep(digest, answer.found)
    return queries.proposal(plan, there.number)


def question(
    plan: plans.Plan, may: Mapping[str, Any], keys: Sequence[str] = (), staff: str = ""
) -> dict[str, Any]:
    """What is asked, in full: options priced by the plan, the twin's words, what is allowed."""
    limits = allowed(may)
    chosen = [each for each in plan.options if not keys or each.key in keys]
    wanted = {
        each.key: {
            "key": each.key, "title": each.title, "setup": each.priced.set_up,
            "running": each.priced.running, "lag": each.option.lag_months,
            "posts": each.priced.by_group(),
        }
        for each in chosen
    }  # fmt: skip
    unknown = [k for k in (*may.get("must", {}), *may.get("banned", ())) if k not in wanted]
    if unknown:
        raise UserError(
            say("there is no option {unknown} in the plan", unknown=repr(unknown[0])),
            "Look at its options.",
        )
    begins = min((each.starts for each in chosen), default=plan.begins)
    return {
        "plan": plan.slug, "begins": begins.isoformat(),
        "may": dict(may), "options": wanted,
        "twin": gathering.scenarios(plan, list(wanted)),
        "grows": growth(plan.area, limits.years) if limits.case else {},
    } | _trained(staff, begins, limits.years)  # fmt: skip


def _trained(staff: str, begins: date, years: int) -> dict[str, Any]:
    """What a plan of staff gives, as it stands now; nothing where none is named."""
    if not staff:
        return {}
    from onesystem.plan.workforce import queries as workforce

    standing = workforce.standing(staff)
    given = training.given(standing.plan, roles_of(posts()), begins, years)
    if not given:
        raise UserError(
            say("{name} has nobody in post whom a proposal knows", name=standing.plan.name),
            "Write who is in post in it, or choose another plan of staff.",
        )
    return {"trained": {
        "plan": staff, "name": standing.plan.name, "number": standing.number,
        "money": standing.plan.money, "of": given,
    }}  # fmt: skip


@transaction.atomic
def decide(
    *, plan: str, proposal: int, starts: Mapping[str, int], why: str, by: Actor
) -> queries.Timing:
    """Decide when options start, by key. Raises UserError where that keeps no limit."""
    require(by)
    row = held(plan)
    kept = queries.proposal(plan, proposal)
    if not why.strip():
        raise UserError("it is not said why", "Write the reason, so that others can follow it.")
    dearer = costs_more(kept, starts)
    if dearer is None:
        raise UserError(
            "no plan with these starts keeps to all limits",
            "Start fewer at a time, or ask for a proposal with other limits.",
        )
    PlanTiming.objects.create(
        plan=row, proposal=PlanProposal.objects.get(plan=row, number=proposal),
        number=row.timings.count() + 1, starts=as_json(dict(starts)), dearer=dearer,
        why=why.strip()[:2000], at=to_micros(now()), by=by.name,
    )  # fmt: skip
    said = {"proposal": proposal, "started": sum(at != NEVER for at in starts.values())}
    step(row, "timed", by, why=why, body=said, detail=said)
    return queries.timings(plan)[0]


def costs_more(kept: queries.Kept, starts: Starts) -> int | None:
    """How much dearer these starts are than the proposal; None where they keep no limit."""
    if kept.said is None or kept.found is None or kept.found.best is None:
        raise UserError("there is no proposal to depart from", "Wait for it, or ask for another.")
    wanted, _ = telling.built(kept.said, kept.asked)
    changes = [Change(**each) for each in kept.said["changes"]]
    titles = {each.key: each.title for each in changes}
    if set(starts) != set(titles):
        raise UserError("it is not said of every option when it starts", "Say it of each.")
    for at in starts.values():
        if not NEVER <= at < wanted.moments:
            raise UserError(
                say("there is no quarter {at} in which to start", at=at + 1), "Choose another."
            )
    if not _may_start(wanted, {titles[key]: at for key, at in starts.items()}):
        return None
    found = of_starts(wanted, {titles[key]: at for key, at in starts.items()})
    return None if found is None else max(0, found.total - kept.found.best.total)


def _may_start(wanted: Any, starts: Starts) -> bool:
    """Whether musts and bars are kept: fixing choices in the solver would pass over them."""
    for each in wanted.choices:
        at = starts[each.name]
        if (each.banned and at != NEVER) or (each.by is not None and not 0 <= at <= each.by):
            return False
    return True
