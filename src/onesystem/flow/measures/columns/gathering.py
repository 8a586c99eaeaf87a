"""Functions over the other units of the same person: exists, count, total and their kin.

What is asked of the others alone is asked of them before they are put beside the units, and shared
by all measures. Pairs are made a portion at a time, so that a wide question takes no more memory
than a narrow one.
"""

from collections.abc import Callable, Iterator

import numpy as np

from onesystem.flow.measures.columns.rows import Around, Asked, Pairs, Rows
from onesystem.flow.measures.columns.values import Array, Text, Value
from onesystem.flow.measures.tree import Call, Field, Node, conjuncts, mapped, walk

_MOST = 1_000_000  # pairs of one portion
_WIDE = 64  # flags for a pair: up to so many it is cheaper to set them than to sort the pairs
_UNKNOWN_OF = ("earliest", "latest")


def gathered(call: Call, asked: Callable[[Node], Asked]) -> Asked:
    """The function that works a call over the others out for units, as `asked` does of a node."""
    parts = conjuncts(call.args[-1])
    own = [asked(_own(p)) for p in parts if _theirs(p)]
    joined = [asked(p) for p in parts if not _theirs(p)]
    what = call.args[0] if len(call.args) > 1 else None
    alone = what is not None and _theirs(what)
    value = None if what is None else asked(_own(what) if alone else what)

    def work(rows: Rows) -> Value:
        around = rows.around
        assert around is not None  # noqa: S101 - the grammar lets nothing else ask
        at = _kept(around.rows, own)
        made = _Result(call.name, len(rows))
        if not joined and (value is None or alone) and (counts := _parted(rows, around, at)):
            made.add_all(counts[0], None if value is None else value(around.rows).take(at))
            return made.value()
        for pairs in _pairs(rows, around, at):
            fits = _differ(pairs)
            for each in joined:
                fits &= each(pairs).true
            here = np.flatnonzero(fits)
            if value is None:
                made.add(pairs.at[here], None)
            elif alone:
                made.add(pairs.at[here], value(around.rows).take(pairs.of_others[here]))
            else:
                made.add(pairs.at[here], value(pairs).take(here))
        return made.value()

    return work


def _theirs(node: Node) -> bool:
    """Whether it asks nothing of the unit in hand."""
    return not any(isinstance(n, Field) and not n.other for n in walk(node))


def _own(node: Node) -> Node:
    """What is asked of the others as it is asked of their own rows."""
    return mapped(node, lambda n: Field(n.name) if isinstance(n, Field) else None)


def _kept(others: Rows, own: list[Asked]) -> Array:
    """The places of the others of which all of these hold."""
    fits = np.ones(len(others), bool)
    for each in own:
        fits &= each(others).true
    return np.flatnonzero(fits)


def _parted(rows: Rows, around: Around, at: Array) -> tuple[Array] | None:
    """How many of the others each unit has, where each of them is of one unit, in their order.

    So it is with people's periods. None where it is not, or where a unit may be its own other.
    """
    contact, other = rows.field("contact"), around.rows.field("contact")
    assert isinstance(contact, Value)  # noqa: S101 - ids
    assert isinstance(other, Value)  # noqa: S101 - ids
    if contact.values.ndim or np.any(other.values == contact.values):
        return None
    first, last = (np.searchsorted(at, each) for each in around.both)
    whole = first[0] == 0 and last[-1] == len(at) if len(first) else not len(at)
    return (last - first,) if whole and np.array_equal(first[1:], last[:-1]) else None


def _pairs(rows: Rows, around: Around, at: Array) -> Iterator[Pairs]:
    """Each unit beside each of those others of its own that are kept."""
    first, last = (np.searchsorted(at, each) for each in around.both)
    upto = np.concatenate([[0], np.cumsum(last - first)])
    start = 0
    while start < len(rows):
        end = max(start + 1, int(np.searchsorted(upto, upto[start] + _MOST, "right")) - 1)
        counts = (last - first)[start:end]
        mine = np.repeat(np.arange(start, end), counts)
        place = np.arange(len(mine)) - np.repeat(upto[start:end] - upto[start], counts)
        yield Pairs(rows, around.rows, mine, at[np.repeat(first[start:end], counts) + place])
        start = end


def _differ(pairs: Pairs) -> Array:
    """Where the other is not the unit itself."""
    mine, other = pairs.field("contact"), pairs.field("contact", other=True)
    assert isinstance(mine, Value)  # noqa: S101 - ids
    assert isinstance(other, Value)  # noqa: S101 - ids
    return np.broadcast_to(mine.values != other.values, len(pairs)).copy()


class _Result:
    """What a call comes to, unit by unit. Portions come in order of units."""

    def __init__(self, name: str, count: int) -> None:
        self.name, self.found = name, np.zeros(count, np.int64)
        self.some = np.zeros(count, bool)

    def add(self, unit: Array, what: Value | Text | None) -> None:
        """Pairs that fit: the place of each one's unit, ascending, and the value it gives."""
        if what is None:
            self.found += np.bincount(unit, minlength=len(self.found))
        elif isinstance(what, Text):
            self._shared(unit, what)
        else:
            values = np.broadcast_to(what.values, len(unit))
            if what.known is not None:
                unit, values = unit[what.known], values[what.known]
            self._numbers(unit, values)

    def add_all(self, counts: Array, what: Value | Text | None) -> None:
        """All pairs at once: how many each unit has, and the values in order of units."""
        if what is None:
            self.found += counts
        else:
            self.add(np.repeat(np.arange(len(counts)), counts), what)

    def _numbers(self, unit: Array, values: Array) -> None:
        if not len(unit):
            return
        starts = np.flatnonzero(np.concatenate([[True], unit[1:] != unit[:-1]]))
        whose = unit[starts]
        self.some[whose] = True
        reduce: dict[str, Callable[[Array, Array], Array]] = {
            "total": np.add.reduceat, "earliest": np.minimum.reduceat,
            "latest": np.maximum.reduceat,
        }  # fmt: skip
        self.found[whose] = reduce[self.name](values, starts)

    def _shared(self, unit: Array, text: Text) -> None:
        """How many of a unit's others share a text: of each, the sums that are asked for."""
        told = np.flatnonzero(np.broadcast_to(text.told(bool, bool), len(unit)))
        codes = np.broadcast_to(text.codes, len(unit))[told].astype(np.int64)
        words = max(1, len(text.words))
        code = unit[told] * words + codes
        if self.name == "distinct" and len(self.found) * words <= _WIDE * len(unit):
            seen = np.zeros(len(self.found) * words, bool)
            seen[code] = True
            self.found += np.count_nonzero(seen.reshape(-1, words), axis=1)
            return
        pairs, counts = np.unique(code, return_counts=True)
        whose = pairs // words
        match self.name:
            case "distinct":
                np.add.at(self.found, whose, 1)
            case "largest":
                np.maximum.at(self.found, whose, counts)
            case "squares":
                np.add.at(self.found, whose, counts * counts)

    def value(self) -> Value:
        """The column."""
        if self.name == "exists":
            return Value(self.found > 0)
        return Value(self.found, self.some if self.name in _UNKNOWN_OF else None)
