"""`onesystem twin`: what a user sees."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onesystem.cli import root
from onesystem.vocabulary import BadConfig

_FIVE = str(Path(__file__).parents[1] / "data/twin/five-nodes.json")
_QUICK = ["--horizon", "600", "--replications", "2"]


def _run(*words: str) -> str:
    found = CliRunner().invoke(root, ["twin", *words], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def test_json() -> None:
    said = json.loads(_run("run", _FIVE, "--json", *_QUICK))
    assert said["replications"] == 2
    assert said["nodes"]["GP"]["occupancy"]["mean"] == pytest.approx(0.75, abs=0.05)
    assert set(said["nodes"]["ED"]["classes"]) == {"all", "urgent", "soon", "later"}
    assert said["classes"]["all"]["time"]["p90"] > 0


def test_table_and_csv() -> None:
    assert "WARD" in _run("run", _FIVE, *_QUICK)
    head, *rows = _run("run", _FIVE, "--csv", *_QUICK).splitlines()
    assert head.startswith("node,class,arrived")
    assert len(rows) == 20


def test_contacts(tmp_path: Path) -> None:
    """Contacts are in the words of the log, each step of a person after the one before."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = tmp_path / "contacts.parquet"
    _run("run", _FIVE, *_QUICK, "--contacts", str(path))
    table = pq.read_table(path)
    assert table.column_names == [
        "replication", "person", "service", "class", "requested", "started", "ready", "ended",
        "outcome",
    ]  # fmt: skip
    waits = pc.subtract(table["started"], table["requested"]).cast("int64")
    assert pc.min(waits).as_py() >= 0
    assert set(pc.unique(table["replication"]).to_pylist()) == {0, 1}


def test_a_deadlock_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    node = {"servers": 1, "waiting_room": 0, "service": {"exponential": 1}}
    path.write_text(json.dumps({
        "nodes": {"A": {**node, "next": {"B": 0.9, "out": 0.1}},
                  "B": {**node, "next": {"A": 0.9, "out": 0.1}}},
        "arrivals": {"a": {"node": "A", "rate": 1}, "b": {"node": "B", "rate": 1}},
        "horizon": 1000,
    }))  # fmt: skip
    with pytest.raises(BadConfig, match="blocked by people who are blocked by them"):
        _run("run", str(path))


def test_unstable_is_said(tmp_path: Path) -> None:
    path = tmp_path / "full.json"
    path.write_text(json.dumps({
        "nodes": {"Clinic": {"servers": 1, "service": 1}},
        "arrivals": {"in": {"node": "Clinic", "rate": 1.2}}, "horizon": 100, "replications": 2,
    }))  # fmt: skip
    found = CliRunner().invoke(root, ["twin", "run", str(path)], catch_exceptions=False)
    assert "Clinic: the queue grows without end; it is offered 120%" in found.stderr


def test_check_and_schema() -> None:
    assert "GP\t75.0% of capacity" in _run("check", _FIVE)
    assert json.loads(_run("schema"))["title"] == "A network of services"
