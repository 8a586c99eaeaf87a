"""What is told of each class adds up to what is told of the node, whatever the model says."""

import json
from typing import Any

import pytest
from twin_models import EVERYTHING, FIVE

from onesystem.twin import model_of, replications, result_of

SOME: list[dict[str, Any]] = [
    EVERYTHING | {"horizon": 600, "replications": 3},
    FIVE | {"horizon": 700, "warm_up": 100, "replications": 2},
]


@pytest.mark.parametrize("said", SOME, ids=["everything", "five"])
def test_classes_make_up_the_node(said: dict[str, Any]) -> None:
    """People waiting and people there, with interruptions, moves, blocking and shifts."""
    model = model_of(json.dumps(said))
    result = result_of(model, replications(model))
    for node in result.nodes.values():
        every = node.classes["all"]
        assert every.waiting.mean == pytest.approx(node.waiting.mean, abs=1e-6)
        there = (node.busy.mean or 0) + (node.waiting.mean or 0)
        assert every.inside.mean == pytest.approx(there, abs=1e-6)
        for figure in ("waiting", "inside", "arrived", "throughput"):
            parts = [getattr(each, figure).mean for k, each in node.classes.items() if k != "all"]
            if parts:
                assert sum(parts) == pytest.approx(getattr(every, figure).mean, abs=1e-6)
    whole = sum(node.classes["all"].inside.mean or 0 for node in result.nodes.values())
    assert result.classes["all"].inside.mean == pytest.approx(whole, abs=1e-6)


def test_steps_make_up_the_whole() -> None:
    """The mean of equal steps is the mean of the run; the last may be shorter."""
    model = model_of(json.dumps(EVERYTHING | {"horizon": 610, "step": 100, "warm_up": 10}))
    result = result_of(model, replications(model))
    assert [(step.begins, step.ends) for step in result.steps][:2] == [(10, 110), (110, 210)]
    for name, node in result.nodes.items():
        steps = [step.nodes[name].busy.mean for step in result.steps]
        assert sum(steps) / len(steps) == pytest.approx(node.busy.mean, abs=1e-6)
