"""The figures of a question, as series and panels: read from the kept cells of the measures.

`FIGURES` is where they come from. Only whole periods count; what is hidden for small numbers is
never guessed: the period is left out, and too many of them refuse the question.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from onesystem.access import Actor
from onesystem.evidence.panel import Panel, panel
from onesystem.evidence.question import Question
from onesystem.evidence.series import Timed, timed
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

MOST_HIDDEN = 0.2
EACH = {"minutes", "hours", "days", "nights", "pounds", "days each"}  # a mean over cases


def _figures(name: str, **asked: Any) -> list[Any]:
    from onesystem.flow import measures

    return list(measures.figures(name, **asked))


FIGURES: Callable[..., list[Any]] = _figures


def read(question: Question, *, asker: Actor) -> dict[str, Any]:
    """The figures that a run needs, as JSON may hold them: one row a group."""
    if question.design == "rd":
        return _scored(question)
    by = (question.dimension,) if question.dimension else ()
    where: dict[str, Any] = {}
    if question.dimension and question.design in ("its", "changepoint", "controlled"):
        chosen = (*question.treated, *question.control) if question.control else question.treated
        if chosen and (question.control or question.design != "controlled"):
            where = {question.dimension: tuple(chosen)}
    found = FIGURES(
        question.measure, by=by, every=question.every, start=question.start, end=question.end,
        where=where, asker=asker,
    )  # fmt: skip
    if not found:
        raise BadInput(
            say("there are no figures of {measure}", measure=question.measure),
            rule="evidence.no-figures",
            cure="Choose an earlier start, another selection, or refresh the measures",
        )
    first = found[0]
    return {
        "measure": first.measure.title, "unit": first.measure.unit,
        "version": getattr(first.measure, "version", 1),
        "complement": bool(getattr(first.measure, "complement", False)),
        "standardised": getattr(first.measure, "standardisation", "none") != "none",
        "direction": getattr(first.measure, "direction", "none"),
        "words": getattr(first.measure, "words", ""),
        "source": getattr(first.measure, "source", ""),
        "data_to": first.data_to.isoformat() if first.data_to else None,
        "groups": [_row(f, question.dimension) for f in found],
    }  # fmt: skip


def _scored(question: Question) -> dict[str, Any]:
    """The cases of a threshold: the question holds them."""
    return {
        "measure": question.outcome or say("the outcome"),
        "unit": question.outcome,
        "version": 1,
        "complement": False,
        "standardised": False,
        "direction": "none",
        "words": say(
            "{cases} cases by {score}.",
            cases=f"{len(question.cases):,}",
            score=question.score or "their score",
        ),
        "source": say("A table given with the question."),
        "data_to": None,
        "groups": [],
    }


def _row(found: Any, dimension: str) -> dict[str, Any]:
    return {
        "code": found.group.get(dimension, "") if dimension else "",
        "name": getattr(found, "names", found.group).get(dimension, "") if dimension else "",
        "periods": [p.isoformat() for p in found.periods],
        "numerator": list(found.numerator),
        "denominator": [None if d is None else float(d) for d in found.denominator],
        "value": list(found.value),
        "hidden": list(found.hidden),
        "whole": list(getattr(found, "whole", [True] * len(found.periods))),
    }


def series(question: Question, data: dict[str, Any], *, control: bool = False) -> Timed:
    """The series of the treated groups together, or of the control's."""
    wanted = set(question.control if control else question.treated)
    rows = [
        g for g in data["groups"]
        if not question.dimension
        or (g["code"] in wanted if wanted else control and g["code"] not in question.treated)
        or (not wanted and not control)
    ]  # fmt: skip
    if not rows:
        raise BadInput(
            "there are no figures of the control"
            if control
            else "there are no figures of the group",
            rule="evidence.no-figures",
            cure="Choose others, or an earlier start",
        )
    kind = _kind(data)
    cells: list[tuple[date, float, float]] = []
    hidden = 0
    for i, period in enumerate(rows[0]["periods"]):
        if not all(g["whole"][i] for g in rows):
            continue
        if any(g["hidden"][i] for g in rows):
            hidden += 1
            continue
        made = _cell(rows, i, kind, data)
        if made is not None:
            cells.append((date.fromisoformat(period), *made))
    _not_too_hidden(hidden, len(cells))
    if not cells:
        raise BadInput(
            "no period has a figure", rule="evidence.no-figures",
            cure="Choose an earlier start or longer periods",
        )  # fmt: skip
    names = ", ".join(str(g["name"]) for g in rows if g["name"])
    denominators = [c[2] for c in cells] if kind == "share" or any(c[2] != 1 for c in cells) else []
    if kind == "mean" and data["unit"] not in EACH:
        denominators = []
    return timed(
        [c[0] for c in cells], [c[1] for c in cells], denominators,
        kind=kind, every=question.every, gaps=True, unit=_unit(data),  # type: ignore[arg-type]
        name=names if len(names) < 80 else say("{rows} groups", rows=len(rows)), where="period",
    )  # fmt: skip


def _not_too_hidden(hidden: int, shown: int) -> None:
    if hidden and hidden > MOST_HIDDEN * (hidden + shown):
        raise BadInput(
            say(
                "{hidden} of {hidden2} periods are hidden for small numbers",
                hidden=hidden,
                hidden2=hidden + shown,
            ),
            rule="evidence.hidden",
            cure="Take longer periods or larger groups",
        )


def _kind(data: dict[str, Any]) -> str:
    if data["standardised"]:
        return "mean"
    unit = data["unit"]
    if unit == "percent":
        return "share"
    return "count" if unit in {"count", "people"} or unit.startswith("per ") else "mean"


def _cell(
    rows: Sequence[dict[str, Any]], i: int, kind: str, data: dict[str, Any]
) -> tuple[float, float] | None:
    """Numerator and denominator of some groups together in a period."""
    top = [g["numerator"][i] for g in rows]
    if kind == "mean" or any(n is None for n in top):
        return _averaged(rows, i)
    above, below = float(sum(top)), float(sum(g["denominator"][i] or 0 for g in rows))
    if data["unit"] in {"count", "people"}:
        return above, 1.0
    if below <= 0:
        return None
    return (below - above if data["complement"] else above), below


def _averaged(rows: Sequence[dict[str, Any]], i: int) -> tuple[float, float] | None:
    """The figures of some groups averaged, each by its denominator."""
    seen = [g for g in rows if g["value"][i] is not None]
    if not seen:
        return None
    weights = [float(g["denominator"][i] or 0) for g in seen]
    cases = sum(weights)
    if not cases:
        weights = [1.0] * len(seen)
    total = sum(g["value"][i] * w for g, w in zip(seen, weights, strict=True))
    return float(total / sum(weights)), cases or 1.0


def _unit(data: dict[str, Any]) -> str:
    unit = str(data["unit"])
    if unit in {"count", "people"} or unit.startswith("per "):
        return "people" if unit == "people" else "events"
    return "" if unit == "percent" else unit


def groups(question: Question, data: dict[str, Any]) -> Panel:
    """The panel of treated groups and those that they are compared with."""
    wanted = {*question.treated, *question.control}
    rows, hidden, shown = [], 0, 0
    names = {g["code"]: str(g["name"] or g["code"]) for g in data["groups"]}
    for g in data["groups"]:
        if question.control and g["code"] not in wanted:
            continue
        for i, period in enumerate(g["periods"]):
            if not g["whole"][i]:
                continue
            if g["hidden"][i]:
                hidden += 1
            elif g["value"][i] is not None:
                shown += 1
                rows.append((names[g["code"]], date.fromisoformat(period), float(g["value"][i])))
    _not_too_hidden(hidden, shown)
    begins: dict[str, date | None] = {
        names[c]: date.fromisoformat(question.starts.get(c, question.at.isoformat()))
        for c in question.treated if c in names
    }  # fmt: skip
    made = panel(rows, begins, complete_only=True, unit=data["unit"], where="figure")
    lost = [n for n in begins if n not in made.units]
    if lost:
        raise BadInput(
            say("{lost} lacks figures in some periods", lost=lost[0]), rule="evidence.gaps",
            cure="Take a later start, longer periods, or leave it out",
        )  # fmt: skip
    return made
