"""Meeting people by the hundred thousand, from extracts: columns in, columns out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from onesystem.people import ledger, loading, spans, store
from onesystem.people.folding import fold_table
from onesystem.people.meeting import Said, describe
from onesystem.people.names import alias_keys
from onesystem.people.pending import link_pending
from onesystem.people.waiting import mark_pending
from onesystem.vocabulary.kept import to_micros

_AT_ONCE = 20_000
_FEW = 2_000  # bare identities that are made one by one


def identify_table(subjects: Any, *, source: str, known_at: datetime) -> Any:
    """The identity of each distinct subject of an Arrow array: a table subject, identity.

    A subject that was never described gets a bare identity.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    distinct = pc.unique(_chunkless(subjects).cast(pa.string())).drop_null()
    with transaction.atomic(savepoint=False):
        known = ledger.known_of(source, distinct)
        if known.num_rows == len(distinct):
            return known
        new = ledger.beyond(known, distinct)
        if len(new) > _FEW:
            made = _bare(new, source, to_micros(known_at))
            return pa.concat_tables([known, made])
        keys = [(source, subject) for subject in new.to_pylist()]
        ids, _, _ = describe({}, set(keys), to_micros(known_at))
        made = ledger.table_of([(subject, ids[source, subject]) for _, subject in keys])
        return pa.concat_tables([known, made])


def meet_table(
    table: Any, *, source: str, message: int, known_at: datetime, link: bool = True
) -> Any:
    """Take in an extract's people; the identity of each subject as a table subject, identity.

    Columns of `table`, of which all but the first may be missing: subject, family, given,
    birth_date, sex, address, postcode, phone, practice, died, number_scheme, number,
    number_verified, at (when it was so; otherwise `known_at`). With `link=False` new and changed
    identities wait for `link_pending`.
    """
    import pyarrow as pa

    at = to_micros(known_at)
    folded = fold_table(table, at)
    with transaction.atomic(savepoint=False):
        batch = _batch(folded, source)
        if batch.fresh.num_rows and _alone():
            batch = _batch(folded, source, sure=True)
        ids, changed = _meet_again(batch, source, message, at)
        made = _insert(batch, source, message, at)
        mark_pending(changed)
        if link:
            link_pending()
    several = ledger.table_of([(s, i) for (_, s), i in ids.items() if s in batch.several])
    return pa.concat_tables([batch.known, several, made])


def _chunkless(array: Any) -> Any:
    return array.combine_chunks() if hasattr(array, "combine_chunks") else array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """The rows of an extract's people, sorted out. Arrays are of numpy, one value a subject."""

    folded: Any  # every row
    known: Any  # subject, identity of those that are known
    touched: list[tuple[int, int]]  # (time, identity): said again, unchanged and later
    again: Any  # rows of subjects with several things to say, or something new
    several: frozenset[str]  # of those the subjects that are not known
    fresh: Any  # a row of each new subject that says one thing, by subject; `seen` its latest time


def _alone() -> bool:
    """Let nobody else make identities; whether some may have been made since the last look."""
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return False
    store.run("LOCK TABLE people_identity IN SHARE ROW EXCLUSIVE MODE")
    return True


def _bare(subjects: Any, source: str, at: int) -> Any:
    """Identities for subjects of whom nothing is said: a table subject, identity."""
    import pyarrow as pa

    met = ledger.table_of([])
    if _alone():
        met = ledger.known_of(source, subjects, sure=True)
        subjects = ledger.beyond(met, subjects)
    count = len(subjects)
    if not count:
        return met
    first = store.first_of_run(count)
    ids = pa.array(range(first, first + count), pa.int64())
    ordered = subjects.sort()
    said: dict[str, Any] = dict.fromkeys(store.DESCRIBED, "")
    said |= dict.fromkeys(("seen_at", "message", "digest", "texts", "restricted"), 0)
    said |= {"id": ids, "source": source, "subject": ordered, "person": ids, "known_at": at}
    with store.indexes_later("people_identity", count):
        loading.load("people_identity", said)
    made = pa.table({"subject": ordered, "identity": ids})
    return pa.concat_tables([met, made])


def _batch(folded: Any, source: str, *, sure: bool = False) -> _Batch:
    import pyarrow as pa
    import pyarrow.compute as pc

    subject = folded["subject"].combine_chunks()
    distinct = pc.unique(subject)
    rows = _Rows.of(folded, subject, distinct)
    known = ledger.known_of(source, distinct, sure=sure)
    place = pc.index_in(distinct, value_set=known["subject"].combine_chunks())
    is_known = pc.is_valid(place).to_numpy(zero_copy_only=False)
    differs = rows.low != rows.high
    touched: list[tuple[int, int]] = []
    if known.num_rows:
        mine = known["identity"].combine_chunks().take(place.drop_null()).to_numpy()
        digest, seen = _standing(mine, source)
        differs[is_known] |= rows.low[is_known] != digest
        later = ~differs[is_known] & (rows.seen[is_known] > seen)
        touched = list(zip(rows.seen[is_known][later].tolist(), mine[later].tolist(), strict=True))
    new = ~is_known & ~differs
    # By subject, so that the index of subjects grows at one place.
    order = pc.sort_indices(distinct.filter(pa.array(new))).to_numpy()
    fresh = folded.drop_columns(["text", "seen"]).take(pa.array(rows.first[new][order]))
    return _Batch(
        folded=folded,
        known=known,
        touched=touched,
        again=folded.filter(pa.array(differs[rows.code])),
        several=frozenset(distinct.filter(pa.array(differs & ~is_known)).to_pylist()),
        fresh=fresh.append_column("seen", pa.array(rows.seen[new][order])).combine_chunks(),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of each distinct subject the lowest and highest digest, the latest time, and a row."""

    code: Any  # of each row, which subject's it is
    low: Any
    high: Any
    seen: Any
    first: Any

    @classmethod
    def of(cls, folded: Any, subject: Any, distinct: Any) -> "_Rows":
        import numpy as np
        import pyarrow.compute as pc

        digest, seen = (folded[name].to_numpy() for name in ("digest", "seen"))
        n, count = len(subject), len(distinct)
        if n == count:  # most extracts name a subject once
            each = np.arange(n)
            return cls(each, digest.copy(), digest, seen, each)
        code = pc.index_in(subject, value_set=distinct).to_numpy()
        low, high = np.full(count, 2**63 - 1), np.zeros(count, np.int64)
        latest, first = np.full(count, -(2**63)), np.full(count, n)
        np.minimum.at(low, code, digest)
        np.maximum.at(high, code, digest)
        np.maximum.at(latest, code, seen)
        np.minimum.at(first, code, np.arange(n))
        return cls(code, low, high, latest, first)


def _standing(ids: Any, source: str) -> tuple[Any, Any]:
    """The digest and time of these identities of a source, in their order."""
    import numpy as np

    if len(ids) > _AT_ONCE:  # most of a source: one scan instead of many look-ups
        names = ("id", "digest", "seen_at")
        every = spans.read(
            "people_identity",
            {name: name for name in names},
            key="id",
            kinds=dict.fromkeys(names, "int64"),
            where="source = %s",
            values=[source],
        )
        found = [every[name].to_numpy() for name in names]
    else:
        rows: list[tuple[Any, ...]] = []
        for some in store.chunks(ids.tolist()):
            where = f"id IN ({store.marks(some)})"
            rows += store.rows(
                f"SELECT id, digest, seen_at FROM people_identity WHERE {where}", some
            )
        found = list(np.array(rows, np.int64).T)
    order = np.argsort(found[0])
    at = order[np.searchsorted(found[0], ids, sorter=order)]
    return found[1][at], found[2][at]


def _meet_again(
    batch: _Batch, source: str, message: int, at: int
) -> tuple[dict[tuple[str, str], int], list[int]]:
    """Known subjects with something new to say, and subjects with several things to say."""
    store.many("UPDATE people_identity SET seen_at = %s WHERE id = %s", batch.touched)
    ids: dict[tuple[str, str], int] = {}
    changed: list[int] = []
    for said in _portions(batch.again, source, message):
        some, again, fresh = describe(said, set(said), at)
        ids |= some
        changed += [*again, *fresh]
    return ids, changed


def _portions(again: Any, source: str, message: int) -> Iterator[dict[tuple[str, str], Said]]:
    """What is said of some thousand subjects at a time, never parting one subject's rows."""
    said: dict[tuple[str, str], Said] = {}
    ordered = again.select(["subject", "text", "seen"]).sort_by("subject")
    for part in ordered.to_batches(max_chunksize=_AT_ONCE):
        for subject, text, seen in zip(*(c.to_pylist() for c in part.columns), strict=True):
            key = (source, subject)
            if key not in said and len(said) >= _AT_ONCE:
                yield said
                said = {}
            said.setdefault(key, Said()).add(text, seen, message)
    if said:
        yield said


_SAME = ("subject", "digest", "family", "given", "sex", "address", "postcode", "phone", "practice",
         "died", "family_key", "given_key", "address_key", "postcode_key", "phone_key")  # fmt: skip


def _insert(batch: _Batch, source: str, message: int, at: int) -> Any:
    """Make the identities of subjects that are new and say one thing: a table like the ledger's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    fresh = batch.fresh
    count = fresh.num_rows
    if not count:
        return ledger.table_of([])
    first = store.first_of_run(count)
    fresh = fresh.append_column("id", pa.array(range(first, first + count), pa.int64()))
    said = {name: fresh[name].combine_chunks() for name in fresh.column_names}
    with store.indexes_later("people_identity", count):
        loading.load(
            "people_identity",
            {
                "id": said["id"], "source": source, "person": said["id"],
                "seen_at": said["seen"], "known_at": at, "message": message, "texts": 1,
                "restricted": 0, "other_names": "",
                "birth_date": said["birth"], "number": said["compared"],
                **{name: said[name] for name in _SAME},
            },
        )  # fmt: skip
    numbered = fresh.filter(pc.not_equal(fresh["number"], "")).combine_chunks()
    if numbered.num_rows:
        said = {name: numbered[name].combine_chunks() for name in numbered.column_names}
        with store.indexes_later("people_number", numbered.num_rows):
            loading.load(
                "people_number",
                {
                    "identity": said["id"], "scheme": said["scheme"], "value": said["number"],
                    "checked": said["checked"], "verified": said["verified"], "superseded": 0,
                    "current": 1,
                },
            )  # fmt: skip
    _keep_aliases(fresh)
    store.run(
        "INSERT INTO people_pending (first, last) VALUES (%s, %s)", [first, first + count - 1]
    )
    return fresh.select(["subject", "id"]).rename_columns(["subject", "identity"])


def _keep_aliases(fresh: Any) -> None:
    """The later parts of family names, so that people are found by them. Few names have any."""
    import pyarrow.compute as pc

    # The key lacks what parts a name, so a name as long as its key is one word.
    long, short = (pc.binary_length(fresh[name]) for name in ("family", "family_key"))
    parted = fresh.filter(pc.not_equal(long, short)).select(["id", "family", "given"])
    for some in parted.to_batches(max_chunksize=_AT_ONCE):
        rows = zip(*(column.to_pylist() for column in some.columns), strict=True)
        store.keep_aliases(
            [(*keys, i) for i, family, given in rows for keys in alias_keys(family, given)]
        )
