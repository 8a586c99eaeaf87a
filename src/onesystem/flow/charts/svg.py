"""Charts as SVG, from the templates of this room: large with axes, small for many on a page."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from onesystem.flow.charts import drawing, funnels, words
from onesystem.flow.charts.drawing import LARGE, SMALL, Box, Mark
from onesystem.flow.charts.words import Unit
from onesystem.flow.spc import Chart

_FLOW = Path(__file__).resolve().parent.parent


@lru_cache(maxsize=8)
def _template(name: str) -> Any:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FLOW / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template(f"flow/charts/{name}.svg")


def large(
    chart: Chart,
    *,
    title: str,
    unit: Unit = words.PLAIN,
    name: str = "chart",
    subtitle: str = "",
    source: str = "",
    marks: Sequence[Mark] = (),
    alone: bool = False,
    box: Box = LARGE,
) -> Markup:
    """A chart with its axes. `alone` makes a file of its own, with title, source and colours;
    `name` sets the ids of several charts on one page apart; `box` is its size.
    """
    if not chart.series.dates:
        return Markup("")
    return Markup(  # noqa: S704 - made by a template that escapes
        _template("large").render(
            d=drawing.draw(chart, unit, box, marks),
            title=title,
            subtitle=subtitle,
            source=source,
            said=words.description(chart, unit),
            name=name,
            alone=alone,
            css=_css() if alone else "",
            variation=words.VARIATIONS[chart.variation],
            assurance=None if chart.assurance is None else words.ASSURANCES[chart.assurance],
        )
    )


def small(chart: Chart, *, title: str, unit: Unit = words.PLAIN) -> Markup:
    """A chart without axes, for a grid or a row of a table."""
    if not chart.series.dates:
        return Markup("")
    return Markup(  # noqa: S704 - made by a template that escapes
        _template("small").render(
            d=drawing.draw(chart, unit, SMALL),
            title=title,
            said=words.description(chart, unit),
        )
    )


def funnel(
    drawn: Any, *, title: str, said: str, subtitle: str = "", source: str = "", alone: bool = False
) -> Markup:
    """A funnel with its axes; `alone` as for `large`."""
    return Markup(  # noqa: S704 - made by a template that escapes
        _template("funnel").render(
            d=drawn, box=funnels, title=title, said=said, subtitle=subtitle, source=source,
            alone=alone, css=_css() if alone else "",
        )
    )  # fmt: skip


def icon(shown: words.Icon, *, of_target: bool = False) -> Markup:
    """The icon of variation, or with `of_target` that of assurance."""
    return Markup(_template("icon").render(icon=shown, of_target=of_target))  # noqa: S704


@lru_cache(maxsize=1)
def _css() -> Markup:
    """The colours of light pages, for a file that stands alone."""
    return Markup((_FLOW / "static" / "flow" / "charts.css").read_text(encoding="utf-8"))  # noqa: S704
