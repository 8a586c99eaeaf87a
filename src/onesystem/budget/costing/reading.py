"""`costs.toml` read: each rate and rule checked; an error names line, rule and cure. Pure.

The district's file lies on the one that is shipped: what it says of a staff group, a national cost,
a deflator or a rule of some name stands in the place of all that the shipped one says of it.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.budget.costing import checks
from onesystem.budget.costing.checks import Entry
from onesystem.budget.costing.rates import Line, National, Pool, Rule, Rules, Staff
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

_TABLES = ("staff", "national", "pool", "rule")
_KNOWN = {"since", "deflator", "none", *_TABLES}
_HEADER = re.compile(r"^\s*\[\[\s*(\w+)\s*\]\]")
_WHERE = re.compile(r"line (\d+)")


def read(text: str, *, name: str = "costs.toml", ground: Rules | None = None) -> Rules:
    """The rules that a text says, on the ground of others. Raises BadConfig."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _WHERE.search(str(error))
        place = say("{name}, line {at}", name=name, at=at[1]) if at else name
        raise BadConfig(
            say("{place}: this is not TOML: {error}", place=place, error=error), "Mend that line."
        ) from error
    if unknown := sorted(set(told) - _KNOWN):
        raise BadConfig(
            say("{name}: nothing is called {unknown}", name=name, unknown=repr(unknown[0])),
            nearest(unknown[0], _KNOWN),
        )
    entries = {table: _entries(told, table, text, name) for table in _TABLES}
    made = Rules(
        since=_since(told, name, ground),
        rules=tuple(_rule(e) for e in entries["rule"]),
        staff=tuple(_staff(e) for e in entries["staff"]),
        national=tuple(_national(e) for e in entries["national"]),
        pools=tuple(_pool(e) for e in entries["pool"]),
        deflators=_deflators(told, name),
        sources={k: str(v.get("source", "")) for k, v in told.get("deflator", {}).items()},
        none={str(k): str(v) for k, v in told.get("none", {}).items()},
    )
    whole = laid(made, ground) if ground else made
    checks.held(whole, entries)
    return whole


def laid(over: Rules, ground: Rules) -> Rules:
    """What one says, and of the other all that the first is silent about."""
    return replace(
        over,
        rules=_over(over.rules, ground.rules, lambda r: r.name),
        staff=_over(over.staff, ground.staff, lambda s: s.group),
        national=_over(over.national, ground.national, lambda n: n.code),
        pools=_over(over.pools, ground.pools, lambda p: p.code),
        deflators={**ground.deflators, **over.deflators},
        sources={**ground.sources, **over.sources},
        none={**ground.none, **over.none},
    )


def _over(
    mine: tuple[Any, ...], theirs: tuple[Any, ...], of: Callable[[Any], str]
) -> tuple[Any, ...]:  # fmt: skip
    named = {of(each) for each in mine}
    return (*mine, *(each for each in theirs if of(each) not in named))


def _entries(told: Mapping[str, Any], table: str, text: str, name: str) -> list[Entry]:
    """The tables of one kind, each with the line on which it begins."""
    given = told.get(table, [])
    if not isinstance(given, list):
        raise BadConfig(
            say("{name}: {table} is not a list", name=name, table=repr(table)),
            say("Write [[{table}]] above each.", table=table),
        )
    lines = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if (found := _HEADER.match(line)) and found[1] == table
    ]
    lines += [0] * (len(given) - len(lines))
    return [
        Entry(table, each, name, line)
        for each, line in zip(given, lines[: len(given)], strict=True)
    ]


def _since(told: Mapping[str, Any], name: str, ground: Rules | None) -> date:
    if "since" not in told and ground is not None:
        return ground.since
    entry = Entry("file", dict(told), name, 1)
    since: date = entry.month("since")
    return since


def _staff(entry: Entry) -> Staff:
    entry.only("group", "words", "cost", "minutes", "prices", "deflator", *checks.DATED)
    return Staff(
        group=entry.text("group"), words=entry.text("words"), cost=entry.money("cost"),
        minutes=entry.count("minutes"), prices=entry.text("prices", ""),
        deflator=entry.text("deflator", ""), **entry.dated(),
    )  # fmt: skip


def _national(entry: Entry) -> National:
    entry.only("code", "words", "minor", "prices", "deflator", *checks.DATED)
    return National(
        code=entry.text("code"), words=entry.text("words"), minor=entry.money("minor"),
        prices=entry.text("prices"), deflator=entry.text("deflator"), **entry.dated(),
    )  # fmt: skip


def _pool(entry: Entry) -> Pool:
    entry.only("code", "words", "group", "services", "cost", "minutes", *checks.DATED)
    return Pool(
        code=entry.text("code"), words=entry.text("words"), group=entry.text("group"),
        services=entry.texts("services"), cost=entry.money("cost"),
        minutes=entry.count("minutes"), **entry.dated(),
    )  # fmt: skip


def _rule(entry: Entry) -> Rule:
    entry.only(
        "name", "words", "service", "setting", "mode", "from_hours", "below_hours", "lines",
        *checks.DATED,
    )  # fmt: skip
    lines = entry.told.get("lines")
    if not isinstance(lines, list) or not lines:
        raise entry.wrong("has no lines", "Give it `lines`, each a table with its `kind`.")
    return Rule(
        name=entry.text("name"), words=entry.text("words"), service=entry.text("service", ""),
        setting=entry.text("setting", ""), mode=entry.text("mode", ""),
        from_hours=entry.count("from_hours", 0), below_hours=entry.count("below_hours", 0),
        lines=tuple(_lines(entry, lines)), place=entry.place, **entry.dated(),
    )  # fmt: skip


def _lines(entry: Entry, lines: list[Any]) -> Iterable[Line]:
    for number, told in enumerate(lines, 1):
        if not isinstance(told, dict):
            raise entry.wrong(
                say("has a line {number} that is no table", number=number), "Write { kind = ... }."
            )
        yield checks.line(entry.at(number, told))


def _deflators(told: Mapping[str, Any], name: str) -> dict[str, dict[str, Fraction]]:
    made = {}
    for called, each in told.get("deflator", {}).items():
        entry = Entry("deflator", each if isinstance(each, dict) else {}, name, 0, called)
        entry.only("source", "index")
        entry.text("source")
        index = entry.told.get("index")
        if not isinstance(index, dict) or not index:
            raise entry.wrong("has no index", "Give it [deflator.NAME.index] with years.")
        made[called] = {year: entry.index(year, value) for year, value in index.items()}
    return made
