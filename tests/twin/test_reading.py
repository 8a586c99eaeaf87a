"""Models from JSON: the schema and the reader agree, and each mistake is named with its cure."""

import json
import re
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from twin_models import EVERYTHING, FIVE

from onesystem.twin import model_of
from onesystem.twin.network.checks import checked
from onesystem.twin.network.distributions import KINDS
from onesystem.twin.network.loads import loads, unstable, ways
from onesystem.twin.network.model import Node
from onesystem.twin.network.results import warnings
from onesystem.twin.network.schema import schema
from onesystem.vocabulary import BadConfig


def _changed(path: str, value: Any) -> dict[str, Any]:
    said = deepcopy(EVERYTHING)
    *keys, last = path.split("/")
    there = said
    for key in keys:
        there = there[key]
    if value is None:
        del there[last]
    else:
        there[last] = value
    return said


@pytest.mark.parametrize("said", [FIVE, EVERYTHING])
def test_the_schema_and_the_reader_take_the_same(said: dict[str, Any]) -> None:
    validator_for(schema()).validate(said)
    checked(model_of(json.dumps(said)))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("horizn", 3, "Did you mean 'horizon'?"),
        ("horizon", None, "model has no 'horizon'"),
        ("horizon", "long", "horizon is 'long', not a number"),
        ("nodes/A/service", {"exponentail": 1}, "Did you mean 'exponential'?"),
        ("nodes/A/discipline", "fifo", "nodes.A.discipline is 'fifo'"),
        ("nodes/A/serivce", 1, "nodes.A: there is no key 'serivce'. Did you mean 'service'?"),
        ("nodes/B/waiting_room", -1, "waiting_room is -1"),
        ("arrivals/one/rate", 1, "rate and rates"),
        ("arrivals/three/people", None, "says nothing about when people come"),
    ],
)
def test_a_mistake_that_the_schema_sees_too(path: str, value: Any, says: str) -> None:
    said = _changed(path, value)
    assert not validator_for(schema()).is_valid(said)
    with pytest.raises(BadConfig, match=says.replace("?", r"\?")):
        checked(model_of(json.dumps(said)))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("nodes/A/service", {"exponential": {"mean": -1}}, "mean is -1; it must be above 0"),
        ("nodes/A/service", {"erlang": {"k": 1.5, "mean": 2}}, "a whole number"),
        ("nodes/A/service", {"lognormal": {"mean": 0, "cv": 1}}, "mean is 0; it must be above 0"),
        ("nodes/C/next", {"B": 0.4, "out": 0.4}, 'sum to 0.8, not 1. Mend them; or add "out": 0.2'),
        ("nodes/C/next", {"D": 1}, "there is no node 'D'"),
        ("nodes/A/servers", {"changes": [[5, 1]]}, "has a gap: it says nothing from 0 to 5"),
        ("nodes/A/servers", {"changes": [[0, 1], [9, 0]], "every": 8}, "after its cycle of 8"),
        ("nodes/A/servers", {"changes": [[0, 0]]}, "nobody is ever served"),
        ("nodes/A/uses", {"staff": 4}, "never has more than 3"),
        ("nodes/A/preempt", "bump", "bump without bump_to"),
        ("arrivals/two/ends", 2, "ends before it begins"),
        ("arrivals/two/class", "c", "there is no class 'c'"),
        ("warm_up", 100, "The warm-up is the first part of the horizon"),
        ("unit", "month", "unit is 'month'"),
        ("attributes/frailty/shares", {"fit": 0.5}, "the shares sum to 0.5, not 1"),
        ("pathways/a", ["A", "X"], "there is no node 'X'"),
        ("nodes/C/next", {"B": -0.5, "out": 1.5}, "has the share -0.5. A share is from 0 to 1"),
        ("nodes/B/overflow", ["B"], "nodes.B.overflow is the node itself"),
        ("nodes/A/service", {"deterministic": 2}, "Give the number alone"),
        ("nodes/A/service", {"lognormal": {"mean": 2}}, "does not say cv. It takes mean and cv"),
        ("nodes/A/servers", [[0, 2]], 'Give a number, or {"changes"'),
        ("nodes/A/preempt", True, "Give one of resume, restart, resample, bump"),
        ("arrivals/two/batch", 0, "nobody comes"),
        ("arrivals/one/class", {"a": 0.5, "b": 0.4}, "not 1. Make them sum to 1: 0.1 is missing"),
        ("arrivals/two/attributes", {"age": {"old": 1}}, "there is no attribute 'age'"),
        ("arrivals/two/attributes", {"frailty": {"fit": 0.7}}, "0.3 is missing"),
        ("attributes/frailty/shares", {"by": "frailty", "other": {"fit": 1}}, "is not known when"),
        ("classes/all", 2, "results say all for everybody"),
        ("pools/A", 2, "a node has that name"),
        ("living", {"c": 3}, "there is no class 'c'"),
        ("living", {"a": -3}, "living.a is -3"),
        ("step", 200, "at most 90"),
        ("step", 0.001, "10,000 steps at most"),
    ],
)
def test_a_mistake_of_sense(path: str, value: Any, says: str) -> None:
    with pytest.raises(BadConfig) as error:
        checked(model_of(json.dumps(_changed(path, value))))
    assert says in str(error.value)


def test_not_json() -> None:
    with pytest.raises(BadConfig, match="is not JSON"):
        model_of("{")
    with pytest.raises(BadConfig, match="NaN is not a number"):
        model_of('{"horizon": NaN}')
    with pytest.raises(BadConfig, match="is no object"):
        model_of("[]")


def test_a_name_given_twice() -> None:
    with pytest.raises(BadConfig, match="'A' is there twice in one object"):
        model_of('{"nodes": {"A": {"service": 1}, "A": {"service": 2}}}')


def test_what_to_know_before_figures_are_believed() -> None:
    """Pools that are offered too much, and rates that end, are said with their numbers."""
    said: dict[str, Any] = {
        "pools": {"nurses": 2},
        "nodes": {"A": {"service": 1, "uses": {"nurses": 1}}},
        "arrivals": {"in": {"node": "A", "rate": 3}},
        "horizon": 100,
    }
    (only,) = warnings(model_of(json.dumps(said)))
    assert only.startswith("nurses: the queue grows without end; it is offered 150% of what")
    said["arrivals"] = {"in": {"node": "A", "rates": [3, 1]}}
    (only,) = warnings(model_of(json.dumps(said)))
    assert 'its rates end at 2, and nobody comes with it from then on; "every": 2 would' in only


def test_nobody_can_leave() -> None:
    said = {
        "nodes": {"A": {"service": 1, "next": "B"}, "B": {"service": 1, "next": "A"}},
        "arrivals": {"in": {"node": "A", "rate": 1}},
        "horizon": 10,
    }
    with pytest.raises(BadConfig, match="can never leave the network"):
        checked(model_of(json.dumps(said)))
    said["arrivals"] = {"in": {"node": "A", "people": 3}}
    checked(model_of(json.dumps(said)))


def test_loads() -> None:
    """Feedback raises the load; what a full node cannot send on does not reach the next."""
    said = {
        "nodes": {
            "A": {"servers": 1, "service": 0.5, "next": {"A": 0.5, "out": 0.5}},
            "B": {"servers": 2, "service": 4, "next": "C"},
            "C": {"servers": 1, "service": 1},
        },
        "arrivals": {"a": {"node": "A", "rate": 0.9}, "b": {"node": "B", "rate": 1}},
        "horizon": 10,
    }
    model = model_of(json.dumps(said))
    assert loads(model) == pytest.approx({"A": 0.9, "B": 2.0, "C": 0.5})
    assert unstable(model) == pytest.approx({"B": 2.0})


def test_what_the_reference_shows() -> None:
    """The model of the reference page is taken, and names every key of a node."""
    page = (Path(__file__).parents[2] / "docs/reference/twin-model.md").read_text()
    shown = page.split("```json\n")[1].split("```")[0]
    checked(model_of(shown))
    for field in fields(Node):
        assert f"`{field.name}`" in page
    for kind in KINDS:
        assert f"`{kind}`" in page or kind == "fixed"


def test_what_is_compiled_is_told_apart_by_all_its_sources() -> None:
    """A change in any file that the kernel is made of must not find older compiled code."""
    from onesystem.twin.network import compiled

    room, fresh, reached = Path(compiled.__file__).parent, {"building"}, set()
    while fresh:
        name = fresh.pop()
        reached.add(name)
        said = (room / f"{name}.py").read_text()
        named = set(re.findall(r"onesystem\.twin\.network\.(\w+) import", said))
        named |= set(re.findall(r"onesystem\.twin\.network import (\w+)", said))
        named |= set(re.findall(r"network import \w+, (\w+)", said))
        fresh |= {other for other in named if (room / f"{other}.py").is_file()} - reached
    assert reached - {"compiled"} == set(compiled._SOURCES)


def test_loads_know_how_many_have_a_level() -> None:
    """Nine in ten take 1, the others 11: a load of 2, not the 6 of as many of each."""
    said = {
        "attributes": {
            "way on": {"levels": ["home", "care"], "shares": {"home": 0.9, "care": 0.1}}
        },
        "nodes": {
            "A": {
                "servers": 4,
                "service": {"by": "way on", "home": 1, "care": 11},
                "next": {"by": "way on", "home": "out", "care": "B"},
            },
            "B": {"servers": 1, "service": 2},
        },
        "arrivals": {"in": {"node": "A", "rate": 1}},
        "horizon": 10,
    }
    model = model_of(json.dumps(said))
    assert loads(model) == pytest.approx({"A": 0.5, "B": 0.2})
    assert ways(model) == pytest.approx({("A", "B"): 0.1})
