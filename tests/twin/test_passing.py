"""People whose events are not planned are counted as those whose events are."""

import json
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numba import njit
from twin_models import EVERYTHING, FIVE

from onesystem.twin import model_of, replications
from onesystem.twin.network import layout as at
from onesystem.twin.network.draws import first_above
from onesystem.twin.network.heap import filled, ordered, pop, push
from onesystem.twin.network.memory import get
from onesystem.twin.network.numbers import guide
from onesystem.twin.network.state import Run
from onesystem.twin.network.tables import tables_of


def network(seed: int) -> dict[str, Any]:
    """Open services and others between which people go in every direction."""
    luck, names = random.Random(seed), [f"N{n}" for n in range(6)]

    def way() -> Any:
        shares = {name: luck.random() / 20 for name in luck.sample(names, 3)}
        return shares | {"out": 1 - sum(shares.values())}

    def node(n: int) -> dict[str, Any]:
        mean = {"exponential": {"mean": luck.uniform(0.1, 3)}}
        said = {"service": mean, "next": {"by": "class", "a": way(), "other": way()}}
        return said | ({"servers": luck.randint(1, 4), "waiting_room": 5} if n % 2 else {})

    nodes: dict[str, Any] = {name: node(n) for n, name in enumerate(names)}
    nodes["N2"]["next"] = [[0.2, {"shortest": ["N3", "N4"]}], [0.8, "out"]]
    nodes["N0"]["becomes"] = {"class": {"a": {"b": 1}}} if seed % 2 else {}
    nodes["N0"]["service"] = {"from": [[0, {"fixed": 1}], [30, {"exponential": {"mean": 2}}]]}
    arrivals = {name: {"node": name, "rate": luck.uniform(0.1, 5), "class": {"a": 0.5, "b": 0.5}}
                for name in names}  # fmt: skip
    arrivals["N4"]["batch"] = {"discrete": {"values": [1, 3], "p": [0.5, 0.5]}}
    inside = [{"node": "N0", "class": "b", "elapsed": 0.4, "count": 3}]
    return {"classes": {"a": 0, "b": 0}, "nodes": nodes, "arrivals": arrivals, "inside": inside,
            "horizon": 90, "warm_up": 10, "replications": 3, "seed": seed}  # fmt: skip


@pytest.mark.parametrize("places", [3, None])
def test_a_stay_is_the_same_alone_and_side_by_side(places: int | None) -> None:
    """Where a stay depends on the class it is drawn alone; else with those of others."""

    def found(stay: Any) -> Any:
        node = {"service": stay} | ({"servers": places} if places else {})
        rates = {"node": "N", "rate": 3, "class": {"a": 0.4, "b": 0.6}}
        said = {"classes": {"a": 0, "b": 1}, "nodes": {"N": node}, "arrivals": {"N": rates},
                "horizon": 3000, "replications": 1}  # fmt: skip
        return next(iter(replications(model_of(json.dumps(said)))))

    stay = {"lognormal": {"mean": 0.9, "cv": 1.2}}
    one, other = found(stay), found({"by": "class", "a": stay, "other": stay})
    for what in ("count", "area", "seen", "ways"):
        np.testing.assert_array_equal(getattr(one, what), getattr(other, what), err_msg=what)


@pytest.mark.parametrize("said", [EVERYTHING, FIVE, *map(network, range(8))])
def test_nobody_is_counted_in_another_way(said: dict[str, Any]) -> None:
    """With contacts kept everybody comes by events; without, some are counted ahead."""
    model = replace(model_of(json.dumps(said)), replications=2)
    for looks in ({"step": model.horizon / 7}, {"marks": (model.horizon / 3, model.horizon)}):
        kept, counted = replications(model, contacts=True, **looks), replications(model, **looks)
        for one, other in zip(kept, counted, strict=True):
            for what in ("count", "area", "pool_area", "seen", "ways", "steps", "stands", "came"):
                mine, theirs = getattr(one, what), getattr(other, what)
                assert (mine is None) == (theirs is None)
                if mine is not None:
                    np.testing.assert_allclose(mine, theirs, rtol=1e-14, err_msg=what)
            assert (one.inside, one.events) == (other.inside, other.events)


def test_who_is_felt_by_others_is_not_counted_ahead() -> None:
    """Nor who changes, waits for staff, or goes where it depends on how many are there."""
    tables = tables_of(model_of(json.dumps(network(1))))
    through = dict(zip(tables.nodes, tables.node[:, at.THROUGH], strict=True))
    assert through == {"N0": 0, "N1": 0, "N2": 0, "N3": 0, "N4": 0, "N5": 0}
    tables = tables_of(model_of(json.dumps(network(2))))
    assert tables.node[0, at.THROUGH] == 1


@njit
def _found(values: int, count: int, points: "np.ndarray") -> "np.ndarray":
    return np.array([first_above(values, count, u) for u in points])


def test_the_first_above() -> None:
    """The guide changes nothing: also where probabilities are 0, equal, or at a point exactly."""
    luck = np.random.default_rng(1)
    for count in (1, 2, 3, 7, 100):
        shares = luck.random(count) * (luck.random(count) < 0.7)
        rising = np.cumsum(shares) / max(shares.sum(), 1e-9)
        rising[-1] = 1.0
        held = np.array([*guide(rising), *rising])
        points = np.clip([*luck.random(500), *rising[:-1], *(np.arange(count) / count)], 1e-9, 1)
        points = points[points < 1]
        expected = np.searchsorted(rising[:-1], points, side="right")
        found = _found(held.ctypes.data + 8 * count, count, points)
        assert found.tolist() == expected.tolist()


@njit
def _taken(s: int, times: "np.ndarray", kinds: "np.ndarray", again: int) -> "np.ndarray":
    """Push all; take all, and after each of the first plan one more."""
    for n in range(len(times)):
        push(s, times[n], ordered(s, kinds[n], n))
    found = np.empty((len(times) + again, 2), np.int64)
    for n in range(len(found)):
        filled(s)
        order, now = get(get(s, at.EVENT), 0), get(get(s, at.EVENT), 1)
        found[n] = now, order
        pop(s)
        if n < again:
            push(s, now + n % 7, ordered(s, n % 5, n))
    return found


def test_events_come_in_order() -> None:
    """By time, then by kind, then as they were planned; with many at the same time."""
    luck = np.random.default_rng(1)
    for count in (1, 2, 5, 6, 300):
        run = Run(tables_of(model_of(json.dumps(FIVE))), seed=1, keep=False)
        times, kinds = luck.integers(0, 40, count), luck.integers(0, 5, count)
        found = _taken(run.head.ctypes.data, times, kinds, 2 * count)[2 * count :]
        assert found.tolist() == sorted(found.tolist())
        assert len({order for _, order in found.tolist()}) == len(found)
