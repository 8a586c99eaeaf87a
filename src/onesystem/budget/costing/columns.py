"""Contacts costed in columns: what `working` says of one, for millions. Pure.

A row comes out for each month in which a contact cost something: one for most, and one for each
month of a stay. The sums of all lines come out with them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from onesystem.budget.costing import amounts, cells
from onesystem.budget.costing.cells import Cell, first_day, month_of, number_of
from onesystem.budget.costing.pricing import Book, PricedRule
from onesystem.budget.costing.rates import Rules
from onesystem.flow.measures import days
from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.days import Clock

ASKED = (
    "contact", "version", "service", "setting", "mode", "started", "ended", "cancelled",
)  # fmt: skip
BASES = ("own", "national", "none")
MINUTE = 60_000
_DENSE = 4_000_000
Array = Any


class Costed(NamedTuple):
    """Costs of contacts: a row for each contact and month, and their sums."""

    table: Any
    cells: list[Cell]

    @property
    def minor(self) -> int:
        """All of it."""
        return sum(cell.minor for cell in self.cells)


def schema() -> Any:
    """The Arrow schema of costs: beside the log, by contact and version."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            ("contact", pa.int64()),
            ("version", pa.int32()),
            ("month", pa.int32()),
            ("minor", pa.int64()),
            ("basis", text),
            ("rule", text),
            ("began", pa.bool_()),
        ]
    )


def cost_table(table: Any, rules: Rules | Book, day: date, *, zone: str) -> Costed:
    """The costs of contacts in the log's columns, up to the beginning of a day.

    The twin's contacts have the same columns. Raises NoRate where a rate is missing.
    """
    book = rules if isinstance(rules, Book) else Book(rules)
    work = _Work(table, book, days.clock(zone), days.day_of(day))
    for month in range(work.month.min(), work.month.max() + 1) if work.size else ():
        work.begun_in(month)
    work.lasting()
    return work.made()


class _Work:
    """The contacts that count, as arrays, and what was made of them so far."""

    def __init__(self, table: Any, book: Book, clock: Clock, today: int) -> None:
        self.book, self.clock = book, clock
        self.since = number_of(book.rules.since)
        until = clock.midnight(today)
        started, known = _moments(table["started"])
        keep = np.flatnonzero(
            known & ~_flat(table["cancelled"]).to_numpy(False) & (started < until)
        )
        start = started[keep]
        ended, over = _moments(table["ended"])
        end = np.minimum(np.where(over[keep], ended[keep], until), until)
        self.start, self.end = start, np.maximum(start, end)
        self.rows, self.size = keep, len(keep)
        self.contact = _flat(table["contact"]).to_numpy(False)[keep]
        self.version = _flat(table["version"]).to_numpy(False)[keep]
        self.groups, self.group = _groups(table, keep)
        self.minutes = (self.end - start) // MINUTE
        self.day = calendar.day(clock, start)
        self.month = _months(self.day)
        self.stays: list[Array] = []
        self.parts: list[tuple[Array, Array, int, str, str, Array]] = []
        self.cells: list[Cell] = []

    def begun_in(self, month: int) -> None:
        """What began in a month and counts there alone; what lasts is put aside."""
        at = np.flatnonzero(self.month == month)
        if not len(at):
            return
        if month < self.since:
            self.stays.append(at)
            return
        for plan, some in self._planned(at, month):
            if plan is not None and plan.rule.lasts:
                self.stays.append(some)
                continue
            began = np.ones(len(some), bool)
            lines = [] if plan is None else amounts.by_minutes(plan.lines, self.minutes[some])
            self._keep(some, plan, month, lines, began)

    def lasting(self) -> None:
        """What lasts, month by month."""
        if not self.stays:
            return
        at = np.concatenate(self.stays)
        last = _months(calendar.day(self.clock, self.end[at]))
        first = np.maximum(self.month[at], self.since)
        seen, where = np.zeros(len(at), bool), np.zeros(self.size, np.int64)
        for month in range(int(first.min()), int(last.max()) + 1):
            here = np.flatnonzero((first <= month) & (month <= last))
            if not len(here):
                continue
            where[at[here]] = here
            for plan, some in self._planned(at[here], month):
                later = self.month[some] < month
                if plan is None or (not plan.rule.lasts and later.any()):
                    some = some[~later] if plan is not None else some[:0]  # noqa: PLW2901
                if not len(some) or plan is None:
                    continue
                counted = self._counted(some, month, lasts=plan.rule.lasts)
                kept = np.flatnonzero(
                    (self.month[some] == month) | (counted["day"] > 0) | (counted["minute"] > 0)
                )
                some = some[kept]  # noqa: PLW2901
                counted = {unit: told[kept] for unit, told in counted.items()}
                began = ~seen[where[some]]
                seen[where[some]] = True
                self._keep(some, plan, month, amounts.of_lines(plan.lines, counted), began)

    def _counted(self, at: Array, month: int, *, lasts: bool) -> dict[str, Array]:
        """How many of each unit lie in the month; see `working`."""
        start, end = self.start[at], self.end[at]
        from_day, to_day = self.day[at], calendar.day(self.clock, end)
        low, high, whole_stay = start, end, to_day - from_day
        here = (self.month[at] == month).astype(np.int64)
        if lasts:
            first, after = first_day(month), first_day(month + 1)
            low = np.maximum(start, self.clock.midnight(first))
            high = np.minimum(end, self.clock.midnight(after))
            from_day, to_day = np.maximum(from_day, first), np.minimum(to_day, after)
        nights = np.maximum(0, to_day - from_day)
        minutes = np.maximum(0, (high - start) // MINUTE - (low - start) // MINUTE)
        day = np.where(whole_stay > 0, nights, here)
        return {"contact": here, "minute": minutes, "night": nights, "day": day}

    def _planned(self, at: Array, month: int) -> Iterator[tuple[PricedRule | None, Array]]:
        """The contacts by the rule that is theirs in a month, at its prices."""
        on, plans = month_of(month), dict[int, tuple[int, PricedRule]]()
        which = np.full(len(self.groups), -1, np.int16)
        group = self.group[at]
        apart: list[int] = []
        for g in np.flatnonzero(np.bincount(group, minlength=len(self.groups))).tolist():
            found = self.book.candidates(*self.groups[g], on)
            if found and (found[0].from_hours or found[0].below_hours):
                apart.append(g)
            elif found:
                which[g] = self._number(plans, self.book.priced(found[0], self.groups[g][0], on))
        told = which[group]
        for g in apart:
            mine = np.flatnonzero(group == g)
            told[mine] = self._by_length(g, at[mine], on, plans)
        order = np.argsort(told, kind="stable")
        cuts = np.flatnonzero(np.diff(told[order])) + 1
        known = [plan for _, plan in plans.values()]
        for some in np.split(order, cuts):
            if len(some):
                number = int(told[some[0]])
                yield (known[number] if number >= 0 else None), at[some]

    def _by_length(
        self, g: int, at: Array, on: date, plans: dict[int, tuple[int, PricedRule]]
    ) -> Array:  # fmt: skip
        minutes = self.minutes[at]
        told, free = np.full(len(at), -1, np.int16), np.ones(len(at), bool)
        for rule in self.book.candidates(*self.groups[g], on):
            fits = free & (minutes >= rule.from_hours * 60)
            if rule.below_hours:
                fits &= minutes < rule.below_hours * 60
            if fits.any():
                told[fits] = self._number(plans, self.book.priced(rule, self.groups[g][0], on))
                free &= ~fits
        return told

    @staticmethod
    def _number(plans: dict[int, tuple[int, PricedRule]], plan: PricedRule) -> int:
        # By the object: the book keeps each, and to compare by value takes longer than to cost.
        return plans.setdefault(id(plan), (len(plans), plan))[0]

    def _keep(
        self, at: Array, plan: PricedRule | None, month: int, lines: Any, began: Array
    ) -> None:  # fmt: skip
        total = sum((amount for _, amount in lines), np.zeros(len(at), np.int64))
        rule, basis = (plan.rule.name, plan.basis) if plan else ("", "none")
        self.parts.append((at, total, month, basis, rule, began))
        self.cells += cells.summed(self.groups, self.group[at], began, plan, month, lines)

    def made(self) -> Costed:
        """All of it as one table."""
        import pyarrow as pa

        if not self.parts:
            return Costed(schema().empty_table(), [])
        at = np.concatenate([part[0] for part in self.parts])
        sizes = [len(part[0]) for part in self.parts]
        rules = list(dict.fromkeys(part[4] for part in self.parts))
        columns = {
            "contact": pa.array(self.contact[at]),
            "version": pa.array(self.version[at].astype(np.int32)),
            "month": pa.array(np.repeat([p[2] for p in self.parts], sizes).astype(np.int32)),
            "minor": pa.array(np.concatenate([part[1] for part in self.parts])),
            "basis": _coded([BASES.index(part[3]) for part in self.parts], sizes, BASES),
            "rule": _coded([rules.index(part[4]) for part in self.parts], sizes, rules),
            "began": pa.array(np.concatenate([part[5] for part in self.parts])),
        }
        table = pa.table([columns[name] for name in schema().names], schema=schema())
        return Costed(table, cells.merged(self.cells))


def _months(day: Array) -> Array:
    """The months that days lie in, counted since January 1970."""
    return np.asarray(day, "datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _groups(table: Any, keep: Array) -> tuple[list[tuple[str, str, str]], Array]:
    """Service, setting and mode that occur together, and which of them each row has."""
    coded = [_codes(table[name]) for name in ("service", "setting", "mode")]
    sizes = [max(1, len(words)) for _, words in coded]
    key = np.zeros(len(keep), np.int64)
    for (codes, _), size in zip(coded, sizes, strict=True):
        key = key * size + codes[keep]
    most = sizes[0] * sizes[1] * sizes[2]
    if most > _DENSE:
        there, group = np.unique(key, return_inverse=True)
    else:
        there = np.flatnonzero(np.bincount(key, minlength=most))
        place = np.zeros(most, np.int64)
        place[there] = np.arange(len(there))
        group = place[key]
    words = [words for _, words in coded]
    return [
        (words[0][k // (sizes[1] * sizes[2])], words[1][k // sizes[2] % sizes[1]],
         words[2][k % sizes[2]])
        for k in there.tolist()
    ], group  # fmt: skip


def _codes(column: Any) -> tuple[Array, list[str]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    flat = _flat(column)
    if not pa.types.is_dictionary(flat.type):
        flat = pc.dictionary_encode(flat.fill_null(""))
    codes = flat.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return codes, [str(word or "") for word in flat.dictionary.to_pylist()]


def _moments(column: Any) -> tuple[Array, Array]:
    """Milliseconds, and whether there is one."""
    import pyarrow as pa

    flat = _flat(column)
    if pa.types.is_timestamp(flat.type):
        flat = flat.cast(pa.timestamp("ms", tz="UTC"), safe=False).view(pa.int64())
    known = flat.is_valid().to_numpy(zero_copy_only=False)
    return flat.fill_null(0).to_numpy(zero_copy_only=False), known


def _flat(column: Any) -> Any:
    import pyarrow as pa

    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return column.combine_chunks()


def _coded(codes: list[int], sizes: list[int], words: Any) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(codes, sizes).astype(np.int32)), pa.array(list(words), pa.string())
    )
