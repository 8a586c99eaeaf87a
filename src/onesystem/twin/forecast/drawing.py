"""A forecast as shapes: bands, the middle, places, what was before and what came. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onesystem.flow.charts import scale
from onesystem.twin.forecast.told import Bands

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960.0, 320.0, 52.0, 16.0, 16.0, 46.0
BEFORE = 24  # hours
_STEPS = (6, 12, 24, 48)  # hours between the words below


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What the template draws, as paths; `rows` and `hours` are places with their words."""

    rows: tuple[tuple[float, str], ...]
    hours: tuple[tuple[float, str, str], ...]
    grid: str
    now: float
    outer: str
    inner: str
    middle: str
    places: str
    past: str
    came: str


def drawn(
    at: datetime, marks: Sequence[int], here: int, bands: Bands, *, places: Sequence[int] = (),
    past: Sequence[int] = (), came: Sequence[int] = (),
) -> Drawing:  # fmt: skip
    """A picture from a day before to the end; `past` ends with now, `came` goes with the marks."""
    highest = max([here, *bands[-1], *places, *past, *came, 1])
    ticks = scale.numbers(0, highest)
    span = BEFORE + marks[-1]
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(hour: float) -> float:
        return round(LEFT + (hour + BEFORE) / span * wide, 1)

    def y(number: float) -> float:
        return round(HEIGHT - BOTTOM - number / ticks[-1] * high, 1)

    hours = [0, *marks]
    lines = [[(x(h), y(n)) for h, n in zip(hours, (here, *row), strict=True)] for row in bands]
    since = [h - len(past) + 1 for h in range(len(past))]
    return Drawing(
        rows=tuple((y(t), f"{t:g}") for t in ticks if t == int(t)),
        hours=tuple((x(h), day, clock) for h, day, clock in _hours(at, marks[-1])),
        grid="".join(f"M{LEFT} {y(t)}H{WIDTH - RIGHT}" for t in ticks),
        now=x(0),
        outer=_between(lines[0], lines[-1]),
        inner=_between(lines[1], lines[-2]),
        middle=_line(lines[len(lines) // 2]),
        places=_stairs([(x(h), y(n)) for h, n in zip(marks, places, strict=False)], x(0)),
        past=_line([(x(h), y(n)) for h, n in zip(since, past, strict=True)]),
        came="".join(
            f"M{x(h) - 3.5} {y(n)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"
            for h, n in zip(marks, came, strict=False)
        ),
    )


def _hours(at: datetime, last: int) -> Iterator[tuple[float, str, str]]:
    """Where midnights and hours between them are said: hours from now, the day and the clock."""
    step = next(each for each in _STEPS if (BEFORE + last) / each <= 10 or each == _STEPS[-1])
    moment = (at - timedelta(hours=BEFORE)).replace(minute=0, second=0, microsecond=0)
    while moment <= at + timedelta(hours=last):
        hour = (moment - at).total_seconds() / 3600
        if hour >= -BEFORE and moment.hour % step == 0 and (step <= 24 or moment.day % 2 == 0):
            day = f"{moment:%a} {moment.day}" if moment.hour == 0 else ""
            yield hour, day, f"{moment:%H:%M}"
        moment += timedelta(hours=1)


def _between(low: Sequence[tuple[float, float]], high: Sequence[tuple[float, float]]) -> str:
    points = [*high, *reversed(low)]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def _stairs(points: Sequence[tuple[float, float]], start: float) -> str:
    if not points:
        return ""
    out = [f"M{start} {points[0][1]}"]
    for x, y in points:
        out.append(f"V{y}H{x}")
    return "".join(out)
