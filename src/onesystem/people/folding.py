"""The fold of an extract's people, in DuckDB: cleaned text, keys, check digits, digests.

It says the same as `described` and `names` do for one person; a test holds them together. Values
that are not plain ASCII are few, so Python folds each distinct one and DuckDB looks it up.
"""

from collections.abc import Sequence
from typing import Any

from onesystem.people.described import clean
from onesystem.people.names import family_key, fold, given_key, postcode_key
from onesystem.people.splinking import connect
from onesystem.vocabulary import Identifier, tidy

_TEXTS = ("family", "given", "address", "postcode", "phone", "practice", "sex", "number_scheme",
          "number")  # fmt: skip
_ODD = ("family", "given", "address", "postcode", "phone", "practice")
_PLAIN = "[ -~]*"


def fold_table(table: Any, at: int) -> Any:
    """A DuckDB with the table `folded`: each row's texts, keys, number and digest."""
    con = connect()
    con.register("given_rows", table)
    con.execute(f"CREATE TABLE rows AS SELECT {', '.join(_picked(table, at))} FROM given_rows"
                " WHERE subject IS NOT NULL")  # fmt: skip
    keys = _replace_odd(con)
    _check_others(con)
    con.execute(
        f"CREATE TABLE folded AS SELECT * EXCLUDE (number_scheme, digits, {keys}),"
        f" CAST(md5_number_lower({TEXT}) >> 1 AS BIGINT) AS digest,"
        " CASE WHEN checked = 'passes' THEN number ELSE '' END AS compared"
        f" FROM (SELECT *, number_scheme AS scheme, {_CHECKED} AS checked"
        f" FROM (SELECT *, {_DIGITS} AS digits"
        f" FROM (SELECT * REPLACE ({_TIDIED} AS number), {_KEYS} FROM rows)))"
    )
    con.execute("DROP TABLE rows")
    return con


def _picked(table: Any, at: int) -> list[str]:
    """Every column that the fold reads; those that the extract lacks are empty."""
    has = set(table.column_names)
    picked = ["CAST(subject AS VARCHAR) AS subject"]
    picked += [
        f"coalesce(trim(CAST({name} AS VARCHAR)), '') AS {name}" if name in has
        else f"'' AS {name}"
        for name in _TEXTS
    ]  # fmt: skip
    for name, column in (("birth_date", "birth"), ("died", "died")):
        picked.append(
            f"coalesce(CAST(TRY_CAST({name} AS DATE) AS VARCHAR), '') AS {column}" if name in has
            else f"'' AS {column}"
        )  # fmt: skip
    verified = "coalesce(number_verified, false)" if "number_verified" in has else "false"
    picked.append(f"CAST({verified} AS INTEGER) AS verified")
    seen = f"coalesce(epoch_us(CAST(at AS TIMESTAMPTZ)), {at})" if "at" in has else str(at)
    picked.append(f"{seen} AS seen")
    return picked


def _replace_odd(con: Any) -> str:
    """Look values up that are not plain: cleaned, and their keys. Gives the columns of the keys."""
    values = " UNION ".join(
        f"SELECT {name} AS value FROM rows WHERE NOT regexp_full_match({name}, '{_PLAIN}')"
        for name in (*_ODD, "number")
    )
    odd = [row[0] for row in con.execute(values).fetchall()]
    names = ("family", "given", "address", "postcode")
    if odd:
        _table(
            con,
            "odd",
            ("value", "plain", "address", "family", "given", "postcode"),
            [
                (v, c := clean(v).strip(), fold(c), family_key(c), given_key(c), postcode_key(c))
                for v in odd
            ],
        )
        lookups = "".join(
            f" LEFT JOIN odd o_{n} ON rows.{n} = o_{n}.value" for n in (*_ODD, "number")
        )
        plain = ", ".join(f"coalesce(o_{n}.plain, rows.{n}) AS {n}" for n in (*_ODD, "number"))
        keys = ", ".join(f"o_{n}.{n} AS odd_{n}" for n in names)
        con.execute(
            f"CREATE TABLE seen_rows AS SELECT rows.* REPLACE ({plain}), {keys} FROM rows{lookups}"
        )
        con.execute("DROP TABLE rows")
        con.execute("ALTER TABLE seen_rows RENAME TO rows")
    else:
        for n in names:
            con.execute(f"ALTER TABLE rows ADD COLUMN odd_{n} VARCHAR")
    return ", ".join(f"odd_{n}" for n in names)


_BARE = "lower(translate({0}, '''`', ''))"
_KEYS = (
    "coalesce(odd_family, regexp_replace(" + _BARE.format("family") + ", '[^a-z0-9]', '', 'g'))"
    " AS family_key,"
    " coalesce(odd_given, regexp_extract(" + _BARE.format("given") + ", '[a-z0-9]+'))"
    " AS given_key,"
    " coalesce(odd_address, trim(regexp_replace(" + _BARE.format("address") + ", '[^a-z0-9]+',"
    " ' ', 'g'))) AS address_key,"
    " coalesce(odd_postcode, upper(replace(postcode, ' ', ''))) AS postcode_key,"
    " CASE WHEN length(regexp_replace(phone, '[^0-9]', '', 'g')) >= 6"
    " THEN right(regexp_replace(phone, '[^0-9]', '', 'g'), 9) ELSE '' END AS phone_key"
)
TEXT = (
    "concat_ws(chr(31), family, given, '', birth, sex, address, postcode, phone, practice, died,"
    " '0', CASE WHEN number = '' THEN '' ELSE"
    " concat_ws(chr(29), scheme, number, CAST(verified AS VARCHAR), '0') END)"
)
_TIDIED = (
    "CASE WHEN number_scheme IN ('nhs', 'nhi') THEN upper(translate(number, ' -', ''))"
    " ELSE number END"
)
# The ten digits of a number, each times its place from the right: the check digit makes it a
# multiple of eleven. On whole numbers this costs half of what it does on text.
_DIGITS = "CASE WHEN regexp_full_match(number, '[0-9]{10}') THEN CAST(number AS BIGINT) END"
_SUM = " + ".join(f"digits // {10**i} % 10 * {i + 1}" for i in range(10))
# The rule of vocabulary.passes_nhs; other schemes with a check digit are looked up.
_CHECKED = (
    "CASE WHEN number = '' THEN '' WHEN number_scheme = 'nhs' THEN"
    f" CASE WHEN digits % 1111111111 <> 0 AND ({_SUM}) % 11 = 0 THEN 'passes' ELSE 'fails' END"
    " ELSE coalesce((SELECT any_value(o.checked) FROM others o WHERE o.value = number"
    " AND o.scheme = number_scheme), 'none') END"
)


def _check_others(con: Any) -> None:
    """Numbers of other schemes that have a check digit, each checked once by the usual code."""
    distinct = con.execute(
        f"SELECT DISTINCT number_scheme, {_TIDIED} FROM rows WHERE number_scheme = 'nhi'"
    ).fetchall()
    _table(
        con,
        "others",
        ("scheme", "value", "checked"),
        [(s, v, str(Identifier(s, tidy(s, v)).check)) for s, v in distinct],
    )


def _table(con: Any, name: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A table of text. Through Arrow: DuckDB inserts single rows a hundred times slower."""
    import pyarrow as pa

    texts = {c: pa.array([line[i] for line in lines], pa.string()) for i, c in enumerate(columns)}
    con.register("lines", pa.table(texts))
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM lines")
    con.unregister("lines")
