"""What a kept proposal comes to on its page: figures, a timeline, tables, what people decided."""

from datetime import date
from typing import Any

from onesystem.plan.portfolio import clash_words, presenters, telling
from onesystem.plan.portfolio.drawing import timeline
from onesystem.plan.portfolio.presenters import quarter, short
from onesystem.plan.portfolio.proposing import Proposal
from onesystem.plan.portfolio.queries import Kept, Timing
from onesystem.plan.portfolio.shape import NEVER, Problem
from onesystem.plan.portfolio.work import source
from onesystem.vocabulary.said import say

__all__ = ["quarter", "shown", "tables", "tried"]


def shown(kept: Kept, timings: list[Timing]) -> dict[str, Any]:
    """What the template lays out."""
    assert kept.said is not None and kept.found is not None  # noqa: PT018, S101 - it is there
    problem, may = telling.built(kept.said, kept.asked)
    found, begins = kept.found, date.fromisoformat(kept.asked["begins"])
    context: dict[str, Any] = {
        "found": found, "problem_of": problem, "begins": begins, "timings": timings,
        "assumed": presenters.assumptions(
            may, problem, source(), kept.asked.get("grows", {}), kept.asked.get("trained")
        ),
        "defined": presenters.DEFINED, "missing": kept.asked["twin"]["missing"],
        "short": short, "words": {each.number: _decided(each, kept, begins) for each in timings},
    }  # fmt: skip
    if found.best is None:
        assert found.clash is not None  # noqa: S101 - one of the two is there
        return context | {
            "clash": clash_words.clashing(found.clash.short, begins),
            "together": clash_words.clashing(found.clash.together, begins, together=True),
        }
    latest = timings[0] if timings and timings[0].proposal == kept.number else None
    decided = _titles(kept, latest) if latest else None
    years = max(problem.moments, 1)
    return context | {
        "figures": figures(found, problem),
        "drawing": timeline(problem.choices, found.best.starts, begins, years, decided),
        "tables": tables(found, problem, begins, decided),
        "moments": [(str(at), quarter(begins, at)) for at in range(problem.moments)],
        "chosen": _form(kept, found, latest),
    }


def tables(
    found: Proposal, problem: Problem, begins: date, decided: dict[str, int] | None = None
) -> dict[str, Any]:
    """All tables of a proposal by a short name."""
    return {
        "options": presenters.options(found, problem, begins, decided),
        "limits": presenters.limits(found, begins), "work": presenters.work(found, problem),
        "staff": presenters.staff(found, problem),
        "money": presenters.moneys(found, problem, begins),
    }  # fmt: skip


def figures(found: Proposal, problem: Problem) -> list[dict[str, str]]:
    """The headlines."""
    best, nothing = found.best, found.nothing
    assert best is not None  # noqa: S101 - there is a proposal
    some = sum(at != NEVER for at in best.starts.values())
    told = [
        {
            "label": say("Options that start"),
            "value": say("{some} of {starts}", some=some, starts=len(best.starts)),
            "note": say("over {years} years", years=problem.years),
            "kind": "",
        }
    ]
    if nothing is not None:
        gain = nothing.total - best.total
        told.append({
            "label": say("Better than doing nothing by"), "value": short(gain), "kind": "good",
            "note": say("over {years} years, in money and need met", years=problem.years),
        })  # fmt: skip
    before = say("doing nothing {undone}", undone=short(nothing.undone)) if nothing else ""
    spent = say("doing nothing {spent}", spent=short(nothing.spent)) if nothing else ""
    binding = sum(each.worth > 0 for each in found.prices)
    return [
        *told,
        {"label": say("Need left unmet counts as"), "value": short(best.undone), "note": before,
         "kind": ""},
        {"label": say("Money spent"), "value": short(best.spent), "note": spent, "kind": ""},
        {"label": say("Limits that bind"), "value": str(binding), "kind": "warn" if binding else "",
         "note": say("of {prices}", prices=len(found.prices))},
        {"label": say("No plan is better by more than"), "value": short(found.within), "kind": "",
         "note": say("proven by the solver")},
    ]  # fmt: skip


def tried(dearer: int | None) -> str:
    """What a try comes to, in words."""
    if dearer is None:
        return say("No plan with these starts keeps to all limits.")
    if not dearer:
        return say("It costs no more than the proposal.")
    return say(
        "It costs {dearer} more than the proposal, in money and need left unmet.",
        dearer=short(dearer),
    )


def _titles(kept: Kept, timing: Timing) -> dict[str, int]:
    return {kept.asked["options"][key]["title"]: at for key, at in timing.starts.items()}


def _form(kept: Kept, found: Proposal, latest: Timing | None) -> list[tuple[str, str, str]]:
    """Each option's key, title and the quarter that stands: people's, else the proposal's."""
    assert found.best is not None  # noqa: S101 - there is a proposal
    rows = []
    for key, option in kept.asked["options"].items():
        at = latest.starts[key] if latest else found.best.starts[option["title"]]
        rows.append((key, option["title"], "out" if at == NEVER else str(at)))
    return rows


def _decided(timing: Timing, kept: Kept, begins: date) -> str:
    """A decision in words: what starts when."""
    titles = {key: each["title"] for key, each in kept.asked["options"].items()}
    told = [
        f"{titles.get(key, key)} {presenters.starts(begins, at)}"
        for key, at in sorted(timing.starts.items(), key=lambda each: each[1]) if at != NEVER
    ]  # fmt: skip
    return "; ".join(told) or say("nothing starts")
