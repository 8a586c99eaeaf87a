"""What every design gives back: effects with intervals, checks of assumptions, limits, a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date
from enum import StrEnum
from math import exp, isfinite
from typing import Any

from onesystem.evidence.tails import t_p, t_quantile


class Verdict(StrEnum):
    """How an assumption stood up."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An assumption: what was looked at, the figure, and what that means in words."""

    name: str
    title: str
    verdict: Verdict
    figure: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An estimate with its interval. `ratio` says that 1 is no effect, and not 0."""

    name: str
    label: str
    estimate: float
    low: float
    high: float
    unit: str = ""
    level: float = 0.95
    se: float | None = None
    p: float | None = None
    ratio: bool = False

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out no effect."""
        none = 1.0 if self.ratio else 0.0
        return not self.low <= none <= self.high

    @property
    def direction(self) -> str:
        """`fall`, `rise`, or `no clear change`."""
        if not self.clear:
            return "no clear change"
        return "rise" if self.estimate > (1.0 if self.ratio else 0.0) else "fall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """An effect in people, days or money a year; `how` says how it was worked out."""

    what: str
    estimate: float
    low: float
    high: float
    unit: str
    how: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a page, a CSV file and a sheet."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a chart: one value a place on the axis; None is a gap."""

    name: str
    kind: str  # observed, fitted, counterfactual, comparison, placebo
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a chart shows: lines over an axis of dates, periods or scores, and marks on it."""

    title: str
    axis: tuple[Any, ...]
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[Any, str], ...] = ()
    axis_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of one design to "did it work?"."""

    design: str
    title: str
    main: Effect
    effects: tuple[Effect, ...]
    checks: tuple[Check, ...]
    limits: tuple[str, ...]
    words: str
    method: str
    source: str
    translated: tuple[Translated, ...] = ()
    tables: tuple[Table, ...] = ()
    picture: Picture | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def standing(self) -> Verdict:
        """The worst verdict of the checks."""
        found = {c.verdict for c in self.checks}
        for verdict in (Verdict.FAILED, Verdict.DOUBTFUL):
            if verdict in found:
                return verdict
        return Verdict.PASSED

    def check(self, name: str) -> Check:
        """The check of that name. Raises KeyError."""
        return {c.name: c for c in self.checks}[name]

    def effect(self, name: str) -> Effect:
        """The effect of that name. Raises KeyError."""
        return {e.name: e for e in self.effects}[name]

    def plain(self) -> dict[str, Any]:
        """The result as JSON may hold it."""
        return {**plain(self), "standing": str(self.standing)}


def plain(value: Any) -> Any:  # noqa: PLR0911
    """A value as JSON may hold it: dates as ISO, nothing that is not a number as None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: plain(v) for k, v in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(v) for v in value]
    if hasattr(value, "item"):  # a number of numpy
        return plain(value.item())
    return value


def effect(
    name: str, label: str, value: float, se: float, df: float, *, level: float = 0.95,
    ratio: bool = False, unit: str = "",
) -> Effect:  # fmt: skip
    """An effect from an estimate and its standard error; a ratio is given by its logarithm."""
    wide = t_quantile(level, df) * se
    p = t_p(value / se, df) if se > 0 else (1.0 if value == 0 else 0.0)
    shown = [value, value - wide, value + wide]
    if ratio:
        shown = [float(exp(min(v, 700.0))) for v in shown]
    return Effect(
        name=name, label=label, estimate=shown[0], low=shown[1], high=shown[2], unit=unit,
        level=level, se=se, p=p, ratio=ratio,
    )  # fmt: skip
