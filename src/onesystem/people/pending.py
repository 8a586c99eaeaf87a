"""Linking what bulk loads left waiting: one by one when little, all at once when much."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from onesystem.district import folder
from onesystem.people import (
    blocking,
    crowds,
    loading,
    settling,
    spans,
    splinking,
    store,
    sweep,
    training,
)
from onesystem.people.blocking import Block
from onesystem.people.decide import decide
from onesystem.people.linking import link_changed
from onesystem.people.scorer import Scorer, Weights
from onesystem.people.waiting import Run
from onesystem.people.waiting import runs as runs_of
from onesystem.people.weights import SHIPPED, read, scorer_for, write
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros

OWN = "own"  # our own comparing; Splink on DuckDB or Spark finds the same pairs
_ONE_BY_ONE = 3000  # below this the live path costs less than reading the whole index
_LEAST_TO_LEARN = 5000
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a run of `link_pending` did."""

    identities: int = 0  # that had waited
    pairs: int = 0  # found alike
    moved: int = 0  # identities that now belong to another person

    def as_dict(self) -> dict[str, int]:
        """As counts by name."""
        return asdict(self)


def link_pending(progress: Progress | None = None, *, engine: str = OWN) -> Linked:
    """Link all identities that wait. Safe to call at any time; again does nothing."""
    say = progress or (lambda _: None)
    with transaction.atomic(savepoint=False):
        crowds.let_go()
        runs: list[Run] = store.rows("SELECT first, last FROM people_pending")  # type: ignore[assignment]
        waiting = sum(last - first + 1 for first, last in runs)
        if not waiting and not crowds.waits():
            return Linked()
        store.lock_map()
        scorer, at = scorer_for(folder()), store.now()
        if waiting <= _ONE_BY_ONE and engine == OWN:
            ids = {i for first, last in runs for i in range(first, last + 1)}
            moved, found = link_changed(ids, scorer=scorer, at=at), 0
            if crowds.waits():
                say("settling a crowd that likeness led to")
                moved += settling.settle_all(at=at)
        else:
            say(f"linking {waiting:,} identities")
            found = _find_pairs(runs, scorer, say, engine, at)
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


def _find_pairs(runs: Sequence[Run], scorer: Scorer, say: Progress, engine: str, at: int) -> int:
    table = every_record()
    say(f"comparing among {table.num_rows:,} records")
    compared = partial(_compared, table, scorer, engine)
    found, seen = compared(runs)
    if more := crowds.note(seen, at=at):
        say(f"{len(seen):,} crowds of more than {blocking.MOST}, kept to be looked at")
        runs = [*runs, *runs_of(sorted(more))]  # who was compared by these rules before
        found, _ = compared(runs)
    _forget_pairs(runs)
    _write_pairs(found)
    return int(found.num_rows) + _by_other_numbers(runs, scorer)


def _fresh(ids: Any, runs: Sequence[Run]) -> Any:
    """Whether each identity waits, as a numpy array."""
    import numpy as np

    first, last = np.array(sorted(runs)).T
    run = np.searchsorted(first, ids, "right") - 1
    return (run >= 0) & (ids <= np.maximum.accumulate(last)[run])  # a run may lie in another


def _compared(
    table: Any, scorer: Scorer, engine: str, runs: Sequence[Run]
) -> tuple[Any, Collection[Block]]:
    """The pairs with one of a run, and the crowds there are."""
    fresh = _fresh(table["id"].to_numpy(), runs)
    if engine == OWN:
        return sweep.swept(table, scorer, fresh=None if fresh.all() else fresh)
    return _by_splink(table, fresh, scorer, engine)


def _by_splink(
    table: Any, fresh: Any, scorer: Scorer, engine: str
) -> tuple[Any, Collection[Block]]:
    """The same by Splink, which is told of each rule whom it must not join."""
    import numpy as np
    import pyarrow as pa

    seen, con = sweep.crowds_in(table, scorer), splinking.connect()
    marked, keep = table.append_column("fresh", pa.array(fresh)), ["fresh"]
    ids, rules = table["id"].to_numpy(), splinking.pair_rules(scorer.weights.fields)
    for i, rule in enumerate(blocking.RULES, len(rules) - len(blocking.RULES)):
        crowded = [members for (of, _), members in seen.items() if of == rule]
        if crowded:
            marked = marked.append_column(
                f"crowd{i}", pa.array(np.isin(ids, np.concatenate(crowded)))
            )
            keep.append(f"crowd{i}")
            rules[i] += f" AND NOT l.crowd{i}"
    splinking.prepare(con, "records", marked, scorer.weights, keep=keep)
    new = "" if fresh.all() else "l.fresh OR r.fresh"
    found = splinking.pairs(con, "records", scorer.weights, rules=rules, new=new, engine=engine)
    return sweep.in_doubt(found, seen), seen


_COLUMNS = {
    "id": "id", "family": "family_key", "given": "given_key", "birth": "birth_date", "sex": "sex",
    "postcode": "postcode_key", "address": "address_key", "phone": "phone_key", "number": "number",
}  # fmt: skip


def every_record() -> Any:
    """All records as the scorer compares them, as an Arrow table in order of id."""
    return spans.read(
        "people_identity", _COLUMNS, key="id", kinds={"id": "int64"}, where="texts > 0"
    )


def _forget_pairs(runs: Sequence[Run]) -> None:
    for first, last in runs:
        store.run(
            "DELETE FROM people_pair WHERE a BETWEEN %s AND %s OR b BETWEEN %s AND %s",
            [first, last, first, last],
        )


_PAIR = ("a", "b", "state", "rule", "weight")


def _write_pairs(found: Any) -> None:
    """Write pairs of which none stands yet, in order of their keys."""
    lines = found.sort_by([("a", "ascending"), ("b", "ascending")])
    with store.indexes_later("people_pair", lines.num_rows):
        loading.load("people_pair", {name: lines[name] for name in _PAIR})


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
    store.many(
        "INSERT INTO people_pair (a, b, state, rule, weight) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (a, b) DO UPDATE SET state = excluded.state, rule = excluded.rule,"
        " weight = excluded.weight",
        lines,
    )
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
        trained={"at": from_micros(store.now()).isoformat(), "records": table.num_rows,
                 "how": "random pairs and expectation maximisation, Splink 5"},
    )  # fmt: skip
    record(by=by, act="linkage.trained", what=kept.name, detail={"records": table.num_rows})
    return kept, weights
