"""Rates by date: which amount was in force on a day, and where that was read. Pure.

>>> england().amount("capital limits", "upper", date(2026, 5, 1)).amount
2325000

A rate that is missing at a date is an error that names rate, date and cure: nothing is charged by
a guess. An amount that stands for one that could not be read is marked, and every charge that
uses it says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from onesystem.vocabulary import BadConfig, UserError, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

_KEYS = ("name", "since", "until", "source", "assumed", "because", "amounts", "harsher")
_DATA = "onesystem.budget.entitlement.data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Amounts of one name from a day on (inclusive) to a day (exclusive)."""

    name: str
    since: date
    source: str
    amounts: Mapping[str, int]
    until: date | None = None
    assumed: frozenset[str] = frozenset()
    because: str = ""
    harsher: str = ""
    local: bool = False

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One amount of a table, with what is to be said of it."""

    name: str
    key: str
    amount: int
    source: str
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Rates:
    """All tables of a country. Local ones come first."""

    tables: tuple[Table, ...]
    _found: dict[tuple[str, date], tuple[Table, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _said: dict[tuple[str, str, date], Rate] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    # What was worked out of the tables alone, kept for the next case of the same kind.
    worked: dict[tuple[Any, ...], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def tables_on(self, name: str, day: date) -> tuple[Table, ...]:
        """The tables in force, local ones first. Raises UserError naming rate, date and cure."""
        known = self._found.get((name, day))
        if known is None:
            known = self._found[name, day] = self._look(name, day)
        return known

    def _look(self, name: str, day: date) -> tuple[Table, ...]:
        found = [t for t in self.tables if t.name == name and t.on(day)]
        if not found:
            raise UserError(
                say("there is no rate {name} on {day}", name=repr(name), day=day.isoformat()),
                self._cure(name),
            )
        return tuple(sorted(found, key=lambda t: not t.local))

    def amount(self, name: str, key: str, day: date) -> Rate:
        """One amount. Raises UserError where the table or the amount is missing at that date."""
        known = self._said.get((name, key, day))
        if known is None:
            known = self._said[name, key, day] = self._amount(name, key, day)
        return known

    def _amount(self, name: str, key: str, day: date) -> Rate:
        some = self.tables_on(name, day)
        table = next((t for t in some if key in t.amounts), None)
        if table is None:
            known = {k for t in some for k in t.amounts}
            words = say(
                "there is no rate {name} for {key} on {day}",
                name=repr(name),
                key=repr(key),
                day=day.isoformat(),
            )
            raise UserError(
                words, say("{nearest} Or add it to charges.toml.", nearest=nearest(key, known))
            )
        because = ""
        if key in table.assumed:
            of = "" if key == "amount" else f", {key}"
            pounds = f"{table.amounts[key] / 100:,.2f}"  # words only; what is worked with is whole
            because = f"{name}{of} {pounds}: {table.because}"
        return Rate(name=name, key=key, amount=table.amounts[key], source=table.source,
                    assumed=because)  # fmt: skip

    def _cure(self, name: str) -> str:
        dates = sorted({t.since for t in self.tables if t.name == name})
        if not dates:
            return nearest(name, {t.name for t in self.tables})
        ends = [t.until for t in self.tables if t.name == name]
        last = (
            "on" if None in ends else say("to {ends}", ends=max(e for e in ends if e).isoformat())
        )
        return say(
            "It is known from {dates} {last}, perhaps with gaps. Choose another date, or "
            "add a table of that name to charges.toml of the district.",
            dates=dates[0].isoformat(),
            last=last,
        )

    def with_tables(self, more: Sequence[Table]) -> "Rates":
        """The same with others before them."""
        return Rates((*more, *self.tables))


@lru_cache(maxsize=1)
def england() -> Rates:
    """The tables of England."""
    return Rates(read(text_of("rates.toml"), "rates.toml"))


@lru_cache(maxsize=1)
def new_zealand() -> Rates:
    """The tables of New Zealand."""
    return Rates(read(text_of("new_zealand.toml"), "new_zealand.toml"))


def text_of(name: str) -> str:
    """A file of ours."""
    return files(_DATA).joinpath(name).read_text(encoding="utf-8")


def read(text: str, name: str, *, local: bool = False) -> tuple[Table, ...]:
    """Tables from TOML. Raises BadConfig naming file, table, key and cure."""
    said = parsed(text, name)
    check_keys(name, said, ("table",))
    tables = tuple(_table(say("{name}, table {n}", name=name, n=n), each, local=local)
                   for n, each in enumerate(said.get("table", ()), 1))  # fmt: skip
    _no_overlap(name, tables)
    return tables


def _table(where: str, said: Mapping[str, Any], *, local: bool) -> Table:
    check_keys(where, said, _KEYS)
    for key in ("name", "since", "source", "amounts"):
        if not said.get(key):
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
    for key in ("since", "until"):
        if type(said.get(key, date.min)) is not date:
            raise BadConfig(
                say("{where}: {key} is no date", where=where, key=key),
                say("Write {key} = 2026-04-06.", key=key),
            )
    amounts = said["amounts"]
    for key, amount in amounts.items():
        if type(amount) is not int or amount < 0:
            words = say("{where}: {key} is {amount}", where=where, key=key, amount=repr(amount))
            raise BadConfig(words, "Write whole pence, such as 3065 for 30.65.")
    assumed = frozenset(said.get("assumed", ()))
    if assumed - set(amounts):
        words = say(
            "{where} assumes {assumed}",
            where=where,
            assumed=", ".join(sorted(assumed - set(amounts))),
        )
        raise BadConfig(words, "Name only amounts of this table.")
    if assumed and not said.get("because"):
        raise BadConfig(
            say("{where} assumes without saying why", where=where), "Write because = ..."
        )
    return Table(**{k: v for k, v in said.items() if k not in {"amounts", "assumed"}},
                 amounts=MappingProxyType(dict(amounts)), assumed=assumed, local=local)  # fmt: skip


def _no_overlap(name: str, tables: Iterable[Table]) -> None:
    last: dict[str, Table] = {}
    for table in sorted(tables, key=lambda t: (t.name, t.since)):
        before = last.get(table.name)
        if before and (before.until is None or before.until > table.since):
            raise BadConfig(
                say(
                    "{name}: two tables {name2} hold on {since}",
                    name=name,
                    name2=repr(table.name),
                    since=table.since.isoformat(),
                ),
                "Give the earlier one an until.",
            )
        last[table.name] = table
