"""A proposal as JSON would have it, and back, with the problem that it answers. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from onesystem.plan.portfolio.building import Allowed, Change, Today, allowed, problem
from onesystem.plan.portfolio.clashing import Clash, Short
from onesystem.plan.portfolio.departing import Departure
from onesystem.plan.portfolio.limits import Price
from onesystem.plan.portfolio.plan_of import Line, Outcome
from onesystem.plan.portfolio.proposing import Proposal
from onesystem.plan.portfolio.shape import Problem
from onesystem.plan.portfolio.work import care, posts


def plain(found: Proposal, today: Mapping[str, Today], changes: tuple[Change, ...]) -> Any:
    """A proposal with what it was built from."""
    return {
        "today": [asdict(each) for each in today.values()],
        "changes": [asdict(each) for each in changes], **asdict(found),
    }  # fmt: skip


def built(found: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[Problem, Allowed]:
    """The problem that a kept proposal answers."""
    today = {each["setting"]: Today(**each) for each in found["today"]}
    changes = tuple(Change(**each) for each in found["changes"])
    may = allowed(asked["may"])
    return problem(today, changes, may, care(), posts(), asked.get("trained")), may


def again(said: Mapping[str, Any]) -> Proposal:
    """What `plain` said."""
    return Proposal(
        best=_outcome(said["best"]), nothing=_outcome(said["nothing"]), within=said["within"],
        prices=tuple(Price(**{**e, "by_row": tuple(e["by_row"])}) for e in said["prices"]),
        departures=tuple(
            Departure(**{**e, "moved": tuple((n, at) for n, at in e["moved"])})
            for e in said["departures"]
        ),
        clash=_clash(said["clash"]),
    )  # fmt: skip


def _outcome(said: Mapping[str, Any] | None) -> Outcome | None:
    if said is None:
        return None
    rows = {
        name: {of: tuple(each) for of, each in said[name].items()}
        for name in ("unmet", "done", "posts", "agency", "hired")
    }
    lines = tuple(Line(**each) for each in said["lines"])
    return Outcome(
        starts=said["starts"], total=said["total"], undone=said["undone"], lines=lines, **rows
    )


def _clash(said: Mapping[str, Any] | None) -> Clash | None:
    if said is None:
        return None
    short, together = (
        tuple(Short(**{**e, "where": tuple((n, by) for n, by in e["where"])}) for e in said[key])
        for key in ("short", "together")
    )
    return Clash(short=short, together=together)
