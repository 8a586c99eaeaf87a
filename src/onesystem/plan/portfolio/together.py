"""The chosen options run together in the twin, beside the sum of each alone.

A proposal adds up what each option does alone. Together they act on the same people and on the same
queues, so what they come to is a run of its own: kept among the runs of the plan, and found again
by its options as they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.access import Actor
from onesystem.flow import answers
from onesystem.plan.options import queries as plans
from onesystem.plan.options import running, weighing, wording
from onesystem.plan.options.weighing import SetResult
from onesystem.plan.portfolio import queries
from onesystem.plan.portfolio.shape import NEVER, Starts
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The options that start, the run of them all, and what came of it; None before any."""

    keys: tuple[str, ...]
    run: plans.Run | None
    found: SetResult | None
    answer: answers.Answer | None

    @property
    def several(self) -> bool:
        """Whether there is anything to run together."""
        return len(self.keys) >= _FEWEST


def starting(kept: queries.Kept) -> Starts:
    """The options that start, by key, and when: as people decided, else as is proposed."""
    if kept.found is None or kept.found.best is None:
        return {}
    latest = next((t for t in queries.timings(kept.plan) if t.proposal == kept.number), None)
    best = kept.found.best.starts
    every = {
        key: latest.starts.get(key, NEVER) if latest else best[option["title"]]
        for key, option in kept.asked["options"].items()
    }
    return {key: at for key, at in every.items() if at != NEVER}


def ask(*, plan: str, proposal: int, by: Actor) -> plans.Run:
    """Run the options that start, each alone and all together. Raises UserError."""
    keys = tuple(starting(queries.proposal(plan, proposal)))
    if len(keys) < _FEWEST:
        raise UserError(
            "fewer than two options start", "Nothing acts together; the proposal stands as it is."
        )
    return running.ask(plan=plan, sets=running.alone_and_together(keys), by=by, anew=True)


def of(kept: queries.Kept) -> Together:
    """The latest run of exactly these options together, as they stand now."""
    keys, mine = tuple(starting(kept)), plans.plan(kept.plan)
    there = {each.key: each for each in mine.options}
    if len(keys) < _FEWEST or not set(keys) <= set(there):
        return Together(keys=keys, run=None, found=None, answer=None)
    wanted = {key: weighing.terms(there[key].option, there[key].strength) for key in keys}
    for run in plans.runs(kept.plan):
        alone = {s["keys"][0] for s in run.asked["sets"] if len(s["keys"]) == 1}
        same = any(weighing.same(wanted, said) for said in run.asked["sets"])
        if not same or run.asked.get("years") or not set(keys) <= alone:
            continue
        if run.found is None:
            return Together(keys=keys, run=run, found=None, answer=_answer(run))
        found = run.found.of(keys)
        if found and any(row.added for row in found.rows):
            return Together(keys=keys, run=run, found=found, answer=None)
    return Together(keys=keys, run=None, found=None, answer=None)


def _answer(run: plans.Run) -> answers.Answer | None:
    try:
        return answers.find(run.digest)
    except NotFound:
        return None


def listing(found: SetResult, currency: str) -> Listing:
    """Each figure of the whole: added up, together, and how far the two are apart."""
    rows: list[list[Any]] = []
    for figure in wording.HEADLINES:
        row = found.row(figure)
        if row is None or row.added is None or row.beyond is None:
            continue
        words, unit, _ = wording.said(figure)
        rows.append([
            Cell(words, note=unit),
            wording.number(figure, row.added.mean, currency, signed=True),
            Cell(wording.difference(row, currency), note=wording.interval(row, currency)),
            Cell(wording.number(figure, row.beyond.mean, currency, signed=True),
                 note=wording.between(figure, row.beyond, currency),
                 tag="warn" if weighing.apart(row.beyond) else "quiet"),
        ])  # fmt: skip
    return Listing(
        caption="Added up, and together", all_rows=rows, exports=False, per_page=200,
        columns=(
            Column("figure", "Figure", sorts=False),
            Column("added", "Each alone, added up", right=True, sorts=False),
            Column("together", "Together in the twin", right=True, sorts=False),
            Column("beyond", "Together less the sum", right=True, sorts=False),
        ),
        empty_title="Nothing differs", empty_advice="The twin has none of these figures.",
    )  # fmt: skip


def told(found: SetResult, currency: str) -> Sequence[tuple[str, str]]:
    """The same as rows of label and words, for evidence."""
    return [
        (
            f"{words}, {unit}",
            (
                say(
                    "together {difference} ({interval}); each alone, added up, {figure}",
                    difference=wording.difference(row, currency),
                    interval=wording.interval(row, currency),
                    figure=wording.number(figure, row.added.mean, currency, signed=True),
                )
            ),
        )
        for figure in wording.HEADLINES
        if (row := found.row(figure)) and row.added
        for words, unit, _ in (wording.said(figure),)
    ]
