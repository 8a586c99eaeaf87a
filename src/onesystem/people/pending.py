"""Linking what bulk loads left waiting: one by one when little, with Splink when much."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from onesystem.district import folder
from onesystem.people import settling, splinking, store, training
from onesystem.people.compare import DISTRICT_FIELDS
from onesystem.people.decide import decide
from onesystem.people.linking import link_changed
from onesystem.people.scorer import Scorer, Weights
from onesystem.people.weights import SHIPPED, read, scorer_for, write
from onesystem.vocabulary import UserError

_ONE_BY_ONE = 3000  # below this the live path costs less than reading the whole index
_LEAST_TO_LEARN = 5000
Progress = Callable[[str], None]
Run = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a run of `link_pending` did."""

    identities: int = 0  # that had waited
    pairs: int = 0  # found alike
    moved: int = 0  # identities that now belong to another person

    def as_dict(self) -> dict[str, int]:
        """As counts by name."""
        return asdict(self)


def mark_pending(ids: Iterable[int]) -> None:
    """Let these identities wait for `link_pending`."""
    store.many(
        "INSERT INTO people_pending (first, last) VALUES (%s, %s)", list(_runs(sorted(set(ids))))
    )


def _runs(ids: Sequence[int]) -> Iterable[Run]:
    start = 0
    for i in range(1, len(ids) + 1):
        if i == len(ids) or ids[i] != ids[i - 1] + 1:
            yield ids[start], ids[i - 1]
            start = i


def link_pending(progress: Progress | None = None, *, engine: str = splinking.DUCKDB) -> Linked:
    """Link all identities that wait. Safe to call at any time; again does nothing."""
    say = progress or (lambda _: None)
    with transaction.atomic(savepoint=False):
        runs: list[Run] = store.rows("SELECT first, last FROM people_pending")  # type: ignore[assignment]
        waiting = sum(last - first + 1 for first, last in runs)
        if not waiting:
            return Linked()
        store.lock_map()
        scorer, at = scorer_for(folder()), store.now()
        if waiting <= _ONE_BY_ONE and engine == splinking.DUCKDB:
            ids = {i for first, last in runs for i in range(first, last + 1)}
            moved, found = link_changed(ids, scorer=scorer, at=at), 0
        else:
            say(f"linking {waiting:,} identities")
            found = _find_pairs(runs, scorer, say, engine)
            say(f"{found:,} pairs alike; settling who is one person")
            moved = settling.settle_all(at=at)
        store.run("DELETE FROM people_pending")
    return Linked(identities=waiting, pairs=found, moved=moved)


def relink_all() -> None:
    """Let every identity wait again, as after new weights or a replay."""
    last = store.rows("SELECT max(id) FROM people_identity")[0][0]
    store.run("DELETE FROM people_pending")
    if last:
        store.run("INSERT INTO people_pending (first, last) VALUES (1, %s)", [last])


def _find_pairs(runs: Sequence[Run], scorer: Scorer, say: Progress, engine: str) -> int:
    import pyarrow as pa

    con = splinking.connect()
    table = every_record()
    say(f"comparing among {table.num_rows:,} records")
    con.register("runs", pa.table({"first": [r[0] for r in runs], "last": [r[1] for r in runs]}))
    con.register("every", table)
    marked = con.execute(
        "SELECT e.*, coalesce(e.id <= r.last, false) AS fresh"
        " FROM every e ASOF LEFT JOIN runs r ON e.id >= r.first"
    ).to_arrow_table()
    splinking.prepare(con, "records", marked, scorer.weights, keep=["fresh"])
    new = con.execute("SELECT count(*) FILTER (NOT fresh) FROM records").fetchone()[0]
    found = splinking.pairs(
        con, "records", scorer.weights, new="l.fresh OR r.fresh" if new else "", engine=engine
    )
    con.register("found", found)
    _forget_pairs(runs)
    lines = con.execute("SELECT a, b, state, rule, weight FROM found ORDER BY a, b")
    count = 0
    while rows := lines.fetchmany(20_000):
        _write_pairs(rows)
        count += len(rows)
    return count + _by_other_numbers(runs, scorer)


_COLUMNS = (
    "id", "family_key", "given_key", "birth_date", "sex", "postcode_key", "address_key",
    "phone_key", "number",
)  # fmt: skip
_SPAN = 20_000


def every_record() -> Any:
    """All records as the scorer compares them, as an Arrow table.

    The database joins each column of a span of ids into one text, and Arrow takes it apart: a
    value then costs a tenth of what it costs as an object of Python.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = ("id", *DISTRICT_FIELDS)
    text = (
        "string_agg({0}::text, chr(31) ORDER BY id)"
        if connection.vendor == "postgresql"
        else "group_concat({0}, char(31))"
    )
    joined = ", ".join(text.format(column) for column in _COLUMNS)
    sql = f"SELECT {joined} FROM people_identity WHERE id BETWEEN %s AND %s AND texts > 0"
    last = store.rows("SELECT max(id) FROM people_identity")[0][0] or 0
    parts = []
    for first in range(1, last + 1, _SPAN):
        columns = store.rows(sql, [first, first + _SPAN - 1])[0]
        if columns[0] is not None:
            split = [pc.split_pattern(pa.array([c]), "\x1f").flatten() for c in columns]
            parts.append(pa.table([split[0].cast(pa.int64()), *split[1:]], names=names))
    empty = pa.table({n: pa.array([], pa.string() if n != "id" else pa.int64()) for n in names})
    return pa.concat_tables(parts) if parts else empty


def _forget_pairs(runs: Sequence[Run]) -> None:
    for first, last in runs:
        store.run(
            "DELETE FROM people_pair WHERE a BETWEEN %s AND %s OR b BETWEEN %s AND %s",
            [first, last, first, last],
        )


def _write_pairs(rows: Sequence[Any]) -> None:
    store.many(
        "INSERT INTO people_pair (a, b, state, rule, weight) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (a, b) DO UPDATE SET state = excluded.state, rule = excluded.rule,"
        " weight = excluded.weight",
        rows,
    )


def _by_other_numbers(runs: Sequence[Run], scorer: Scorer) -> int:
    """Pairs by a national number that is not the one compared: superseded, or a second one."""
    sql = (
        "SELECT i.id, o.identity FROM people_number n JOIN people_identity i ON i.id = n.identity"
        " JOIN people_number o ON o.value = n.value AND o.scheme = n.scheme"
        " AND o.identity <> n.identity AND o.current = 1"
        f" WHERE n.scheme IN ({store.marks(store.NATIONAL)}) AND n.checked = 'passes'"
        " AND n.current = 1 AND n.value <> i.number"
    )
    pairs = {
        (min(pair), max(pair))
        for pair in store.rows(sql, store.NATIONAL)
        if any(first <= each <= last for each in pair for first, last in runs)
    }
    records = store.records({each for pair in pairs for each in pair})
    lines = []
    for a, b in sorted(pairs):
        verdict = decide(scorer, records[a], records[b], shares_number=True)
        if verdict:
            lines.append((a, b, verdict.state, verdict.rule, verdict.weight))
    _write_pairs(lines)
    return len(lines)


def train_district(path: Path, *, by: Any) -> tuple[Path, Weights]:
    """Learn weights from all records of the district and keep them with it.

    Raises UserError where there are too few to learn from. Nothing is linked anew.
    """
    from onesystem.access import record, require

    require(by, "people.merge")
    table = every_record()
    if table.num_rows < _LEAST_TO_LEARN:
        raise UserError(
            f"{table.num_rows:,} records are too few to learn from",
            f"Go on with the weights that are shipped until there are {_LEAST_TO_LEARN:,}.",
        )
    con = splinking.connect()
    start = read(SHIPPED)
    splinking.prepare(con, "records", table, start)
    weights = training.train(con, "records", start)
    kept = write(
        weights,
        path,
        trained={"at": store.moment(store.now()).isoformat(), "records": table.num_rows,
                 "how": "random pairs and expectation maximisation, Splink 5"},
    )  # fmt: skip
    record(by=by, act="linkage.trained", what=kept.name, detail={"records": table.num_rows})
    return kept, weights
