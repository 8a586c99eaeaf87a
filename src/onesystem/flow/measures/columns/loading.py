"""Histories from Arrow tables of contacts in the log's columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from onesystem.flow.measures.columns.histories import Histories
from onesystem.flow.measures.columns.values import Array, Column, Text, Value, text_of
from onesystem.flow.measures.language import OF_PERSON, TEXTS, TIMES
from onesystem.flow.measures.world import Somebody, World

_DAYS = ("born", "died")
WORDS = ("service", "setting", *TEXTS)
COLUMNS = (
    "contact", "identity", "service", "setting", *TEXTS, *TIMES, "known_at", "cancelled",
)  # fmt: skip


def histories(
    table: Any, people: Sequence[Somebody], whose: Mapping[int, int], world: World
) -> Histories:
    """The histories of people. `whose` gives each identity's place among them.

    `table`: an Arrow table with `COLUMNS`; rows of identities that are nobody's are left out.
    """
    ids = np.fromiter(sorted(whose), np.int64, len(whose))
    places = np.fromiter((whose[int(each)] for each in ids), np.int64, len(ids))
    return placed(table, ids, places, facts(people), len(people), world)


def placed(
    table: Any, ids: Array, places: Array, people: dict[str, Column], count: int, world: World
) -> Histories:
    """The histories of `count` people. `places` are those of each identity of `ids`, ascending.

    Of `COLUMNS`, the table may lack those that are never asked for.
    """
    identity = table["identity"].to_numpy()
    at = np.minimum(np.searchsorted(ids, identity), max(0, len(ids) - 1))
    theirs = ids[at] == identity if len(ids) else np.zeros(len(identity), bool)
    if not theirs.all():
        keep = np.flatnonzero(theirs)
        table, at = table.take(keep), at[keep]
    return Histories(_columns(table), places[at], people, count, world)


def anybodys(table: Any, world: World) -> Histories:
    """Contacts of whoever it was, of which nothing is asked of people."""
    return Histories(_columns(table), None, {}, 0, world)


def _columns(table: Any) -> dict[str, Column]:
    there = set(table.column_names)
    columns: dict[str, Column] = {}
    if "contact" in there:
        columns["contact"] = Value(table["contact"].to_numpy())
    for name in (*TIMES, "known_at"):
        if name in there:
            columns[name] = moments(table[name])
    for name in ("setting", *TEXTS):
        if name in there:
            columns[name] = texts(table[name])
    columns["service"] = texts(table["service"], more=("",))
    if "cancelled" in there:
        gone = table["cancelled"].to_numpy(zero_copy_only=False)
        columns["cancelled"] = Value(gone.astype(bool))
    return columns


def facts(people: Sequence[Somebody]) -> dict[str, Column]:
    """What is known of people, in columns."""
    found: dict[str, Column] = {name: _days([getattr(p, name) for p in people]) for name in _DAYS}
    for name in OF_PERSON:
        if name not in _DAYS:
            found[name] = text_of([getattr(p, name) for p in people])
    return found


def _days(told: list[int | None]) -> Value:
    values = np.fromiter((0 if day is None else day for day in told), np.int64, len(told))
    known = np.fromiter((day is not None for day in told), bool, len(told))
    return Value(values, None if known.all() else known)


def moments(column: Any) -> Value:
    """A column of moments, in milliseconds."""
    import pyarrow as pa

    kind = column.type
    counts: Array = column.cast(pa.int64()).fill_null(0).to_numpy()
    if pa.types.is_timestamp(kind) and kind.unit == "us":
        counts = counts // 1000
    known = column.is_valid().to_numpy() if column.null_count else None
    return Value(counts, known)


def texts(column: Any, more: tuple[str, ...] = ()) -> Text:
    """A column of texts; `more` are words that it must have besides."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        column = _one(column)
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()).fill_null(""))
    codes: Array = column.indices.fill_null(0).to_numpy().astype(np.int32)
    dictionary = column.dictionary
    if len(dictionary) > len(codes):  # of a few rows out of a file: its other words cost most
        used, codes = np.unique(codes, return_inverse=True)
        dictionary, codes = dictionary.take(pa.array(used)), codes.astype(np.int32)
    said = dictionary.to_pylist()
    words = tuple(dict.fromkeys((*said, *more)))
    if words[: len(said)] != tuple(said):
        places = {word: at for at, word in enumerate(words)}
        codes = np.fromiter((places[word] for word in said), np.int32, len(said))[codes]
    return Text(codes, words)


def _one(column: Any) -> Any:
    """A column as one array; words of several dictionaries as one."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    joined = column.combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        return joined.chunk(0) if joined.num_chunks else pa.array([], joined.type)
    return joined
