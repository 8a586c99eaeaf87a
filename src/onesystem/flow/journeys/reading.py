"""Read the steps that a question is about from the contact log, through DuckDB.

Runs apart from pages (see `flow.answers`), with memory, threads and temporary files bounded.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.district import District
from onesystem.district import now as clock_now
from onesystem.flow.journeys.costing import costs
from onesystem.flow.journeys.naming import called
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.steps import NOT_KNOWN, Steps
from onesystem.flow.measures import frames, library, who
from onesystem.flow.measures.days import clock
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.kept import to_micros

_MEMORY = "1GB"
_ANY = "(none)"

# Anchors of a person closer together than `after` days are one journey; `span` is its window.
_SPANS = """
CREATE TEMP TABLE span AS
WITH anchor AS (
  SELECT c.person, c.began AS moment FROM contact AS c WHERE {anchor}
), marked AS (
  SELECT person, moment, coalesce(
      moment - lag(moment) OVER (PARTITION BY person ORDER BY moment) > to_days($after), true
    ) AS fresh
  FROM anchor
), numbered AS (
  SELECT person, moment, sum(fresh::INT) OVER (
    PARTITION BY person ORDER BY moment ROWS UNBOUNDED PRECEDING) AS nth
  FROM marked
)
SELECT person, min(moment) - to_days($before) AS opens, max(moment) + to_days($after) AS closes,
  row_number() OVER (ORDER BY person, min(moment)) AS journey
FROM numbered GROUP BY person, nth
"""
# What begins at one moment goes by name: the same things at once are one path, however they came.
_STEPS = """
SELECT s.journey, c.{level} AS kind, epoch_us(c.began) AS start, epoch_us(c.ended) AS end_,
  epoch_us(c.started) AS started, c.setting AS setting
FROM contact AS c
JOIN span AS s ON s.person = c.person AND c.began >= s.opens AND c.began < s.closes
ORDER BY s.journey, c.began, c.{level}, c.contact
"""
_CONTACT = """
CREATE TEMP TABLE contact AS
SELECT contact, coalesce(person, identity) AS person, DATE '1970-01-01' + born::INT AS born, sex,
  practice, area, deprivation, setting, service, reason, started, ended,
  coalesce(started, requested) AS began
FROM contacts LEFT JOIN people USING (identity)
WHERE NOT cancelled AND began >= $opens AND began < $closes
"""


def steps_of(
    district: District,
    asked: Question,
    *,
    run: Callable[[Callable[[], Any], Callable[[], None]], Any] = lambda act, _stop: act(),
    say: Callable[[float, str], None] = lambda _share, _said: None,
) -> Steps:
    """The steps of the journeys that a question is about, with their cost at unit costs.

    The label of a journey is its person. `run` calls something long, given what stops it; `say`
    is told how far the work is.
    """
    duck = scan.connect(memory=_MEMORY)
    try:
        say(0.05, "Reading who is who")
        duck.register("people", frames.somebody_table(who.as_rows(who.everybody())))
        say(0.2, "Reading contacts")
        days = _Days(district, asked)
        found = relation.contacts(duck, district.path, operational.in_process(), months=days.months)
        found.create_view("contacts")
        run(
            lambda: duck.execute(_CONTACT, {"opens": days.opens, "closes": days.closes}),
            duck.interrupt,
        )
        say(0.6, "Finding journeys")
        where, values = _anchor(duck, district, asked, days)
        spans = _SPANS.format(anchor=where)
        run(lambda: duck.execute(spans, {**values, **_window(asked)}), duck.interrupt)
        say(0.75, "Ordering steps")
        level = "service" if asked.level == "organisation" else asked.level
        table = run(
            lambda: duck.execute(_STEPS.format(level=level)).to_arrow_table(), duck.interrupt
        )
        say(0.9, "Drawing the map")
        persons = duck.execute("SELECT journey, person FROM span ORDER BY journey").fetchnumpy()
        return _steps(table, persons, district, asked)
    finally:
        duck.close()


class _Days:
    """The days of a question as moments, and the months of the log that hold them."""

    def __init__(self, district: District, asked: Question) -> None:
        zone, day = ZoneInfo(district.zone), timedelta(days=1)
        self.first = datetime.combine(asked.start, time(), tzinfo=zone)
        self.last = datetime.combine(asked.end, time(), tzinfo=zone)
        self.opens = self.first - asked.before * day
        self.closes = self.last + asked.after * day
        # Files lie by month of UTC, which may be the month before or after the local one.
        self.months = (f"{self.opens - day:%Y-%m}", f"{self.closes + day:%Y-%m}")


def _window(asked: Question) -> dict[str, int]:
    return {"before": asked.before, "after": asked.after}


def _anchor(
    duck: Any, district: District, asked: Question, days: _Days
) -> tuple[str, dict[str, Any]]:
    """The condition that makes a contact an anchor, with its values."""
    parts = ["c.began >= $first", "c.began < $last"]
    values: dict[str, Any] = {"first": days.first, "last": days.last}
    if asked.reason:
        parts.append("lower(c.reason) LIKE $reason ESCAPE '\\'")
        values["reason"] = _like(asked.reason)
    if asked.organisation:
        services = _services(district, asked.organisation) or [_ANY]
        parts.append("c.service IN $services")
        values["services"] = services
    if asked.condition:
        parts.append("c.reason IN $reasons")
        values["reasons"] = _reasons(duck, asked.condition) or [_ANY]
    if asked.place:
        parts.append("c.service IN $there")
        at = [c for c, s in district.services.items() if s.place == asked.place]
        values["there"] = at or [_ANY]
    for name in ("setting", "service", "sex", "practice", "area", "deprivation"):
        if wanted := getattr(asked, name):
            parts.append(f"c.{name} = ${name}")
            values[name] = wanted
    if asked.age_from:
        parts.append("date_sub('year', c.born, c.began::DATE) >= $age_from")
        values["age_from"] = asked.age_from
    if asked.age_to:
        parts.append("date_sub('year', c.born, c.began::DATE) <= $age_to")
        values["age_to"] = asked.age_to
    return " AND ".join(parts), values


def _like(text: str) -> str:
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


def _reasons(duck: Any, condition: str) -> list[str]:
    """The reasons among the contacts that are on a code list. Raises NotFound."""
    known = library.codes()
    if condition not in known:
        raise NotFound(f"there is no code list called {condition!r}", nearest(condition, known))
    found = duck.execute("SELECT DISTINCT reason FROM contact WHERE reason <> ''").fetchall()
    return [reason for (reason,) in found if known[condition].has(reason)]


def _services(district: District, organisation: str) -> list[str]:
    return [c for c, s in district.services.items() if s.organisation == organisation]


def _steps(table: Any, persons: Any, district: District, asked: Question) -> Steps:
    import numpy as np

    kind, names = _coded(table["kind"])
    kinds = [called(district, asked.level, code) for code in names]
    places = {name: i for i, name in enumerate(dict.fromkeys(kinds))}
    of_code = np.array([places[name] for name in kinds], np.int64)
    setting, settings = _coded(table["setting"])
    made = Steps.of(
        journey=table["journey"].to_numpy(),
        kind=of_code[kind] if names else kind,
        names=list(places),
        start=table["start"].to_numpy(),
        end=_times(table["end_"]),
        cost=costs(
            setting,
            settings,
            _times(table["started"]),
            _times(table["end_"]),
            now=to_micros(clock_now()),
            clock=clock(district.zone),
            contact=library.prices()["unit-costs"],
            night=library.prices()["night-costs"],
        ),
    )
    # Journeys are numbered from one in the order of their rows, and each has a step: its anchor.
    return replace(made, label=persons["person"][made.label - 1])


def _coded(column: Any) -> tuple[Any, list[str]]:
    """A column of text as places in the list of its different texts."""
    found = column.combine_chunks().dictionary_encode()
    return found.indices.to_numpy(zero_copy_only=False), found.dictionary.to_pylist()


def _times(column: Any) -> Any:
    return column.fill_null(NOT_KNOWN).to_numpy()
