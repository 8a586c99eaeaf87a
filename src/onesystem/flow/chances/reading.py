"""Read the contacts of a period and let each rule find what it counts, through DuckDB.

Runs apart from pages (see `flow.answers`), with memory, threads and temporary files bounded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.district import District
from onesystem.flow.chances import asked, summing
from onesystem.flow.chances.declaration import Kind
from onesystem.flow.chances.library import kinds
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.rules import RULES, Ground
from onesystem.flow.journeys.agreed import ways
from onesystem.flow.measures import days, frames, library, present, who
from onesystem.flow.measures.world import Somebody

_MEMORY = "1GB"
_BACK = timedelta(days=400)  # so old may a stay be that goes on into the period
_LATER = 32  # days that rules may look beyond the period
_TIMES = ("requested", "started", "ready", "ended")
_CONTACT = f"""
CREATE TEMP TABLE contact AS
SELECT c.contact, c.identity, coalesce(p.person, c.identity) AS person,
  coalesce(p.practice, '') AS practice, p.born, c.cause, c.service,
  coalesce(s.organisation, '') AS organisation, coalesce(s.name, c.source) AS organisation_name,
  c.setting, {", ".join(f"epoch_ms(c.{name}) AS {name}" for name in _TIMES)},
  c.mode, c.urgency, c.reason, c.outcome
FROM contacts AS c LEFT JOIN somebody AS p USING (identity) LEFT JOIN service AS s USING (service)
WHERE NOT c.cancelled AND (c.started IS NULL OR c.ended IS NULL OR c.ended >= c.started)
  AND coalesce(c.started, c.requested) >= $opens AND coalesce(c.started, c.requested) < $closes
"""
_REACH = """
SELECT max(moment) FROM (SELECT unnest([requested, started, ready, ended]) AS moment FROM contact
  WHERE started IS NOT NULL)
"""

Run = Callable[[Callable[[], Any], Callable[[], None]], Any]
Say = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The opportunities of a period, and the contacts behind each by the name of its kind."""

    shown: dict[str, Any]
    behind: dict[str, list[list[Any]]]


def found(
    district: District,
    period: Period,
    *,
    run: Run = lambda act, _stop: act(),
    say: Say = lambda _share, _said: None,
) -> Found:
    """Every kind of opportunity of a period.

    `run` calls something long, given what stops it; `say` is told how far the work is.
    """
    every = list(kinds(district.path).values())
    with _opened() as duck:
        say(0.05, "Reading who is who")
        people = who.everybody()
        _tables(duck, district, people)
        ground = _ground(duck, district, period, people)
        asked.tables(duck, _medicines(every), ground.start, ground.until + _LATER * days.DAY)
        say(0.15, "Reading contacts")
        _contacts(duck, district, period, run)
        made, behind = [], {}
        for nth, kind in enumerate(every):
            say(0.4 + 0.6 * nth / len(every), kind.title)
            made.append(run(lambda kind=kind: _of_kind(ground, kind), duck.interrupt))
            behind[kind.name] = summing.behind(duck)
        reach = ground.one(_REACH)
        read = ground.one("SELECT count(*) FROM contact")
    shown = {
        **period.as_dict(),
        "until": _iso(ground.until),
        "data_to": _iso(min(reach, present.horizon(district) + days.DAY)) if reach else "",
        "contacts": read,
        "prices": [library.price_tables()[n]["source"] for n in ("unit-costs", "night-costs")],
        "kinds": made,
    }
    return Found(shown=shown, behind=behind)


@contextmanager
def _opened() -> Iterator[Any]:
    duck = scan.connect(memory=_MEMORY)
    # A join may push what it has learnt down to a scan, and a scan of Arrow cannot take that.
    duck.execute("SET disabled_optimizers = 'join_filter_pushdown'")
    try:
        yield duck
    finally:
        duck.close()


def _of_kind(ground: Ground, kind: Kind) -> dict[str, Any]:
    """One kind as it is kept: its words, what it is out of, and its sums."""
    terms = kind.on(ground.period.last)
    looked = RULES[kind.rule](ground, terms)
    return {
        "name": kind.name,
        "title": kind.title,
        "words": kind.words,
        "counted": kind.counted,
        "out_of_words": kind.out_of,
        "days": kind.days,
        "limits": kind.limits,
        "source": kind.source,
        "source_date": kind.source_date,
        "own": kind.own,
        "estimate": kind.estimate,
        "splits": dict(kind.splits),
        "journeys": dict(kind.journeys),
        "terms": _plain(terms),
        "out_of": looked.out_of,
        "more": dict(looked.more),
        "cells": summing.cells(ground.duck),
    }


def _ground(duck: Any, district: District, period: Period, people: dict[int, Somebody]) -> Ground:
    hands = days.clock(district.zone)
    start = hands.midnight(days.day_of(period.start))
    until = min(hands.midnight(days.day_of(period.end)), present.horizon(district))
    return Ground(
        duck=duck,
        period=period,
        start=start,
        until=max(start, until),
        persons={each.person: each for each in people.values()},
        ways=ways(district.path),
    )


def _tables(duck: Any, district: District, people: dict[int, Somebody]) -> None:
    """Who is who, who runs what, and what things cost."""
    import pyarrow as pa

    prices = library.prices()
    once, night = prices["unit-costs"], prices["night-costs"]
    settings = sorted({*once, *night})
    codes = sorted(district.services)
    owners = [district.services[code].organisation for code in codes]
    named = [district.organisations[o].name if o in district.organisations else o for o in owners]
    tables = {
        "somebody": frames.somebody_table(who.as_rows(people)),
        "service": _texts(pa, service=codes, organisation=owners, name=named),
        "price": pa.table(
            {
                "setting": pa.array(settings, pa.string()),
                "once": pa.array([once.get(each, 0) for each in settings], pa.int64()),
                "night": pa.array([night.get(each, 0) for each in settings], pa.int64()),
            }
        ),
    }
    for name, table in tables.items():
        duck.register(f"{name}_in", table)
        duck.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_in")
        duck.unregister(f"{name}_in")


def _medicines(every: list[Kind]) -> list[str]:
    """The kinds of entry that any kind of opportunity takes for a medicine."""
    return sorted({m for k in every for t in k.terms for m in t.values.get("medicines", ())})


def _texts(pa: Any, **columns: list[str]) -> Any:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _contacts(duck: Any, district: District, period: Period, run: Run) -> None:
    """The contacts that any rule may look at: of the period, and from some time before it."""
    opens = datetime.combine(period.start, datetime.min.time(), tzinfo=UTC) - _BACK
    closes = datetime.combine(period.end, datetime.min.time(), tzinfo=UTC) + timedelta(days=_LATER)
    months = (f"{opens:%Y-%m}", f"{closes:%Y-%m}")
    table = relation.contacts(duck, district.path, operational.in_process(), months=months)
    table.create_view("contacts")
    run(lambda: duck.execute(_CONTACT, {"opens": opens, "closes": closes}), duck.interrupt)


def _plain(terms: Any) -> Any:
    """Terms as JSON keeps them."""
    if isinstance(terms, dict):
        return {key: _plain(value) for key, value in terms.items()}
    return [_plain(each) for each in terms] if isinstance(terms, list | tuple) else terms


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="seconds")
