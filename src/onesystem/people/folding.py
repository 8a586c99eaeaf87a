"""The fold of an extract's people, in columns: cleaned text, keys, check digits, digests.

It says the same as `described` and `names` do for one person; a test holds them together. Values
that are not plain ASCII are few, so Python folds each distinct one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onesystem.people import keying
from onesystem.people.described import clean
from onesystem.people.names import family_key, fold, given_key, postcode_key
from onesystem.people.store import NATIONAL
from onesystem.vocabulary import CheckState, Identifier, tidy

_TEXTS = ("family", "given", "address", "postcode", "phone", "practice")
_SAID = ("birth", "sex", "address", "postcode", "phone", "practice", "died")
_FIELD, _CELL = "\x1f", "\x1d"
_FOLDS: dict[str, tuple[Callable[[Any], Any], Callable[[str], str]]] = {
    "family": (keying.family_keys, family_key),
    "given": (keying.given_keys, given_key),
    "address": (keying.address_keys, fold),
    "postcode": (keying.postcode_keys, postcode_key),
}


def fold_table(table: pa.Table, at: int) -> pa.Table:
    """Each row's texts, keys, number, time and digest; rows without a subject left out.

    Columns: subject, family, given, birth, sex, address, postcode, phone, practice, died, scheme,
    number, verified, checked, compared, their `_key`s, seen, text, digest.
    """
    table = table.filter(pc.is_valid(table["subject"])).combine_chunks()
    rows: dict[str, Any] = {"subject": _flat(table["subject"].cast(pa.string()))}
    for name in _TEXTS:
        rows |= _cleaned(name, _text(table, name))
    rows["phone_key"] = keying.phone_keys(rows["phone"])
    rows["sex"] = _text(table, "sex")
    rows["birth"], rows["died"] = _date(table, "birth_date"), _date(table, "died")
    rows |= _number(table)
    rows["seen"] = _seen(table, at)
    rows["text"] = _said(rows)
    rows["digest"] = _digests(rows["text"])
    return pa.table(rows)


def _flat(column: Any) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        return whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    return whole


def _text(table: pa.Table, name: str) -> pa.Array:
    """A column of text, trimmed, never null; empty where the extract lacks it."""
    if name not in table.column_names:
        return pa.repeat(pa.scalar(""), table.num_rows)
    return pc.ascii_trim(pc.fill_null(_flat(table[name].cast(pa.string())), ""), " ")


def _cleaned(name: str, said: pa.Array) -> dict[str, pa.Array]:
    """The column without control characters, and its key where it has one."""
    keys, key_of = _FOLDS.get(name, (None, None))
    odd = keying.not_plain(said)
    if not odd.any():
        return {name: said, **({f"{name}_key": keys(said)} if keys else {})}
    coded = said.filter(pa.array(odd)).dictionary_encode()
    tidied = [clean(value).strip() for value in coded.dictionary.to_pylist()]
    put = _put(said, odd, coded, tidied)
    if keys is None or key_of is None:
        return {name: put}
    plain = keys(_put(said, odd, coded, [""] * len(tidied)))
    return {name: put, f"{name}_key": _put(plain, odd, coded, [key_of(v) for v in tidied])}


def _put(values: pa.Array, where: Any, coded: pa.DictionaryArray, instead: list[str]) -> pa.Array:
    """The values, with those at `where` replaced by what each code stands for."""
    new = pa.array(instead, pa.string()).take(coded.indices)
    return _flat(pc.replace_with_mask(values, pa.array(where), new))


def _date(table: pa.Table, name: str) -> pa.Array:
    """A date as ISO text, empty where there is none or it is no date."""
    if name not in table.column_names:
        return pa.repeat(pa.scalar(""), table.num_rows)
    column = table[name]
    if not pa.types.is_date32(column.type):
        column = _duck("TRY_CAST(x AS DATE)", column)
    return _flat(pc.fill_null(column.cast(pa.string()), ""))


def _duck(expression: str, column: Any) -> Any:
    """DuckDB's word on each `x` of a column, in order."""
    import duckdb

    con = duckdb.connect(config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    con.register("given", pa.table({"x": column}))
    try:
        return con.execute(f"SELECT {expression} AS y FROM given").to_arrow_table()["y"]
    finally:
        con.close()


def _seen(table: pa.Table, at: int) -> pa.Array:
    """When it was so, in microseconds."""
    if "at" not in table.column_names:
        return pa.repeat(pa.scalar(at, pa.int64()), table.num_rows)
    moments = _duck("epoch_us(CAST(x AS TIMESTAMPTZ))", table["at"])
    return _flat(pc.fill_null(moments.cast(pa.int64()), at))


def _number(table: pa.Table) -> dict[str, pa.Array]:
    """The number tidied as its scheme wants it, what its check digit says, and whether verified."""
    scheme, said = _text(table, "number_scheme"), _text(table, "number")
    kinds = pc.unique(scheme).to_pylist()
    national = pc.is_in(scheme, value_set=pa.array(NATIONAL))
    number = said
    if set(kinds) & set(NATIONAL):
        number = pc.if_else(national, keying.without(said, " -"), said)
    odd = keying.not_plain(said)
    if odd.any():
        pairs = zip(
            scheme.filter(pa.array(odd)).to_pylist(),
            said.filter(pa.array(odd)).to_pylist(),
            strict=True,
        )
        tidied = pa.array([clean(tidy(s, clean(v).strip())) for s, v in pairs], pa.string())
        number = _flat(pc.replace_with_mask(number, pa.array(odd), tidied))
    checked = _checked(scheme, number, kinds)
    verified = pa.repeat(pa.scalar(0), table.num_rows)
    if "number_verified" in table.column_names:
        verified = pc.fill_null(_flat(table["number_verified"]), False).cast(pa.int64())
    passes = pc.equal(checked, str(CheckState.PASSES))
    return {
        "scheme": scheme, "number": number, "verified": verified, "checked": checked,
        "compared": pc.if_else(passes, number, ""),
    }  # fmt: skip


def _checked(scheme: pa.Array, number: pa.Array, kinds: list[str]) -> pa.Array:
    """What the check digit of each number says, empty where there is no number."""
    words = pa.array([str(CheckState.NONE), str(CheckState.FAILS), str(CheckState.PASSES), ""])
    codes = np.zeros(len(number), np.int32)
    if "nhs" in kinds:
        codes = np.where(_is(scheme, "nhs"), 1 + keying.passes_nhs(number), codes)
    if "nhi" in kinds:
        mine = _is(scheme, "nhi")
        coded = number.filter(pa.array(mine)).dictionary_encode()
        states = [str(Identifier("nhi", value).check) for value in coded.dictionary.to_pylist()]
        found = pc.index_in(pa.array(states, pa.string()), value_set=words)
        codes[mine] = found.take(coded.indices).to_numpy(zero_copy_only=False)
    codes[_is(number, "")] = 3
    return words.take(pa.array(codes))


def _is(values: pa.Array, word: str) -> Any:
    return pc.equal(values, word).to_numpy(zero_copy_only=False)


def _said(rows: dict[str, pa.Array]) -> pa.Array:
    """`Description.text` of each row."""
    verified = pc.if_else(pc.equal(rows["verified"], 1), "1", "0")
    cell = pc.binary_join_element_wise(rows["scheme"], rows["number"], verified, "0", _CELL)
    numbers = pc.if_else(pc.equal(rows["number"], ""), "", cell)
    return _flat(
        pc.binary_join_element_wise(
            rows["family"], rows["given"], "", *(rows[name] for name in _SAID), "0", numbers, _FIELD
        )
    )


def _digests(texts: pa.Array) -> pa.Array:
    """`described.digest_of` of each text."""
    return _flat(_duck("CAST(md5_number_lower(x) >> 1 AS BIGINT)", texts))
