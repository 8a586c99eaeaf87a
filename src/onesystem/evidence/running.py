"""A question worked out over its figures, in pieces that each take well under a second."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from onesystem.evidence import measured
from onesystem.evidence.panel import Panel
from onesystem.evidence.power import Power
from onesystem.evidence.question import Question
from onesystem.evidence.result import Result
from onesystem.evidence.series import PER_YEAR, Timed
from onesystem.evidence.steps import Steps, steps
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say


def pieces(question: Question, data: dict[str, Any]) -> int:
    """How many pieces a run has. Raises BadInput where the figures do not fit the design."""
    if question.design == "synth":
        from onesystem.evidence.synth import planned

        return planned(measured.groups(question, data)).pieces + 1
    return 1


def work(question: Question, data: dict[str, Any], piece: int, partial: Sequence[Any]) -> Any:
    """One piece; the last gives the result as JSON may hold it."""
    if question.design != "synth":
        return finished(question, data).plain()
    import numpy as np

    from onesystem.evidence.synth import Match, planned
    from onesystem.evidence.synth import finished as together

    plan = planned(measured.groups(question, data))
    if piece < plan.pieces:
        made = plan.do(piece)
        return {"unit": made.unit, "weights": made.weights.tolist(), "gap": made.gap.tolist(),
                "before": made.before, "after": made.after}  # fmt: skip
    done = [
        Match(p["unit"], np.array(p["weights"]), np.array(p["gap"]), p["before"], p["after"])
        for p in partial
    ]
    result = together(plan, done, terms=question.terms, per_year=PER_YEAR[question.every])
    return result.plain()


def finished(question: Question, data: dict[str, Any]) -> Result:
    """The result of a design that is worked out at once."""
    per_year, terms = PER_YEAR[question.every], question.terms
    if question.design in ("its", "controlled", "changepoint"):
        return _of_series(question, data)
    if question.design == "rd":
        return _of_cases(question)
    panel = measured.groups(question, data)
    if question.design == "did":
        from onesystem.evidence.did import did

        return did(panel, terms=terms, per_year=per_year)
    if question.design == "staggered":
        from onesystem.evidence.staggered import staggered

        return staggered(panel, comparison=_comparison(panel), terms=terms, per_year=per_year)
    if question.design == "wedge":
        from onesystem.evidence.wedge import wedge

        return wedge(_cells(panel), drawn=question.drawn, terms=terms, per_year=per_year)
    raise BadInput(
        say("there is no design {design}", design=repr(question.design)),
        rule="evidence.design",
        cure="Choose another",
    )


def _of_cases(question: Question) -> Result:
    from onesystem.evidence.discontinuity import rd

    return rd(
        [score for score, _ in question.cases], [outcome for _, outcome in question.cases],
        threshold=question.threshold or 0.0, below=question.below, terms=question.terms,
        per_year=1 / max((question.end - question.at).days / 365.25, 1 / 12),
        unit=question.outcome,
    )  # fmt: skip


def _of_series(question: Question, data: dict[str, Any]) -> Result:
    from onesystem.evidence.changepoint import changepoint
    from onesystem.evidence.controlled import controlled
    from onesystem.evidence.its import its

    ours, terms = measured.series(question, data), question.terms
    if question.design == "changepoint":
        declared = question.at if question.date_known else None
        return changepoint(ours, waves=question.waves, declared=declared, terms=terms)
    kept: dict[str, Any] = {"slope": question.slope, "waves": question.waves, "terms": terms}
    if question.design == "its":
        return its(ours, [question.at], names=[question.what[:60]], **kept)
    theirs = measured.series(question, data, control=True)
    both = set(ours.dates) & set(theirs.dates)
    return controlled(_only(ours, both), _only(theirs, both), [question.at], **kept)


def _only(series: Timed, days: set[Any]) -> Timed:
    keep = [i for i, d in enumerate(series.dates) if d in days]
    if not keep:
        raise BadInput(
            "the series and its control share no period", rule="evidence.control-dates",
            cure="Choose another control",
        )  # fmt: skip
    first = series.places[keep[0]]
    return replace(
        series, dates=tuple(series.dates[i] for i in keep),
        values=tuple(series.values[i] for i in keep),
        denominators=tuple(series.denominators[i] for i in keep) if series.denominators else (),
        places=tuple(series.places[i] - first for i in keep),
    )  # fmt: skip


def _comparison(panel: Panel) -> Any:
    return "never" if any(s is None for s in panel.start) else "not-yet"


def _cells(panel: Panel) -> Steps:
    begins = panel.begins
    return steps(
        [
            (name, period, bool(j >= begins[i]), float(panel.values[i, j]), 1.0)
            for i, name in enumerate(panel.units)
            for j, period in enumerate(panel.periods)
        ],
        unit=panel.unit,
    )


def beforehand(question: Question, data: dict[str, Any]) -> Power | None:
    """What the design would probably find, from the figures before the change alone."""
    from onesystem.evidence import power

    if question.design in ("its", "controlled"):
        ours = measured.series(question, data)
        place = ours.place_of(question.at)
        before = [i for i, p in enumerate(ours.places) if p < place]
        if len(before) < 8:
            return None
        after = max(3, len(ours.places) - len(before))
        return power.its(
            _only(ours, {ours.dates[i] for i in before}), periods=after, slope=False,
            waves=question.waves,
        )  # fmt: skip
    if question.design in ("did", "synth"):
        panel = measured.groups(question, data)
        cut = int(panel.begins.min())
        after = len(panel.periods) - cut
        if question.design == "synth" and cut - after >= 3:
            return power.synth(panel.values[:, :cut], periods=after, unit=panel.unit)
        if question.design == "did" and cut >= 4:
            half = cut // 2
            change = panel.values[:, half:cut].mean(axis=1) - panel.values[:, :half].mean(axis=1)
            count = int((panel.begins < len(panel.periods)).sum())
            return power.did(
                treated=count, untreated=len(panel.units) - count, sd=float(change.std(ddof=1)),
                unit=panel.unit,
            )  # fmt: skip
    return None
