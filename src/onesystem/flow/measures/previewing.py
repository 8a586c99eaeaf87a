"""A measure worked out on the spot: before it is published, or for an analyst.

Bounded in memory, in temporary files and in time: what would take the machine down is stopped.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from onesystem.district import District
from onesystem.flow.measures import days, expression, frames, library, present, who
from onesystem.flow.measures.declaration import DIMENSIONS, Declared, read
from onesystem.vocabulary import BadConfig, UserError, nearest
from onesystem.vocabulary.said import say, say_each

SECONDS = 120  # that a preview may take
_OF_PERSON = say_each(
    {"practice": "practice", "sex": "sex", "area": "area", "deprivation": "deprivation"}
)
_OF_SERVICE = ("setting", "organisation", "place")


class TooLong(UserError):
    """The question took longer, or more room, than it may."""


def table(
    district: District,
    contacts: Any,
    duck: Any,
    name: str,
    *,
    by: tuple[str, ...] = (),
    every: str = "month",
    start: date | None = None,
    end: date | None = None,
    file: str | Path | None = None,
    seconds: float = SECONDS,
) -> Any:
    """Sums of a measure by period and group: an Arrow table. Raises TooLong, BadConfig.

    `contacts` is a relation of `duck`, in the log's columns.
    """
    measure = measure_of(name, file)
    _checked(measure, by, every)
    world = present.world(district, present.horizon(district))
    contacts.create_view("measured_every_contact", replace=True)
    somebody = frames.somebody_table(who.as_rows(who.everybody()))
    connection, tables = frames.on_duckdb(duck, "measured_every_contact", somebody, world)
    made = connection.compile(expression.given(measure, tables, world))
    asked = _sql(made, by, every, start, end, duck, district)
    with limited(duck, seconds):
        return duck.execute(asked).to_arrow_table()


def measure_of(name: str, file: str | Path | None) -> Declared:
    """The measure of a name, or that of a file."""
    if file is None:
        return library.measure(name)
    path = Path(file)
    return library.checked(read(text_of(path), path.name), path.name)


def text_of(path: Path) -> str:
    """What a measure's file says. Raises BadConfig where it is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadConfig(
            say("{name}: byte {start} is not UTF-8", name=path.name, start=error.start),
            "Save the file as text in UTF-8",
        ) from None


@contextmanager
def limited(duck: Any, seconds: float) -> Iterator[None]:
    """Stop what DuckDB does after so many seconds, and say so in words."""
    import duckdb

    timer = threading.Timer(seconds, duck.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        raise TooLong(
            say(
                "this took longer than {seconds} seconds and was stopped", seconds=f"{seconds:,.0f}"
            ),
            "Narrow its population, or ask for fewer months",
        ) from None
    except duckdb.OutOfMemoryException as error:
        raise TooLong(
            say(
                "this needs more room than it may have: {splitlines}",
                splitlines=str(error).splitlines()[0],
            ),
            "Narrow its population: what is said of the other contacts decides how many are joined",
        ) from None
    finally:
        timer.cancel()


def _checked(measure: Declared, by: tuple[str, ...], every: str) -> None:
    for each in by:
        if each not in DIMENSIONS:
            raise BadConfig(
                say("there is no dimension {each}", each=repr(each)), nearest(each, DIMENSIONS)
            )
    if every not in days.PERIODS:
        raise BadConfig(
            say("there is no period {every}", every=repr(every)), nearest(every, days.PERIODS)
        )
    if days.PERIODS.index(every) < days.PERIODS.index(measure.every):
        raise BadConfig(
            say("{name} is told by {every} and longer", name=measure.name, every=measure.every),
            say("Ask for {every}", every=measure.every),
        )


def _sql(
    made: str, by: tuple[str, ...], every: str, start: date | None, end: date | None,
    duck: Any, district: District,
) -> str:  # fmt: skip
    import pyarrow as pa

    codes = sorted(district.services)
    told = {n: [str(getattr(district.services[c], n)) for c in codes] for n in _OF_SERVICE}
    duck.register("measured_of_service", pa.table({"service": codes, **told}))
    period = f"date_trunc('{every}', DATE '1970-01-01' + CAST(g.day AS INTEGER))"
    kinds = {"service": "g.service", "age_band": _bands()}
    kinds |= {n: f"coalesce(s.{n}, '')" for n in _OF_SERVICE}
    kinds |= {n: f"p.{c}" for n, c in _OF_PERSON.items()}
    groups = "".join(f", {kinds[each]} AS {each}" for each in by)
    asked = [f"g.day >= {days.day_of(start)}"] if start else []
    asked += [f"g.day < {days.day_of(end)}"] if end else []
    where = f" WHERE {' AND '.join(asked)}" if asked else ""
    return (
        f"SELECT CAST({period} AS DATE) AS period{groups},"
        " CAST(sum(g.numerator) AS BIGINT) AS numerator,"
        " CAST(sum(g.denominator) AS BIGINT) AS denominator,"
        f" count(DISTINCT g.person) AS people FROM ({made}) g"
        " LEFT JOIN measured_of_service s ON s.service = g.service"
        " LEFT JOIN (SELECT DISTINCT person, sex, practice, area, deprivation"
        f" FROM measured_somebody) p ON p.person = g.person{where} GROUP BY ALL ORDER BY ALL"
    )


def _bands() -> str:
    steps = "".join(
        f" WHEN g.band = {band} THEN '{days.wide_band(band)}'" for band in (-1, *days.BANDS)
    )
    return say("CASE{steps} END", steps=steps)
