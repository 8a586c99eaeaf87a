"""The large side of a full computation: what one portion, one file or one batch ends with."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from onesystem.flow.measures import packing
from onesystem.flow.measures.columns import computing

DIGESTS = """
import django
django.setup()
from onesystem.flow.measures import keeping, library
print({name: keeping.digest(each) for name, each in library.shipped().items()})
"""


def batches(rows, size):
    """Rows as batches of so many, sorted as DuckDB gives them."""
    table = pa.table({
        "kept": pa.array([r[0] for r in rows], pa.int32()),
        "week": pa.array([r[1] for r in rows], pa.int32()),
        "service": pa.array([r[2] for r in rows], pa.string()),
        "person": pa.array([r[3] for r in rows], pa.int64()),
    })  # fmt: skip
    return table.to_batches(max_chunksize=size)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_run_may_go_over_batches(size):
    rows = [
        (1, 10, "ed", 3), (1, 10, "ed", 5), (1, 10, "ward", 3), (1, 11, "ward", 3),
        (2, 11, "ward", 1), (2, 11, "ward", 2), (2, 11, "ward", 9),
    ]  # fmt: skip
    assert list(computing._runs(batches(rows, size))) == [
        ((1, 10, "ed"), [3, 5]),
        ((1, 10, "ward"), [3]),
        ((1, 11, "ward"), [3]),
        ((2, 11, "ward"), [1, 2, 9]),
    ]


def test_nobody_behind_anything_is_no_run():
    assert list(computing._runs([])) == []


def test_more_people_than_memory_holds_are_put_aside(district):
    """Three million lines in a memory that holds a third of them."""
    with computing.aside() as folder:
        whole = computing.Whole(None, Path(folder), memory="48MB")
        for first in range(0, 3_000_000, 100_000):
            i = np.arange(first, first + 100_000)
            service = np.where(i % 2, "service-1", "service-0")
            person = i * 7919 % 10_000_019
            lines = {"kept": i % 3, "week": i % 100, "service": service, "person": person}
            whole._behind.add(pa.table(lines))
        seen = sum(len(packing.people_in(raw)) for rows in whole.behind() for *_, raw in rows)
    assert seen == 3_000_000


def test_what_a_killed_process_left_is_taken_away(district):
    left = district.path / "measures-killed"
    left.mkdir()
    (left / "behind.tmp").write_bytes(b"x")
    with computing.aside() as folder:
        assert not left.exists()
    assert not list(district.path.glob("measures-*")), folder


def test_a_definition_is_the_same_in_every_process():
    """Sets are held in another order by each; what is kept must not be worked out anew for it."""
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "ambulatory-sensitive-admissions" in told.pop()
