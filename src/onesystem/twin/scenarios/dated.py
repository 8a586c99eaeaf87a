"""Values that change at dates: when a change holds, and what a value is then. Pure."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from onesystem.twin.network.model import UNITS, By, Dated, Model
from onesystem.twin.scenarios.changes import Change, Moment, Who
from onesystem.vocabulary import BadConfig

Span = tuple[float, float | None]


def span_of(change: Change, model: Model, at: str) -> Span:
    """From and until when a change holds, in the model's time. Raises BadConfig."""
    since = time_of(change.since, model, f"{at}.from") or 0.0
    until = time_of(change.until, model, f"{at}.until")
    if until is not None and until <= since:
        raise BadConfig(
            f"{at} ends ({_said(change.until)}) before it begins ({_said(change.since)})",
            "Make `until` later than `from`, or leave it out.",
        )
    return since, until


def time_of(moment: Moment, model: Model, at: str) -> float | None:
    """A moment in the model's time. Raises BadConfig where it lies outside of what is run."""
    if moment is None:
        return None
    if isinstance(moment, date):
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), model.starts.tzinfo)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=model.starts.tzinfo or UTC)
        found = (aware - model.starts).total_seconds() / UNITS[model.unit]
    else:
        found = float(moment)
    if not 0 <= found < model.horizon:
        raise BadConfig(
            f"{at} is {_said(moment)}, and the model runs {_runs(model)}",
            "Give a day within that, or make the horizon of the model longer.",
        )
    return found


def length_of(said: float | str | None, model: Model) -> float | None:
    """A length in the model's unit: a number is in it already, "14 days" is not."""
    if isinstance(said, str):
        number, _, unit = said.partition(" ")
        return float(number) * UNITS[unit.rstrip("s")] / UNITS[model.unit]
    return said


def _runs(model: Model) -> str:
    ends = model.starts + timedelta(seconds=model.horizon * UNITS[model.unit])
    return f"from {model.starts:%Y-%m-%d} to {ends:%Y-%m-%d} (0 to {model.horizon:g} {model.unit}s)"


def _said(moment: Moment) -> str:
    if moment is None:
        return "the beginning"
    return moment.isoformat() if isinstance(moment, date) else f"{moment:g}"


def during(value: Any, span: Span, change: Callable[[Any], Any]) -> Any:
    """A value that is changed within a span and is what it was outside of it."""
    since, until = span
    pieces = _pieces(value)
    for cut in (since, until):
        if cut is not None:
            pieces = _cut(pieces, cut)
    made = [
        (when, change(each) if since <= when and (until is None or when < until) else each)
        for when, each in pieces
    ]
    return _joined(made)


def _pieces(value: Any) -> list[tuple[float, Any]]:
    return list(value.changes) if isinstance(value, Dated) else [(0.0, value)]


def _cut(pieces: list[tuple[float, Any]], at: float) -> list[tuple[float, Any]]:
    """The same with a piece that begins at a time."""
    before = [each for each in pieces if each[0] <= at]
    if before[-1][0] == at:
        return pieces
    return [*before, (at, before[-1][1]), *(each for each in pieces if each[0] > at)]


def _joined(pieces: list[tuple[float, Any]]) -> Any:
    """Without dates at which nothing changes."""
    kept = pieces[:1]
    for when, each in pieces[1:]:
        if each != kept[-1][1]:
            kept.append((when, each))
    return kept[0][1] if len(kept) == 1 else Dated(tuple(kept))


def of_people(value: Any, who: Who, model: Model, change: Callable[[Any], Any]) -> Any:
    """A value that is changed for some people; `change` is given no choice, by person or date."""
    match value:
        case Dated(changes):
            return _joined([(when, of_people(v, who, model, change)) for when, v in changes])
        case By(attribute, options, other):
            return _of_option(By(attribute, options, other), who, model, change)
    if not who:
        return change(value)
    attribute, levels = next(iter(who.items()))
    rest = {name: each for name, each in who.items() if name != attribute}
    new = of_people(value, rest, model, change)
    return value if new == value else By(attribute, dict.fromkeys(levels, new), value)


def _of_option(by: By[Any], who: Who, model: Model, change: Callable[[Any], Any]) -> Any:
    wanted = who.get(by.attribute)
    rest = {name: each for name, each in who.items() if name != by.attribute}

    def new(value: Any) -> Any:
        return None if value is None else of_people(value, rest, model, change)

    if wanted is None:
        return By(by.attribute, {k: new(v) for k, v in by.options.items()}, new(by.other))
    options = {
        level: new(by.options.get(level, by.other)) if level in wanted
        else by.options.get(level, by.other)
        for level in model.levels(by.attribute)
    }  # fmt: skip
    kept = {k: v for k, v in options.items() if k in by.options or v != by.other}
    return By(by.attribute, kept, by.other)
