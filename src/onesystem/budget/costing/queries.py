"""What can be asked of costs: sums by anything, one contact's working, pools, and what is behind.

Figures are without people; who may open a person asks for the working of their contacts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median
from typing import Any, NamedTuple

from onesystem.budget.costing import loading, pools, store
from onesystem.budget.costing.cells import Cell, month_of, number_of
from onesystem.budget.costing.posting import Reconciled, reconciled
from onesystem.budget.costing.working import Facts, Portion, worked
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import later
from onesystem.district import current, now
from onesystem.flow.measures import days
from onesystem.vocabulary import BadConfig, Contact, UserError, nearest, to_local
from onesystem.vocabulary.said import say, say_date

BY = ("service", "setting", "mode", "month", "organisation", "rule", "basis", "kind", "name")
_YEAR = 12
_LINES = {"kind", "name"}  # a contact has several of these
__all__ = [
    "BY", "Cost", "Kept", "Reconciled", "cells", "cost_of", "costs", "kept", "months",
    "months_held", "pool_use", "reconcile", "working",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What contacts cost. `contacts` are those that cost something in those months, each once."""

    key: dict[str, Any]
    minor: int
    contacts: int
    quantity: int = 0

    @property
    def mean(self) -> float | None:
        """Minor units a contact."""
        return self.minor / self.contacts if self.contacts else None

    def __getitem__(self, name: str) -> Any:
        """What it is by, or its `cost`, `contacts`, `quantity`, as of a row of a table."""
        if name in ("cost", "minor"):
            return self.minor
        return getattr(self, name) if name in ("contacts", "quantity") else self.key[name]


class Kept(NamedTuple):
    """How far costs go: up to the beginning of a day, worked out at a moment."""

    day: date | None
    at: datetime | None
    rows: int


def kept() -> Kept:
    """How far costs go."""
    known = store.current()
    if not known.number:
        return Kept(None, None, 0)
    at = datetime.fromtimestamp(known.at / 1_000_000, UTC)
    return Kept(date.fromisoformat(known.day), at, known.rows)


def months() -> list[date]:
    """The months in which something cost, oldest first."""
    return [month_of(m) for m in sorted({cell.month for cell in every()})]


def months_held() -> list[date]:
    """The months to choose from, oldest first: from the first that the ledger or costing holds.

    Costing holds a month in which a tenth as many contacts began as in a usual one of its last.
    What lies before it are a few long stays: the log has nothing else of those months.
    """
    known = months()
    begun: dict[int, int] = dict.fromkeys(map(number_of, known), 0)
    for cell in every():
        if cell.line == 0:  # a contact has a cell for each of its lines
            begun[cell.month] += cell.begun
    usual = median([*begun.values()][-_YEAR:]) if begun else 0
    held = [month for month in known if begun[number_of(month)] * 10 >= usual]
    first = min([*held[:1], *[m.month for m in ledger.months()[:1]]], default=None)
    return [month for month in known if first and month >= first]


def require_costed(month: date, cure: str) -> None:
    """Raises UserError, with this cure, where a month is not costed to its end."""
    day = kept().day
    if day is None:
        raise UserError("nothing is costed yet", "Run `onesystem cost log` first.")
    if day < later(month):
        raise UserError(
            say(
                "costs go up to {day}, and {month} is not over by then",
                day=say_date(day, "%-d %B %Y"),
                month=say_date(month, "%B %Y"),
            ),
            cure,
        )


def cells(month_from: date, month_to: date, **only: str) -> list[Cell]:
    """The sums of those months, of a service, setting, mode ... where they are named."""
    first, last = number_of(month_from), number_of(month_to)
    return [
        cell for cell in every()
        if first <= cell.month <= last and all(_of(cell, k) == v for k, v in only.items() if v)
    ]  # fmt: skip


def costs(
    month_from: date, month_to: date, by: Sequence[str] = ("service", "month"), **only: str
) -> list[Cost]:
    """What contacts cost in those months, by service, setting, mode, month, organisation (the
    provider), rule, basis, or the kind and name of the line; `only` keeps those of one of them.
    """
    for name in (*by, *only):
        if name not in BY:
            raise BadConfig(say("costs are not by {name}", name=repr(name)), nearest(name, BY))
    first = number_of(month_from)
    some = cells(month_from, month_to, **only)
    once = _first_lines(some, sorted(_LINES & {*by, *only}))
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell in some:
        held = sums[tuple(_of(cell, name) for name in by)]
        held[0] += cell.minor
        held[2] += cell.quantity
        # A contact counts in the first of these months in which it is, by one of its lines.
        if (cell.line, *_lines_of(cell, once.names)) in once.of[cell.rule, cell.month]:
            held[1] += cell.portions if "month" in by or cell.month == first else cell.begun
    return [
        Cost(key=dict(zip(by, key, strict=True)), minor=minor, contacts=many, quantity=quantity)
        for key, (minor, many, quantity) in sorted(
            sums.items(), key=lambda item: tuple(map(str, item[0]))
        )
    ]


class _Once(NamedTuple):
    """By which lines of a rule its contacts are counted: the first of each kind or name."""

    names: list[str]
    of: dict[tuple[str, int], set[tuple[Any, ...]]]


def _first_lines(some: Iterable[Cell], names: list[str]) -> _Once:
    least: dict[tuple[Any, ...], int] = {}
    for cell in some:
        key = (cell.rule, cell.month, *_lines_of(cell, names))
        least[key] = min(cell.line, least.get(key, cell.line))
    found: dict[tuple[str, int], set[tuple[Any, ...]]] = defaultdict(set)
    for (rule, month, *kinds), line in least.items():
        found[rule, month].add((line, *kinds))
    return _Once(names, found)


def _lines_of(cell: Cell, names: list[str]) -> list[Any]:
    return [getattr(cell, name) for name in names]


def cost_of(contacts: Iterable[int]) -> dict[int, int]:
    """What each of these contacts cost in all months together; those without a cost are absent."""
    import duckdb

    ids = sorted({int(each) for each in contacts})
    files = [str(store.place() / part.name) for part in store.current().parts.values()]
    if not ids or not files:
        return {}
    with duckdb.connect() as duck:
        found = duck.execute(
            "SELECT contact, CAST(sum(minor) AS BIGINT) FROM read_parquet(?)"
            " WHERE contact IN (SELECT unnest(?)) GROUP BY contact",
            [files, ids],
        ).fetchall()
    return dict(found)


def working(contact: Contact, day: date | None = None) -> tuple[Portion, ...]:
    """One contact's cost, month by month and line by line, up to the beginning of a day."""
    here = current()
    day = day or kept().day or to_local(now(), here.zone).date()
    facts = Facts(
        service=contact.service, setting=contact.setting, mode=contact.mode,
        started=_millis(contact.started), ended=_millis(contact.ended),
        cancelled=contact.cancelled,
    )  # fmt: skip
    return worked(facts, loading.book(), days.clock(here.zone), days.day_of(day))


def pool_use(month_from: date, month_to: date) -> list[pools.Used]:
    """Pools with what contacts used of them, and what is left."""
    first, last = number_of(month_from), number_of(month_to)
    return pools.used(
        loading.book().rules, cells(month_from, month_to), range(first, last + 1)
    )  # fmt: skip


def reconcile(month: date) -> Reconciled:
    """What contacts and pools cost in a month against what is posted of it, to the penny."""
    return reconciled(month, cells(month, month), pool_use(month, month))


def _of(cell: Cell, name: str) -> Any:
    if name == "month":
        return month_of(cell.month)
    if name == "organisation":
        return organisation(cell.service)
    return getattr(cell, name)


def organisation(service: str) -> str:
    """Who runs a service; nothing where the district does not know it."""
    known = current().services.get(service)
    return known.organisation if known else ""


def _millis(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


_cached: list[tuple[str, list[Cell]]] = []


def every() -> list[Cell]:
    """All sums, of all parts together; read again when there is another costing."""
    name = store.current().cells
    if not name:
        return []
    if not _cached or _cached[0][0] != name:
        told = store.read(name)
        columns = [told[field].to_pylist() for field in Cell._fields]
        _cached[:] = [(name, list(map(Cell._make, zip(*columns, strict=True))))]
    return _cached[0][1]
