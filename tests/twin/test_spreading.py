"""A model over a Spark cluster: the contacts that one machine gives, a whole run or none."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from twin_models import EVERYTHING, FIVE

from onesystem.cli.twin import twin
from onesystem.twin import Cancelled, model_of, replications, result_of
from onesystem.twin.spreading import on_spark
from onesystem.vocabulary import BadConfig

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]

_RUN = {**FIVE, "horizon": 200, "warm_up": 10, "replications": 5}
_LONG = {
    "nodes": {"A": {"servers": 20, "service": {"exponential": {"mean": 1}}}},
    "arrivals": {"in": {"node": "A", "rate": 18}},
    "horizon": 1e9,
    "replications": 3,
}


def _model(said: dict[str, Any]) -> Any:
    return model_of(json.dumps(said))


@pytest.mark.parametrize("said", [_RUN, {**EVERYTHING, "replications": 3}], ids=["five", "all"])
def test_the_same_contacts_as_on_one_machine(spark: Any, said: dict[str, Any]) -> None:
    """Every replication in order, every contact of it, every count, to the last digit."""
    here = list(replications(_model(said), contacts=True, step=24.0))
    there = list(on_spark(spark)(_model(said), contacts=True, step=24.0))
    assert [each.number for each in there] == [each.number for each in here]
    for ours, theirs in zip(here, there, strict=True):
        for name in ("rows", "count", "area", "pool_area", "seen", "ways", "steps"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
        assert (ours.inside, ours.events) == (theirs.inside, theirs.events)


def test_the_same_command(spark: Any, tmp_path: Path) -> None:
    """`twin run --engine spark` prints and writes what `twin run` does, and so does `compare`."""
    (file := tmp_path / "model.json").write_text(json.dumps(_RUN))
    said = {}
    for engine in ("own", "spark"):
        out = tmp_path / f"{engine}.parquet"
        run = [str(file), "--engine", engine, "--json"]
        done = CliRunner().invoke(twin, ["run", *run, "--contacts", str(out)])
        assert done.exit_code == 0, done.output
        change = f"places service={next(iter(FIVE['nodes']))} more=1"
        beside = CliRunner().invoke(twin, ["compare", *run, "--change", change])
        assert beside.exit_code == 0, beside.output
        said[engine] = (json.loads(done.stdout), json.loads(beside.stdout), pq.read_table(out))
    assert said["own"][:2] == said["spark"][:2]
    assert said["own"][2].equals(said["spark"][2])


def test_a_worker_is_lost(spark: Any) -> None:
    """Its replications are run again elsewhere; the results are the same."""
    model = replace(_model(_RUN), horizon=2000.0)
    runs = on_spark(spark)(model)
    first = next(runs)
    lost = _workers()
    for each in lost:
        os.kill(each, signal.SIGKILL)
    assert lost
    found = result_of(model, [first, *runs])
    assert asdict(found) == asdict(result_of(model, replications(model)))


def test_a_run_is_cancelled(spark: Any) -> None:
    """Nothing comes of it, and no job is left running."""
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    with pytest.raises(Cancelled, match="cancelled"):
        list(on_spark(spark)(_model(_LONG), stop=stop))
    assert list(spark.sparkContext.statusTracker().getActiveJobsIds()) == []


def test_what_is_wrong_is_said_as_on_one_machine(spark: Any) -> None:
    """The message of the run, not a trace of the cluster; the model is looked at before that."""
    ring = {
        "nodes": {
            "A": {"servers": 1, "service": 1, "next": "B"},
            "B": {"servers": 1, "service": 1, "waiting_room": 0, "next": {"A": 0.9, "out": 0.1}},
        },
        "arrivals": {"in": {"node": "A", "rate": 2}},
        "horizon": 1000,
    }
    ring["nodes"]["A"]["waiting_room"] = 0  # type: ignore[index]
    with pytest.raises(BadConfig) as here:
        list(replications(_model(ring)))
    with pytest.raises(BadConfig) as there:
        list(on_spark(spark)(_model(ring)))
    assert str(there.value) == str(here.value)


def _workers() -> list[int]:
    """The Python processes below this one that run tasks: each a child of Spark's daemon."""
    ours = {pid: parent for parent, pid in _below(os.getpid()) if b"daemon" in _command(pid)}
    return [pid for pid, parent in ours.items() if parent in ours]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _below(pid: int) -> Iterator[tuple[int, int]]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield pid, int(child)
            yield from _below(int(child))
