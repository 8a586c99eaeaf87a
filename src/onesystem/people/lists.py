"""Linking lists without a district: the engine on any CSV files, learnt from the lists."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log2
from pathlib import Path
from typing import Any

from onesystem.people import splinking, training
from onesystem.people.charsets import in_utf8
from onesystem.people.clusters import SCORE, Held, Link, resolve
from onesystem.people.columns import guess
from onesystem.people.compare import COMPARISONS
from onesystem.people.dates import ORDERS
from onesystem.people.scorer import Field, Weights
from onesystem.people.tidying import blank_stand_ins, fields_of, tidied
from onesystem.people.weights import SHIPPED, read
from onesystem.vocabulary import BadConfig, nearest

# Where to begin learning for the fields that a district's records do not have.
_START = {
    "house": ((0.85, 0.05, 0.1), (0.015, 0.15, 0.835)),
    "address2": ((0.7, 0.1, 0.05, 0.15), (0.001, 0.002, 0.02, 0.977)),
    "city": ((0.85, 0.07, 0.08), (0.005, 0.003, 0.992)),
    "region": ((0.95, 0.05), (0.25, 0.75)),
    "email": ((0.8, 0.1, 0.1), (0.0001, 0.001, 0.9989)),
}
# Blocking from the widest on: a rule that would make too many pairs is left out, and the narrower
# ones below it do its work.
_RULES = (
    ("number",), ("email",), ("phone",), ("birth",), ("address",), ("postcode", "house"),
    ("family", "given"), ("family", "postcode"), ("given", "postcode"), ("family", "city"),
    ("given", "city"), ("family", "year"), ("given", "year"), ("birth", "family"),
    ("birth", "given"), ("birth", "postcode"), ("family",), ("family", "given", "year"),
)  # fmt: skip
_PAIRS_A_RECORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedLists:
    """What came out. `rows` are (file, id, cluster); clusters count from 1 in order of the rows."""

    rows: Sequence[tuple[str, str, int]]
    pairs: Sequence[tuple[str, str, str, str, float]]  # file, id, file, id, weight
    report: Mapping[str, Any] = field(default_factory=dict)


def link_lists(
    files: Sequence[Path],
    *,
    id_column: str,
    mapping: Mapping[str, str] | None = None,
    dates: Mapping[str, str] | None = None,
    threshold: float = 0.5,
    unique: bool = False,
    truth: str = "",
    engine: str = splinking.DUCKDB,
    say: Callable[[str], None] = lambda _: None,
) -> LinkedLists:
    """Who in these files is the same person, between and within them.

    `threshold` is the probability from which two records are linked; `unique` says that a person
    is in each file at most once; `truth` names a column of known persons to check against.
    `dates` says of a file, or of all under an empty name, whether its dates have the day or the
    month first, where that is not plain from them.
    Raises BadConfig for a file, column or field that is not there, and for unclear dates.
    """
    if not 0 < threshold < 1:
        raise BadConfig(f"the threshold is {threshold}", "It is a probability between 0 and 1.")
    con = splinking.connect()
    orders = _orders(files, dates or {})
    fields = _load(
        con, files, id_column=id_column, mapping=mapping or {}, dates=orders, truth=truth, say=say
    )
    blank_stand_ins(con, fields, say)
    start = _start(fields)
    table = con.execute("SELECT * FROM list").to_arrow_table()
    splinking.prepare(con, "records", table, start, keep=["file"])
    say(f"learning weights from {table.num_rows:,} records")
    weights = training.train(con, "records", start, engine=engine)
    weights = replace(weights, ask=-5.0, link=0.0)
    splinking.prepare(con, "records", table, weights, keep=["file"])
    con.execute("ALTER TABLE records ADD COLUMN year VARCHAR")
    if "birth" in fields:
        con.execute("UPDATE records SET year = substr(birth, 1, 4)")
    rules = _rules(con, set(fields))
    between = "l.file <> r.file" if unique else ""
    found = splinking.scored(con, "records", weights, rules=rules, new=between, engine=engine)
    say(f"{found.num_rows:,} pairs compared that may be alike; joining")
    return _outcome(con, found, fields, weights, threshold=threshold, unique=unique, truth=truth)


def _orders(files: Sequence[Path], dates: Mapping[str, str]) -> list[str]:
    """For each file whether its dates have the day or the month first; empty where unsaid."""
    names = [file.name for file in files]
    for name, order in dates.items():
        if order not in ORDERS:
            raise BadConfig(f"dates cannot have the {order!r} first", nearest(order, ORDERS))
        if name and name not in names:
            raise BadConfig(f"there is no file {name!r} among these", nearest(name, names))
    return [dates.get(name, dates.get("", "")) for name in names]


def _load(
    con: Any, files: Sequence[Path], *, id_column: str, mapping: Mapping[str, str],
    dates: Sequence[str], truth: str, say: Callable[[str], None],
) -> list[str]:  # fmt: skip
    """The table `list`: id (a number from 0), file, key, truth and the fields, tidied."""
    import pyarrow as pa
    import pyarrow.compute as pc

    tables, mapped = [], []
    for file in files:
        given = _read(con, file)
        for column in filter(None, (id_column, truth)):
            if column not in given.column_names:
                raise BadConfig(
                    f"{file.name} has no column {column!r}", nearest(column, given.column_names)
                )
        columns = guess(given.column_names, given=mapping, id_column=id_column)
        columns = {f: c for f, c in columns.items() if c != truth}
        if len(fields_of(columns)) < 2:
            raise BadConfig(
                f"{file.name} has too little to compare by: {', '.join(columns) or 'nothing'}",
                "Name its columns, such as: --map family=COLUMN --map birth=COLUMN",
            )
        say(f"{file.name}: " + ", ".join(f"{f}={c}" for f, c in columns.items()))
        if shared := given.num_rows - pc.count_distinct(given[id_column], mode="all").as_py():
            say(f"{file.name}: rows that share their {id_column} with another, or have none: "
                f"{shared:,}; the rows of the result are in the order of the file")  # fmt: skip
        mapped.append(columns)
        tables.append((file, given))
    fields = [f for f in COMPARISONS if all(f in fields_of(c) for c in mapped)]
    if len(fields) < 2:
        raise BadConfig("the files share too few fields", "Name their columns with --map.")
    # Who has one name has two for the comparison, which looks for swapped ones: one is empty.
    names = {"family", "given"}
    fields = [f for f in COMPARISONS if f in fields or (f in names and names & set(fields))]
    parts = []
    for (file, given), columns, order in zip(tables, mapped, dates, strict=True):
        who = {
            "file": pa.array([file.name] * given.num_rows, pa.string()),
            "key": given[id_column].combine_chunks(),
            "truth": given[truth].combine_chunks()
            if truth
            else pa.nulls(given.num_rows, pa.string()),
        }
        told = tidied(given, columns, fields, file=file.name, dates=order)
        parts.append(pa.table(who | told))
    table = pa.concat_tables(parts)
    con.register("loaded", table)
    con.execute("CREATE TABLE list AS SELECT row_number() OVER () - 1 AS id, * FROM loaded")
    return fields


def _read(con: Any, file: Path) -> Any:
    import duckdb

    if not file.exists():
        raise BadConfig(f"there is no file {file}", "Check the path.")
    # One thread keeps the order of the rows, which the output follows. Nothing is skipped: a line
    # of another length is an error, or the lines before it would be taken for a preamble.
    how = "all_varchar = true, header = true, skip = 0, parallel = false"
    with in_utf8(file) as readable:
        parted = _parted_by(readable)
        how += f", delim = '{parted}'" if parted else ""
        try:
            table = con.execute(f"SELECT * FROM read_csv(?, {how})", [str(readable)])
            table = table.to_arrow_table()
        except duckdb.Error as error:
            what = _odd_line(readable, parted) or str(error).splitlines()[0]
            raise BadConfig(
                f"{file.name} cannot be read as CSV: {what}",
                "Every line has as many values as the first, which names the columns; text is "
                "UTF-8, UTF-16 with its mark, or Windows-1252. gzip is fine.",
            ) from error
    if not table.num_rows:
        raise BadConfig(f"{file.name} has no rows", "Leave it out.")
    return table


def _parted_by(file: Path) -> str:
    """What parts the names in the first line; empty where it is packed or has one name."""
    with file.open("rb") as source:
        first = source.readline(1 << 20)
    if b"\0" in first or first[:2] == b"\x1f\x8b":
        return ""
    most = max((b",", b";", b"\t", b"|"), key=first.count)
    return most.decode() if most in first else ""


def _odd_line(file: Path, parted: str) -> str:
    """The first line with another number of values than the first; empty where none is found."""
    if not parted:
        return ""
    with file.open(encoding="utf-8-sig", newline="") as source:
        lines = csv.reader(source, delimiter=parted)
        try:
            width = len(next(lines))
            for line in lines:
                if line and len(line) != width:
                    return f"line {lines.line_num} has {len(line)} values, the first has {width}"
        except (csv.Error, StopIteration):
            pass
    return ""


def _start(fields: Sequence[str]) -> Weights:
    shipped = read(SHIPPED)
    found = {}
    for name in fields:
        if name in shipped.fields:
            found[name] = shipped.fields[name]
            continue
        m, u = _START[name]
        counted = {} if COMPARISONS[name].counted else None
        found[name] = Field(m=m, u=u, frequencies=counted, rare=1e-4)
    return replace(shipped, fields=found, prior=1e-4)


def _rules(con: Any, fields: set[str]) -> list[str]:
    """The blocking rules that these lists can afford."""
    has = fields | ({"year"} if "birth" in fields else set())
    count = con.execute("SELECT count(*) FROM records").fetchone()[0]
    chosen = []
    for rule in _RULES:
        if not set(rule) <= has:
            continue
        known = " AND ".join(f"{f} IS NOT NULL" for f in rule)
        sql = (
            "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM records"
            f" WHERE {known} GROUP BY {', '.join(rule)})"
        )
        if con.execute(sql).fetchone()[0] <= count * _PAIRS_A_RECORD:
            chosen.append(" AND ".join(f"l.{f} = r.{f}" for f in rule))
    if not chosen:
        raise BadConfig(
            "every field has too few distinct values to find pairs by",
            "Name a telling column, such as: --map birth=COLUMN",
        )
    return chosen


def _outcome(
    con: Any, found: Any, fields: Sequence[str], weights: Weights, *, threshold: float,
    unique: bool, truth: str,
) -> LinkedLists:  # fmt: skip
    least = log2(threshold / (1 - threshold))
    rows = con.execute("SELECT id, file, key FROM list ORDER BY id").fetchall()
    keys = {row[0]: row[1:] for row in rows}
    links = [
        Link(a, b, SCORE, weight)
        for a, b, weight in zip(*(found[n].to_pylist() for n in ("a", "b", "weight")), strict=True)
        if weight >= least
    ]
    # Two records of one file are two persons: the same rule as two numbers of one scheme.
    held = {r[0]: Held(frozenset({(r[1], str(r[0]))})) for r in rows} if unique else {}
    result = resolve(links, held=held, keys={i: (*k, i) for i, k in keys.items()})
    cluster = {i: i for i in keys}
    for group in result.groups:
        cluster.update(dict.fromkeys(group, group[0]))
    numbered: dict[int, int] = {}
    for i in keys:
        numbered.setdefault(cluster[i], len(numbered) + 1)
    cut = set(result.cut)
    kept = [link for link in links if link not in cut]
    report = _report(
        con, fields, weights, links=kept, found=found, least=least, sizes=result.groups
    )
    report |= {"records": len(rows), "persons": len(numbered), "cut": len(cut)}
    if truth:
        report["truth"] = _against_truth(con, cluster)
    return LinkedLists(
        rows=[(*keys[i], numbered[cluster[i]]) for i in keys],
        pairs=[(*keys[k.a], *keys[k.b], k.weight) for k in kept],
        report=report,
    )


def _report(
    con: Any, fields: Sequence[str], weights: Weights, *, links: Sequence[Link], found: Any,
    least: float, sizes: Sequence[Sequence[int]],
) -> dict[str, Any]:  # fmt: skip
    """How good it is likely to be, judged from the weights themselves."""
    count = con.execute("SELECT count(*) FROM list").fetchone()[0]
    filled = {
        name: con.execute(f"SELECT count(*) FROM list WHERE {name} <> ''").fetchone()[0] / count
        for name in fields
    }
    chance = [1 / (1 + 2 ** -min(w, 60.0)) for w in found["weight"].to_pylist() if w < least]
    wrong = sum(1 / (1 + 2 ** min(k.weight, 60.0)) for k in links)
    right = len(links) - wrong
    return {
        "fields": filled,
        "links": len(links),
        "doubtful": sum(1 for k in links if k.weight < least + 3),
        "largest": max((len(group) for group in sizes), default=1),
        "expected_precision": right / len(links) if links else None,
        "expected_recall_among_compared": right / (right + sum(chance)) if links else None,
        "prior": weights.prior,
        "weights": {
            name: [round(log2(m / u), 2) for m, u in zip(f.m, f.u, strict=True)]
            for name, f in weights.fields.items()
        },
    }


def _against_truth(con: Any, cluster: Mapping[int, int]) -> dict[str, float]:
    """Pairs of the clusters against pairs of the truth column."""
    truth = dict(con.execute("SELECT id, truth FROM list").fetchall())
    return pair_scores(cluster, truth)


def pair_scores(cluster: Mapping[Any, Any], truth: Mapping[Any, Any]) -> dict[str, float]:
    """Precision, recall and F1 over all pairs of records that are in one cluster."""

    def pairs(groups: Mapping[Any, int]) -> int:
        return sum(n * (n - 1) // 2 for n in groups.values())

    found: dict[Any, int] = {}
    real: dict[Any, int] = {}
    both: dict[Any, int] = {}
    for each, group in cluster.items():
        found[group] = found.get(group, 0) + 1
        real[truth[each]] = real.get(truth[each], 0) + 1
        both[group, truth[each]] = both.get((group, truth[each]), 0) + 1
    right = pairs(both)
    precision = right / max(pairs(found), 1)
    recall = right / max(pairs(real), 1)
    f1 = 2 * right / max(pairs(found) + pairs(real), 1)
    return {"precision": precision, "recall": recall, "f1": f1}
