"""The copy by person read in portions: the same contacts as the log's latest, whole people each."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from stays import KNOWN, OLD, append, old, rows

from onesystem.contacts.log import manifest, merge, ordered, scan

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [
    "contact", "identity", "service", "requested", "started", "ended", "planned", "reason",
    "cancelled",
]  # fmt: skip


def drawn(draw, known):
    """An extract of many contacts of a few people: some not started, some sent before."""
    minute = timedelta(minutes=1)
    told = []
    for _ in range(60):
        start = OLD + int(draw.integers(0, 90 * 24 * 60)) * minute
        times = {"started": start, "ended": start + int(draw.integers(1, 600)) * minute}
        if draw.random() < 0.2:
            times = {"started": None, "ended": None, "requested": start}
        told.append(old(f"V{draw.integers(0, 150)}", identity=int(draw.integers(1, 15)),
                        reason=f"R{known}", service=f"s{draw.integers(0, 4)}") | times)  # fmt: skip
    return rows(*{each["key"]: each for each in told}.values())


def plain(table):
    """Rows of a table, whatever their order and the form of their columns."""
    return sorted(tuple(map(str, row.values())) for row in table.select(NAMES).to_pylist())


def latest(now):
    """What the log's own latest view says."""
    duck = scan.connect(threads=1)
    found = duck.execute(
        f"SELECT {', '.join(NAMES)} FROM {scan.latest_sql(now, runs=True)}"
    ).to_arrow_table()
    duck.close()
    texts = {name: pc.cast(found[name], pa.string()) for name in ("service", "reason")}
    for name, column in texts.items():
        found = found.set_column(NAMES.index(name), name, column)
    return plain(found)


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("size", [1, 40, 1000])
def test_everybody_comes_once_and_whole(district, monkeypatch, merged, size):
    """Of several extracts that correct each other, before and after their runs are merged."""
    from onesystem.contacts.log import shape

    draw = np.random.default_rng(size)
    for message in range(1, 5):
        append(drawn(draw, message), message=message, known_at=KNOWN + timedelta(days=message))
    monkeypatch.setattr(shape, "RUN_FILE", 50)
    if merged:
        merge.merge_runs(lambda _: None, many=2)
    now = manifest.current()
    tables = list(ordered.people(now, manifest.place(), NAMES, rows=size))
    people = [set(table["identity"].to_pylist()) for table in tables]
    assert sum(map(len, people)) == len(set().union(*people))
    found = pa.concat_tables([table.cast(tables[0].schema) for table in tables])
    assert plain(found) == latest(now)
    assert now.superseded
    some = list(ordered.anybody(now, manifest.place(), NAMES))
    assert plain(pa.concat_tables([table.cast(some[0].schema) for table in some])) == latest(now)
    few = ["identity", "ended"]
    (ends,) = {tuple(t.column_names) for t in ordered.people(now, manifest.place(), few)}
    assert list(ends) == few


def test_an_empty_log_has_nobody(district):
    assert not list(ordered.people(manifest.current(), manifest.place(), NAMES))
