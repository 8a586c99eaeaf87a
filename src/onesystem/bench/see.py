"""What it costs to see: charts, measures, refreshing, journeys. Each part has a module of its own.

A part is a function `run(*, full: bool) -> Iterable[Row]`. To add one, write a module and name it
in `PARTS`; the parts run in this order, and each cleans up after itself.
"""

from collections.abc import Iterable
from importlib import import_module

from onesystem.bench.shape import Row, register

PARTS: tuple[str, ...] = (
    "onesystem.bench.see_spc",
    "onesystem.bench.see_measures",
    "onesystem.bench.see_refresh",
    "onesystem.bench.see_journeys",
    "onesystem.bench.see_spark",
)


@register("see", "charts, measures, their refresh, and journeys")
def run(*, full: bool) -> Iterable[Row]:
    """Every part in turn."""
    for part in PARTS:
        yield from import_module(part).run(full=full)
