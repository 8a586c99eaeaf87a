"""The fold of an extract's people, in DuckDB: cleaned text, keys, check digits, digests.

It says the same as `described` and `names` do for one person; a test holds them together. Values
that are not plain ASCII are few, so Python folds each distinct one and DuckDB looks it up.
"""

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
    """A DuckDB with the table `folded`, one row per subject and distinct thing said of it."""
    con = connect()
    con.register("given_rows", table)
    con.execute(f"CREATE TABLE rows AS SELECT {', '.join(_picked(table, at))} FROM given_rows"
                " WHERE subject IS NOT NULL")  # fmt: skip
    _replace_odd(con)
    con.execute(f"CREATE TABLE keyed AS SELECT *, {_KEYS} FROM rows")
    con.execute("DROP TABLE rows")
    _check_numbers(con)
    con.execute(
        f"CREATE TABLE folded AS SELECT *, CAST(md5_number_lower(text) >> 1 AS BIGINT) AS digest"
        f" FROM (SELECT *, {_TEXT} AS text FROM checked_rows)"
    )
    con.execute("DROP TABLE checked_rows")
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


def _replace_odd(con: Any) -> None:
    """Look values up that are not plain: cleaned, and their keys."""
    values = " UNION ".join(
        f"SELECT {name} AS value FROM rows WHERE NOT regexp_full_match({name}, '{_PLAIN}')"
        for name in (*_ODD, "number")
    )
    odd = [row[0] for row in con.execute(values).fetchall()]
    con.execute("CREATE TABLE odd (value VARCHAR, plain VARCHAR, folded VARCHAR, family VARCHAR,"
                " given VARCHAR, postcode VARCHAR)")  # fmt: skip
    if odd:
        con.executemany(
            "INSERT INTO odd VALUES (?, ?, ?, ?, ?, ?)",
            [
                (v, c := clean(v).strip(), fold(c), family_key(c), given_key(c), postcode_key(c))
                for v in odd
            ],
        )
    lookups = "".join(
        f" LEFT JOIN odd odd_{n} ON rows.{n} = odd_{n}.value" for n in (*_ODD, "number")
    )
    replaced = ", ".join(f"coalesce(odd_{n}.plain, rows.{n}) AS {n}" for n in (*_ODD, "number"))
    keys = (
        "odd_family.family AS odd_family, odd_given.given AS odd_given,"
        " odd_address.folded AS odd_address, odd_postcode.postcode AS odd_postcode"
    )
    if not odd:
        keys = ", ".join(
            f"CAST(NULL AS VARCHAR) AS odd_{n}" for n in ("family", "given", "address", "postcode")
        )
        con.execute(f"CREATE TABLE seen_rows AS SELECT *, {keys} FROM rows")
    else:
        con.execute(
            f"CREATE TABLE seen_rows AS SELECT rows.* REPLACE ({replaced}), {keys}"
            f" FROM rows{lookups}"
        )
    con.execute("DROP TABLE rows")
    con.execute("ALTER TABLE seen_rows RENAME TO rows")


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
_TEXT = (
    "concat_ws(chr(31), family, given, '', birth, sex, address, postcode, phone, practice, died,"
    " '0', CASE WHEN number = '' THEN '' ELSE"
    " concat_ws(chr(29), scheme, number, CAST(verified AS VARCHAR), '0') END)"
)


def _check_numbers(con: Any) -> None:
    """Each distinct number tidied and checked once, by the same code as everywhere."""
    import pyarrow as pa

    distinct = con.execute(
        "SELECT DISTINCT number_scheme, number FROM keyed WHERE number <> ''"
    ).fetchall()
    schemes, values, tidied, checks = [], [], [], []
    for scheme, value in distinct:
        number = Identifier(scheme, clean(tidy(scheme, value)))
        schemes.append(scheme)
        values.append(value)
        tidied.append(number.value)
        checks.append(str(number.check))
    checked = pa.table(
        {
            "scheme": pa.array(schemes, pa.string()),
            "value": pa.array(values, pa.string()),
            "tidied": pa.array(tidied, pa.string()),
            "checked": pa.array(checks, pa.string()),
        }
    )
    con.register("checks", checked)
    con.execute(
        "CREATE TABLE checked_rows AS SELECT k.* EXCLUDE (number, number_scheme),"
        " coalesce(c.tidied, '') AS number, k.number_scheme AS scheme,"
        " coalesce(c.checked, '') AS checked,"
        " CASE WHEN c.checked = 'passes' THEN c.tidied ELSE '' END AS compared"
        " FROM keyed k LEFT JOIN checks c ON k.number_scheme = c.scheme AND k.number = c.value"
    )
    con.execute("DROP TABLE keyed")
    con.unregister("checks")
