"""Ways that people take from service to service: counted as the contacts say."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.twin.twin_models import EVERYTHING, FIVE

from onesystem.twin import model_of, replications
from onesystem.twin.network import layout as at


@pytest.mark.parametrize("said", [FIVE, EVERYTHING], ids=["five", "everything"])
def test_ways_are_those_of_the_contacts(said: dict[str, object]) -> None:
    """Each contact after another of the same person is one way; who has gone went out."""
    model = replace(
        model_of(json.dumps(said)), warm_up=0.0, horizon=60.0, inside=(), replications=1
    )
    (run,) = replications(model, contacts=True)
    outside, told = len(model.nodes), Counter[tuple[int, int]]()
    rows = run.rows[np.lexsort((run.rows[:, at.R_OUTCOME] == at.OPEN, run.rows[:, at.R_ASKED]))]
    where: dict[int, int] = {}
    for person, node, open_ in zip(
        rows[:, at.R_PERSON].tolist(),
        rows[:, at.R_NODE].tolist(),
        (rows[:, at.R_OUTCOME] == at.OPEN).tolist(),
        strict=True,
    ):
        told[where.get(person, outside), node] += 1
        where[person] = node
        if open_:
            where[person] = -1
    for person in where.values():
        if person >= 0:
            told[person, outside] += 1
    found = {pair: int(run.ways[pair]) for pair in zip(*np.nonzero(run.ways), strict=True)}
    assert found == dict(told)


def test_ways_begin_with_the_warm_up() -> None:
    """As many come to a service as its count has, and the way out is taken by who leaves."""
    model = replace(model_of(json.dumps(FIVE)), replications=1)
    (run,) = replications(model)
    kinds, nodes = len(model.classes), len(model.nodes)
    came = run.count[: nodes * kinds, at.ARRIVED].reshape(nodes, kinds).sum(axis=1)
    assert run.ways[:, :nodes].sum(axis=0).tolist() == came.tolist()
    left = run.count[nodes * kinds :, at.FINISHED].sum()
    assert run.ways[:, nodes].sum() == left
