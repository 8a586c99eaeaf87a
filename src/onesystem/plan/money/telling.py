"""A plan of money as plain rows, for the command line and files; its range. Pure."""

import io
from collections.abc import Sequence
from typing import Any

from onesystem.plan.money.bridge import STEPS
from onesystem.plan.money.drawing import Range, draw, ranges, services_of
from onesystem.plan.money.working import Worked
from onesystem.vocabulary.spreadsheets import Writer


def ranged(worked: Worked) -> list[Range]:
    """Each year's cost over a thousand draws, and how often the money does."""
    lines = {line.code for line in worked.plan.lines}
    sure = [sum(a for code, a in year.by_line if code not in lines) for year in worked.years]
    made = draw(services_of(worked.plan), draws=1_000, seed=1)
    return ranges(made, more=sure, money=[year.money for year in worked.years])


def years(worked: Worked, found: Sequence[Range], *, real: bool) -> list[dict[str, Any]]:
    """A row a year."""
    made = []
    for year, span in zip(worked.years, found, strict=True):
        amounts = {
            "nothing": year.nothing, "cost": year.cost, "low": span.low, "high": span.high,
            "money": year.money, "short": year.gap, "hospital": year.shared.hospital,
            "outside": year.shared.outside,
        }  # fmt: skip
        told = {name: year.real(a) if real else a for name, a in amounts.items()}
        enough = None if span.enough is None else round(span.enough, 3)
        made.append({"year": year.year.name, **told, "enough": enough})
    return made


def bridges(worked: Worked) -> list[dict[str, Any]]:
    """A row a bridge, by the year that it leads to."""
    return [
        {"year": b.after.name, "before": b.whole.before,
         **{name: getattr(b.whole, name) for name in STEPS}, "after": b.whole.after,
         "more_elective_work": b.whole.more}
        for b in worked.bridges
    ]  # fmt: skip


def labels(worked: Worked) -> list[dict[str, Any]]:
    """The three sums of efficiency, each with its name."""
    return [{"name": x.name, "percent": x.percent, "working": x.working} for x in worked.labels]


def csv_of(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    Writer(out).write_named(rows)
    return out.getvalue()
