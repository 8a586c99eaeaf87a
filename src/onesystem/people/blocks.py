"""Which pairs are worth comparing, among everybody at once: the rules of `blocking`, in columns.

Each field's values become whole numbers, a rule's fields one number, and those who agree on it
stand next to each other once it is sorted: a join of a million records in a tenth of a second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.people import blocking

_ROOM = 2**62  # a key has to fit into 64 bits
_NUMBER = ("number",)
Crowd = tuple[blocking.Rule, Any]  # a rule, and the rows that agree on it: too many


@dataclass(frozen=True, slots=True)
class Coded:
    """A field of all records: each one's number in `values` (Arrow), -1 where it says nothing."""

    codes: Any
    values: Any

    @classmethod
    def of(cls, column: Any) -> "Coded":
        """An Arrow column of text, in which empty text says nothing."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = whole.dictionary_encode()
        codes = coded.indices.to_numpy(zero_copy_only=False)
        nothing = pc.index(coded.dictionary, "").as_py()
        if nothing >= 0:
            codes = np.where(codes == nothing, np.int32(-1), codes)
        return cls(codes, coded.dictionary)

    def year(self) -> "Coded":
        """The first four characters of a birth date."""
        import numpy as np
        import pyarrow.compute as pc

        years = Coded.of(pc.utf8_slice_codeunits(self.values, 0, 4))
        return Coded(np.append(years.codes, np.int32(-1))[self.codes], years.values)

    def texts(self, rows: Any) -> list[str]:
        """What those records say; none of `rows` may be one that says nothing."""
        return self.values.take(self.codes[rows]).to_pylist()  # type: ignore[no-any-return]


def coded(table: Any, fields: Sequence[str]) -> dict[str, Coded]:
    """The fields of an Arrow table of records, as numbers."""
    return {name: Coded.of(table[name]) for name in fields}


def pairs(fields: Mapping[str, Coded], fresh: Any = None) -> tuple[Any, Any]:
    """The rows of every pair that agrees on a rule, each pair once: two numpy arrays, low < high.

    With `fresh`, a boolean for each row, only pairs of which at least one is fresh.
    """
    return blocked(fields, fresh)[:2]


def blocked(fields: Mapping[str, Coded], fresh: Any = None) -> tuple[Any, Any, list[Crowd]]:
    """`pairs`, and the crowds, which brought none."""
    import numpy as np

    count = len(next(iter(fields.values())).codes)
    found: list[Any] = []
    seen: list[Crowd] = []
    for rule, rows, key in _by_rule(fields, (_NUMBER, *blocking.RULES)):
        full = _full(key)
        for left, right in _agreeing(rows, key, full):
            found.append(np.minimum(left, right) * count + np.maximum(left, right))
        crowded = _members(rows, key, full)
        if rule != _NUMBER:
            seen += [(rule, members) for members in crowded]
            continue
        for members in crowded:
            found += [hub * count + members[members > hub] for hub in members[: blocking.HUBS]]
    every = np.concatenate(found) if found else np.array([], np.int64)
    every.sort()  # and drop what stands twice: numpy's own `unique` would hash them, at six times
    every = every[np.append(True, every[1:] != every[:-1])] if len(every) else every
    low, high = np.divmod(every, max(count, 1))
    if fresh is not None:
        kept = fresh[low] | fresh[high]
        low, high = low[kept], high[kept]
    return low, high, seen


def crowds(fields: Mapping[str, Coded]) -> list[Crowd]:
    """The crowds alone."""
    return [
        (rule, members)
        for rule, rows, key in _by_rule(fields, blocking.RULES)
        for members in _members(rows, key, _full(key))
    ]


def _by_rule(
    fields: Mapping[str, Coded], rules: Sequence[blocking.Rule]
) -> Iterator[tuple[blocking.Rule, Any, Any]]:
    """Of each rule the rows that say all of its fields and what they say, ascending."""
    import numpy as np

    keyed = {**fields, "year": fields["birth"].year()}
    for rule in rules:
        rows, key = _key([keyed[name] for name in rule])
        order = np.argsort(key)
        yield rule, rows[order], key[order]


def _key(parts: Sequence[Coded]) -> tuple[Any, Any]:
    """Rows that say all of the fields, and one number for what they say."""
    import numpy as np

    rows = np.flatnonzero(np.logical_and.reduce([part.codes >= 0 for part in parts]))
    key, size = np.zeros(len(rows), np.int64), 1
    for part in parts:
        if size * len(part.values) >= _ROOM:
            values, key = np.unique(key, return_inverse=True)
            size = len(values)
        key = key * len(part.values) + part.codes[rows]
        size *= len(part.values)
    return rows, key


def _full(key: Any) -> Any:
    """The keys of blocks that hold too many; `key` ascends."""
    import numpy as np

    return np.unique(key[blocking.MOST :][key[blocking.MOST :] == key[: -blocking.MOST]])


def _members(rows: Any, key: Any, full: Any) -> list[Any]:
    import numpy as np

    return [np.sort(rows[slice(*np.searchsorted(key, (each, each + 1)))]) for each in full]


def _agreeing(rows: Any, key: Any, full: Any) -> Iterator[tuple[Any, Any]]:
    """Rows that have the same key, next neighbours first, then those two apart, and so on.

    `key` ascends; those in `full` are left out.
    """
    import numpy as np

    at, apart = np.flatnonzero(key[1:] == key[:-1]), 1
    if len(full):
        at = at[~np.isin(key[at], full)]
    while len(at):
        yield rows[at], rows[at + apart]
        apart += 1
        at = at[at + apart < len(key)]
        at = at[key[at + apart] == key[at]]
