"""The values of a list as they are compared: dates, names and numbers in one form each."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from onesystem.people.columns import NAME
from onesystem.people.dates import date_text, how_written
from onesystem.people.names import family_key, fold, given_key, phone_key, postcode_key
from onesystem.people.whole_names import parted
from onesystem.vocabulary import BadConfig

_UNKNOWN = frozenset(("unknown", "not known", "not given", "not stated", "unavailable"))
_NOTHING = _UNKNOWN | {"na", "n a", "nk", "nil", "none", "null", "nan", "tbc", "x", "xx", "xxx"}
_NAMES = {"family", "given"}  # Na, Nil and Null are names


def _plain(value: str) -> str:
    bare = re.sub(r"[\s-]", "", value).upper()
    return "" if len(bare) > 2 and len(set(bare)) == 1 else bare  # 0000000000, 9999999999


_TIDIED: dict[str, Callable[[str], str]] = {
    "family": family_key,
    "given": given_key,
    "sex": lambda v: fold(v)[:1],
    "postcode": postcode_key,
    "address": fold,
    "address2": fold,
    "house": fold,
    "city": lambda v: fold(v).replace(" ", ""),
    "region": lambda v: fold(v).replace(" ", ""),
    "phone": phone_key,
    "email": lambda v: v.strip().casefold(),
    "number": _plain,
}


def fields_of(columns: Mapping[str, str]) -> set[str]:
    """The fields that these columns give; a whole name gives two."""
    return {*columns, "family", "given"} - {NAME} if NAME in columns else set(columns)


def tidied(
    table: Any, columns: Mapping[str, str], fields: Sequence[str], *, file: str, dates: str = ""
) -> dict[str, Any]:
    """Field to array of tidied text, empty where nothing is said; `table` is all text.

    `dates` is day or month where somebody said what comes first. Raises BadConfig for dates whose
    days and months nobody tells apart.
    """
    import pyarrow as pa

    out = {}
    for field in fields:
        column = columns.get(field) or (columns.get(NAME, "") if field in _NAMES else "")
        if not column:
            out[field] = pa.array([""] * table.num_rows, pa.string())
            continue
        coded = table[column].combine_chunks().dictionary_encode()
        said = [value or "" for value in coded.dictionary.to_pylist()]
        tidy: Callable[[str], str] = partial(
            _told, field, _tidy(field, column, said, file=file, dates=dates)
        )
        if field in _NAMES and field not in columns:
            tidy = partial(_of_whole, field)
        elif field == "given":
            tidy = _first_given
        out[field] = pa.array(map(tidy, said), pa.string()).take(coded.indices).fill_null("")
    return out


def _tidy(
    field: str, column: str, said: Sequence[str], *, file: str, dates: str
) -> Callable[[str], str]:
    if field != "birth":
        return _TIDIED[field]
    try:
        how = how_written(said, said=dates, this_year=datetime.now(UTC).year)
    except BadConfig as error:
        raise BadConfig(f"{file}, column {column!r}: {error.what}", error.cure) from error
    return partial(date_text, written=how)


def _told(field: str, tidy: Callable[[str], str], value: str) -> str:
    return "" if fold(value) in (_UNKNOWN if field in _NAMES else _NOTHING) else tidy(value)


def _of_whole(field: str, value: str) -> str:
    if fold(value) in _UNKNOWN:
        return ""
    family, given = parted(value)
    return family_key(family) if field == "family" else given_key(given)


def _first_given(value: str) -> str:
    # A column of given names may hold whole ones: what stands behind the comma are the given.
    return _told("given", given_key, value.partition(",")[2] or value)


_SHARED = 20  # different names with one number, which is then nobody's own
_OWN = ("number", "phone", "email")


def blank_stand_ins(con: Any, fields: Sequence[str], say: Callable[[str], None]) -> None:
    """Empty what stands for "not known" in table `list`: a number or a birth date of many names.

    A birth date counts when it has twenty times as many names as the middle one of the list, as a
    1 January 1900 that a system fills in: a list of one week's babies has no such date.
    """
    if not set(fields) >= _NAMES:
        return
    for field in ("birth", *_OWN):
        if field not in fields:
            continue
        counted = (
            f"SELECT {field} AS said, count(DISTINCT family || ' ' || given) AS names FROM list"
            f" WHERE {field} <> '' GROUP BY 1"
        )
        least = f"{_SHARED}"
        if field == "birth":
            least = f"greatest({_SHARED}, {_SHARED} * (SELECT median(names) FROM counted))"
        found = con.execute(
            f"WITH counted AS ({counted}) SELECT said, names FROM counted WHERE names >= {least}"
            " ORDER BY names DESC, said"
        ).fetchall()
        if not found:
            continue
        con.execute(
            f"UPDATE list SET {field} = '' WHERE {field} IN (SELECT unnest(?))",
            [[value for value, _ in found]],
        )
        others = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        say(f"taken as not known: {field} {found[0][0]}, of {found[0][1]:,} names{others}")
