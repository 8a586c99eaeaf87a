"""`bench linkage`: people met and linked in bulk and one by one, and how well.

A district of its own on SQLite takes in invented people (`population`) through the calls of a feed.
The peer for the bulk run is Splink 5 alone on DuckDB 2, measured by us on a quiet machine on a
million records of the same make: train, predict and cluster, without ids that last; and once more
Splink and our own on the same pairs in this run, because CPU seconds grow on a machine that others
use too.
"""

import gc
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from onesystem.bench.scratch import HOSPITAL, scratch
from onesystem.bench.shape import Row, register

_DISTRICT = HOSPITAL
_KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
_QUICK, _FULL = 70_000, 700_000
_PEER = 14.8  # CPU seconds a million, Splink 5.0 alone
_LIVE = 1500


@register("linkage", "Link a million records in bulk and one live; FEBRL; no number conflict.")
def run(*, full: bool) -> Iterable[Row]:
    """100,000 records, or a million when `full`."""
    yield from _febrl()
    with scratch(_DISTRICT):
        yield from _district(_FULL if full else _QUICK)


def _cpu(act: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU of what is done, and what came of it; as served, without what lay there."""
    gc.collect()
    gc.freeze()  # else a look at all that a library has loaded falls to whoever comes then
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def _district(count: int) -> Iterator[Row]:
    from onesystem import people
    from onesystem.bench.population import records

    table = _extract(records(count))
    size = table.num_rows
    kept = table.slice(0, size - _LIVE)  # the last ones come live, against all the others

    def met() -> Any:
        return people.meet_table(kept, source="x", message=1, known_at=_KNOWN, link=False)

    meeting, made = _cpu(met)
    linking, _ = _cpu(people.link_pending)
    done = kept.num_rows
    yield Row(name=f"{done:,} records linked in bulk, ids kept", value=linking, unit="CPU s",
              target=20 * done / 1e6, peer="Splink 5 alone, quiet machine",
              peer_value=_PEER * done / 1e6, lower_is_better=True)  # fmt: skip
    own, splinks = _pairs_alone()
    yield Row(name="of which finding and judging pairs", value=own, unit="CPU s",
              peer="Splink 5 the same, this run", peer_value=splinks,
              lower_is_better=True)  # fmt: skip
    yield Row(name="new identities, met and linked", value=done / (meeting + linking),
              unit="per CPU s", target=30_000)  # fmt: skip
    yield _known(made["subject"])
    ids = dict(zip(made["subject"].to_pylist(), made["identity"].to_pylist(), strict=True))
    yield from _quality(table, ids)
    yield from _agreement(ids)
    yield from _live(table.slice(size - _LIVE))
    yield Row(name="persons with two verified numbers", value=_conflicts(), unit="persons",
              target=0, lower_is_better=True)  # fmt: skip


def _pairs_alone() -> tuple[float, float]:
    """CPU seconds to find and judge the pairs of the records that were read: ours, and Splink's."""
    from onesystem.district import folder
    from onesystem.people import pending, splinking, sweep
    from onesystem.people.weights import scorer_for

    scorer, table = scorer_for(folder()), pending.every_record()
    own, _ = _cpu(lambda: sweep.pairs(table, scorer))
    splinks, _ = _cpu(lambda: splinking.score_alone(splinking.connect(), table, scorer.weights))
    return own, splinks


def _extract(made: Any) -> Any:
    import pyarrow as pa

    size = made.num_rows
    rng = random.Random(5)  # noqa: S311
    return pa.table(
        {
            "subject": made["id"].cast(pa.string()),
            "truth": made["person"],
            "birth_date": made["birth"],
            **{name: made[name] for name in ("family", "given", "sex", "address", "postcode",
                                             "phone", "number")},
            "number_scheme": pa.array(["nhs"] * size),
            "number_verified": pa.array([rng.random() < 0.5 for _ in range(size)]),
        }
    )  # fmt: skip


def _known(subjects: Any) -> Row:
    from onesystem import people

    people.identify_table(subjects, source="x", known_at=_KNOWN)  # reads the ledger once
    seconds, _ = _cpu(lambda: people.identify_table(subjects, source="x", known_at=_KNOWN))
    return Row(name="known subjects identified", value=len(subjects) / seconds, unit="per CPU s",
               target=1_000_000)  # fmt: skip


def _quality(table: Any, ids: dict[str, int]) -> Iterator[Row]:
    from onesystem import people
    from onesystem.people.lists import pair_scores

    person = people.person_of(ids.values())
    truth = dict(zip(table["subject"].to_pylist(), table["truth"].to_pylist(), strict=True))
    scores = pair_scores(
        {subject: person[i] for subject, i in ids.items()},
        {subject: truth[subject] for subject in ids},
    )
    yield Row(name="pairs joined that are right", value=scores["precision"], unit="share",
              peer="Splink 5 alone", peer_value=0.998)  # fmt: skip
    yield Row(name="right pairs that are joined", value=scores["recall"], unit="share",
              peer="Splink 5 alone", peer_value=0.929)  # fmt: skip


def _agreement(ids: dict[str, int]) -> Iterator[Row]:
    """The live path's verdicts on records that the bulk run has judged."""
    from onesystem.district import folder
    from onesystem.people import linking, store
    from onesystem.people.candidates import sharing_numbers
    from onesystem.people.decide import Verdict
    from onesystem.people.weights import scorer_for

    some = random.Random(6).sample(sorted(ids.values()), min(5000, len(ids)))  # noqa: S311
    scorer, records = scorer_for(folder()), store.records(some)
    sharing = sharing_numbers(some)
    same = 0
    for identity in some:
        found: dict[tuple[int, int], Verdict] = {}
        linking.compare(records[identity], sharing.get(identity, set()), scorer, found)
        live = {pair: verdict.state for pair, verdict in found.items()}
        sql = "SELECT a, b, state FROM people_pair WHERE a = %s OR b = %s"
        bulk = {(a, b): "link" if s == "cut" else s
                for a, b, s in store.rows(sql, [identity, identity])}  # fmt: skip
        same += live == bulk
    yield Row(name="records judged alike live and in bulk", value=100 * same / len(some), unit="%",
              target=99.9)  # fmt: skip


def _live(table: Any) -> Iterator[Row]:
    """One message of one new person at a time."""
    from django.db import transaction

    from onesystem import people
    from onesystem.vocabulary import Identifier, PersonSeen

    seen = [
        PersonSeen(
            subject=row["subject"], at=_KNOWN, family=row["family"], given=row["given"],
            birth_date=_date(row["birth_date"]), sex=row["sex"], address=row["address"],
            postcode=row["postcode"], phone=row["phone"],
            identifiers=(Identifier("nhs", row["number"], row["number_verified"]),)
            if row["number"] else (),
        )
        for row in table.to_pylist()
    ]  # fmt: skip
    for each in seen[:200]:
        people.meet([("x", 1, each)], known_at=_KNOWN)
    rest = seen[200:]

    def one_by_one() -> None:
        for start in range(0, len(rest), 50):  # feeds commit in groups; each is met by itself
            with transaction.atomic():
                for each in rest[start : start + 50]:
                    people.meet([("x", 1, each)], known_at=_KNOWN)

    seconds, _ = _cpu(one_by_one)
    yield Row(name="one live record against all", value=1000 * seconds / len(rest), unit="CPU ms",
              target=1.0, lower_is_better=True)  # fmt: skip
    again = [("x", 2, each) for each in seen]
    seconds, _ = _cpu(lambda: people.meet(again, known_at=_KNOWN))
    yield Row(name="a known record that says nothing new", value=1e6 * seconds / len(again),
              unit="CPU us", target=60, lower_is_better=True)  # fmt: skip


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _conflicts() -> int:
    from onesystem.people import store

    sql = (
        "SELECT count(*) FROM (SELECT i.person FROM people_number n JOIN people_identity i"
        " ON i.id = n.identity WHERE n.verified = 1 AND n.current = 1 AND n.superseded = 0"
        " AND n.checked = 'passes' GROUP BY i.person, n.scheme"
        " HAVING count(DISTINCT n.value) > 1) AS x"
    )
    return int(store.rows(sql)[0][0])


def _febrl() -> Iterator[Row]:
    """Published truth sets, with weights learnt from each without labels."""
    from onesystem.people.lists import link_lists, pair_scores

    data = Path(__file__).parent / "data"
    for name, files, unique, target in (
        ("FEBRL 4, F1", ("febrl4a.csv.gz", "febrl4b.csv.gz"), True, 0.9987),
        ("FEBRL 3, F1", ("febrl3.csv.gz",), False, 0.9914),
    ):
        result = link_lists([data / file for file in files], id_column="rec_id", unique=unique)
        cluster = {(file, key): group for file, key, group in result.rows}
        truth = {each: re.sub(r"^rec-(\d+)-.*", r"\1", each[1]) for each in cluster}
        yield Row(name=name, value=pair_scores(cluster, truth)["f1"], unit="F1", target=target,
                  peer="Splink 5, plain settings", peer_value=target)  # fmt: skip
