"""Costs brought up to the log: only what was touched is costed again.

A month of the log whose files are the same, at the same prices, is left as it is. In one that is
not, contacts of which the log says the same stay; what the others gave is taken away from the
sums, and what they give now is added.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.costing import cells, loading, store
from onesystem.budget.costing.cells import Cell, month_of, number_of
from onesystem.budget.costing.columns import ASKED, Costed, cost_table, schema
from onesystem.budget.costing.store import RECENT, Part
from onesystem.contacts import operational, pending
from onesystem.contacts import store as stored
from onesystem.contacts.log import manifest
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local

Say = Callable[[str], None]
Array = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a costing did."""

    contacts: int = 0  # costed, or costed again
    rows: int = 0
    months: int = 0
    left: int = 0  # of the log's months, left as they were
    minor: int = 0


class _Made(NamedTuple):
    part: Part
    cells: list[Cell]
    costed: int


def refresh(*, by: Actor, day: date | None = None, say: Say = lambda _: None) -> Refreshed:
    """Cost what is new or changed in the log and the store. Nothing half done: all of it or none.

    Raises NoRate where a rate is missing, BadConfig for a faulty `costs.toml`.
    """
    pending.recover()  # what an append left between the stores
    with store.locked():
        work = _Work(day, say)
        done = work.through()
    access.record(
        by=by, act="costs.refreshed", what=work.day.isoformat(),
        detail={"contacts": done.contacts, "months": done.months},
    )  # fmt: skip
    return done


class _Work:
    def __init__(self, day: date | None, say: Say) -> None:
        here = current()
        self.say, self.zone = say, here.zone
        self.day = day or to_local(now(), here.zone).date()
        self.book, self.kept, self.log = loading.book(), store.current(), manifest.current()
        self.prices = self._prices()
        self.stored = operational.in_process().select(list(ASKED))
        self.both = stored.logged()
        self.gone = _superseded(self.log)
        self.sums = _sums(self.kept)
        self.same_zone = self.kept.zone == self.zone
        self.before = date.fromisoformat(self.kept.day) if self.kept.day else self.day

    def _prices(self) -> dict[str, str]:
        first, last = number_of(self.book.rules.since), number_of(self.day)
        return {str(m): loading.digest(self.book, month_of(m)) for m in range(first, last + 1)}

    def through(self) -> Refreshed:
        by_month: dict[str, list[str]] = defaultdict(list)
        for file in self.log.months:
            by_month[file.month].append(file.name)
        doubtful = self._doubtful()
        parts: dict[str, Part] = {}
        sums: dict[str, list[Cell]] = {}
        done = Refreshed()
        for name, inputs in sorted(by_month.items()):
            old = self.kept.parts.get(name)
            if old and self._as_it_was(old, inputs, doubtful):
                parts[name], sums[name] = old, self.sums.get(name, [])
                done = replace(done, left=done.left + 1)
                continue
            self.say(f"costing {name}")
            made = self._month(name, sorted(inputs), old)
            parts[name], sums[name] = made.part, made.cells
            done = replace(done, months=done.months + 1, contacts=done.contacts + made.costed)
        recent = self._written(RECENT, self._costed(self.stored), (), self.stored)
        parts[RECENT], sums[RECENT] = recent.part, recent.cells
        self._put(parts, sums)
        return replace(
            done,
            contacts=done.contacts + recent.costed,
            rows=sum(part.rows for part in parts.values()),
            minor=sum(part.minor for part in parts.values()),
        )

    def _as_it_was(self, old: Part, inputs: list[str], doubtful: Array) -> bool:
        """Whether nothing that a part stands on has changed."""
        if sorted(inputs) != list(old.inputs) or not self._same_prices(old):
            return False
        if old.unfinished and self.before != self.day:
            return False
        if not set(old.left_out) <= set(self.both.tolist()):
            return False
        return not len(doubtful) or not _any_of(old, doubtful)

    def _same_prices(self, old: Part) -> bool:
        months = range(old.first, old.last + 1)
        mine, theirs = self.prices, self.kept.prices
        begun = next(iter(self.prices), "") == next(iter(theirs), "")
        return self.same_zone and begun and all(
            mine.get(str(m)) == theirs.get(str(m)) for m in months
        )  # fmt: skip

    def _doubtful(self) -> Array:
        """Contacts that a part may hold though another version, or the store, tells of them now."""
        import numpy as np

        fresh = [f for f in self.log.superseded if f.name not in self.kept.superseded]
        return np.union1d(_contacts(fresh), self.both)

    def _month(self, name: str, inputs: list[str], old: Part | None) -> _Made:
        import numpy as np
        import pyarrow as pa

        every = _read(inputs)
        contact, version = (every[n].to_numpy() for n in ("contact", "version"))
        latest = ~_pairs_in(contact, version, self.gone)
        hidden = np.isin(contact, self.both)
        rows = np.flatnonzero(latest & ~hidden)
        _once(contact[rows], name)
        left_out = contact[latest & hidden]
        if old is None or not self._same_prices(old):
            return self._anew(name, inputs, every, rows, left_out)
        held = store.read(old.name)
        was = (held["contact"].to_numpy(), held["version"].to_numpy())
        known = _pairs_in(contact, version, was)
        if old.unfinished:
            known &= ~_running(every, self.before, self.zone)
        fresh = rows[~known[rows]]
        stays = _pairs_in(*was, (contact[rows][known[rows]], version[rows][known[rows]]))
        dropped = np.flatnonzero(_pairs_in(contact, version, tuple(w[~stays] for w in was)))
        if len(dropped) < len(np.unique(was[0][~stays])):  # the log forgot what they were
            return self._anew(name, inputs, every, rows, left_out)
        taken = cost_table(every.take(dropped), self.book, self.before, zone=self.zone)
        added = self._costed(every.take(fresh))
        table = pa.concat_tables([held.filter(pa.array(stays)).cast(schema()), added.table])
        minus = [c._replace(portions=-c.portions, begun=-c.begun, quantity=-c.quantity,
                            minor=-c.minor) for c in taken.cells]  # fmt: skip
        summed = cells.merged([*self.sums.get(name, []), *minus, *added.cells])
        summed = [c for c in summed if c.portions]
        made = self._written(name, Costed(table, summed), inputs, every.take(rows), left_out)
        return made._replace(costed=_contacts_of(added.table))

    def _anew(
        self, name: str, inputs: list[str], every: Any, rows: Array, left_out: Array
    ) -> _Made:  # fmt: skip
        whole = every if len(rows) == len(every) else every.take(rows)
        return self._written(name, self._costed(whole), inputs, whole, left_out)

    def _costed(self, table: Any) -> Costed:
        return cost_table(table, self.book, self.day, zone=self.zone)

    def _written(
        self, name: str, made: Costed, inputs: Any, table: Any, left_out: Any = ()
    ) -> _Made:  # fmt: skip
        months = [cell.month for cell in made.cells]
        part = Part(
            name=store.write(made.table, name), rows=len(made.table), inputs=tuple(inputs),
            first=min(months, default=0), last=max(months, default=-1), minor=made.minor,
            unfinished=bool(_running(table, self.day, self.zone).any()),
            left_out=tuple(int(n) for n in left_out),
        )  # fmt: skip
        return _Made(part, made.cells, _contacts_of(made.table))

    def _put(self, parts: Mapping[str, Part], sums: Mapping[str, list[Cell]]) -> None:
        import pyarrow as pa

        tables = [
            cells.table(some).append_column("part", pa.array([name] * len(some), pa.string()))
            for name, some in sums.items()
        ]
        store.put(
            store.Manifest(
                number=self.kept.number + 1, day=self.day.isoformat(), zone=self.zone,
                at=time.time_ns() // 1000, parts=parts,
                cells=store.write(pa.concat_tables(tables), "cells"),
                superseded=tuple(f.name for f in self.log.superseded), prices=self.prices,
            )
        )  # fmt: skip


def _sums(kept: store.Manifest) -> dict[str, list[Cell]]:
    """The sums of each part, as they were left."""
    sums: dict[str, list[Cell]] = defaultdict(list)
    if kept.cells:
        told = store.read(kept.cells)
        columns = [told[name].to_pylist() for name in (*Cell._fields, "part")]
        for *values, part in zip(*columns, strict=True):
            sums[part].append(Cell(*values))
    return sums


def _read(names: list[str]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [
        pq.read_table(
            manifest.place() / name, columns=list(ASKED), use_threads=False,
            read_dictionary=["service", "setting", "mode"],
        )
        for name in names
    ]  # fmt: skip
    return pa.concat_tables(tables).combine_chunks()


def _superseded(log: manifest.Manifest) -> tuple[Array, Array]:
    import numpy as np
    import pyarrow.parquet as pq

    tables = [pq.read_table(manifest.place() / f.name) for f in log.superseded]
    if not tables:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    return tuple(  # type: ignore[return-value]
        np.concatenate([t[name].to_numpy() for t in tables]) for name in ("contact", "version")
    )


def _contacts(files: Any) -> Array:
    import numpy as np
    import pyarrow.parquet as pq

    told = [pq.read_table(manifest.place() / f.name, columns=["contact"]) for f in files]
    return np.concatenate([np.zeros(0, np.int64), *(t["contact"].to_numpy() for t in told)])


def _any_of(part: Part, contacts: Array) -> bool:
    """Whether a part holds one of these contacts that it did not leave out."""
    import numpy as np

    held = store.read(part.name, ["contact"])["contact"].to_numpy()
    return bool(np.isin(held, contacts).any())


def _pairs_in(contact: Array, version: Array, pairs: Any) -> Array:
    """Which of these contacts and versions are among the pairs."""
    import numpy as np

    found = np.zeros(len(contact), bool)
    if not len(pairs[0]) or not len(contact):
        return found
    order = np.argsort(pairs[0], kind="stable")
    contacts, versions = pairs[0][order], pairs[1][order]
    place, last = np.searchsorted(contacts, contact), len(contacts) - 1
    here = np.flatnonzero(contacts[np.minimum(place, last)] == contact)
    while len(here):  # again for contacts that have several versions among the pairs
        at = place[here]
        found[here[versions[at] == version[here]]] = True
        place[here] += 1
        after = np.minimum(at + 1, last)
        here = here[(at < last) & (contacts[after] == contact[here]) & ~found[here]]
    return found


def _running(table: Any, day: date, zone: str) -> Array:
    """Which contacts had not ended by the beginning of a day."""
    import pyarrow as pa

    from onesystem.flow.measures import days

    until = days.clock(zone).midnight(days.day_of(day))
    ended = table["ended"].cast(pa.timestamp("ms", tz="UTC"), safe=False)
    told = ended.combine_chunks().view(pa.int64()) if len(table) else pa.array([], pa.int64())
    over = told.fill_null(until + 1).to_numpy(zero_copy_only=False) > until
    begun = table["started"].is_valid().to_numpy()
    return over & begun & ~table["cancelled"].to_numpy()


def _contacts_of(table: Any) -> int:
    """How many contacts: each has begun in one of its rows."""
    return int(table["began"].to_numpy().sum())


def _once(contacts: Array, month: str) -> None:
    """A contact costs once. Raises UserError where the log has it twice."""
    import numpy as np

    ordered = np.sort(contacts)
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(twice):
        raise UserError(
            f"the log has contact {ordered[twice[0]]} twice in {month}: it would be costed twice",
            "Run `onesystem contacts verify`, which says which file is at fault.",
        )
