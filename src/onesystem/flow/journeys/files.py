"""The journeys of a question as files: the arrows and boxes as CSV, the map as SVG."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from onesystem.flow.journeys import presenters
from onesystem.flow.journeys.question import Question
from onesystem.flow.measures import library
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import safe_csv

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "steps": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
}
HEAD = ("from", "to", "times", "journeys", say("median s"), say("ninth decile s"), say("wait s"),
        say("cost in pence"), say("cost each in pence"))  # fmt: skip
_FIELDS = ("source", "target", "steps", "journeys", "time", "ninth", "wait", "cost", "cost_each")
STEPS_HEAD = ("step", "times", "journeys", say("begin here"), say("end here"), say("median stay s"),
              say("cost in pence"), say("cost each in pence"))  # fmt: skip
_OF_STEPS = ("name", "steps", "journeys", "begins", "ends", "stay", "cost", "cost_each")


def taken(form: str, found: dict[str, Any], asked: Question, *, below: int) -> HttpResponse:
    """The file of an answer; what fewer journeys than `below` took is not in it."""
    content = as_svg(found, asked, below) if form == "svg" else "".join(as_csv(form, found, below))
    response = HttpResponse(content, content_type=FORMS[form])
    ending = "-steps.csv" if form == "steps" else f".{form}"
    response["Content-Disposition"] = f'attachment; filename="journeys{ending}"'
    response["Cache-Control"] = "no-store"
    return response


def as_csv(form: str, found: dict[str, Any], below: int) -> Iterator[str]:
    """A line an arrow, or with `steps` a line a kind of step."""
    steps = form == "steps"
    rows = found["map"]["nodes" if steps else "arrows"]
    least = found["map"]["journeys"] + 1 if _few(found, below) else max(below, 1)
    fields = _OF_STEPS if steps else _FIELDS
    shown = [[_plain(row[name]) for name in fields] for row in rows if row["journeys"] >= least]
    return iter(safe_csv(STEPS_HEAD if steps else HEAD, shown))


def _few(found: dict[str, Any], below: int) -> bool:
    return bool(0 < found["map"]["journeys"] < below)


def as_svg(found: dict[str, Any], asked: Question, below: int) -> str:
    """The map as a picture of its own, with its title and where its costs come from."""
    few = _few(found, below)
    drawn = {**found["map"], "nodes": [], "arrows": []} if few else found["map"]
    made = presenters.map_shown(drawn, asked, detail=90, below=below)
    source = "Contact log; unit costs: " + _short(library.price_tables()["unit-costs"]["source"])
    context = {
        "map": made,
        "box_size": presenters.BOX,
        "alone": True,
        "title": say(
            "Journeys around {about}, {start} to {end}",
            about=presenters.about(asked),
            start=asked.start,
            end=asked.end,
        ),
        "said": say("Too few journeys to show")
        if few
        else say("{journeys} journeys", journeys=f"{found['map']['journeys']:,}"),
        "source": source,
        "css": _css(),
    }
    return render_to_string("flow/journeys/_map.html", context).strip()


def _short(source: str) -> str:
    return source.partition("(")[0].strip(" ,.")


def _plain(value: Any) -> Any:
    return round(value / 1_000_000) if isinstance(value, float) else "" if value is None else value


@lru_cache(maxsize=1)
def _css() -> str:
    place = Path(__file__).resolve().parent.parent / "static/flow/journeys.css"
    return place.read_text(encoding="utf-8")
