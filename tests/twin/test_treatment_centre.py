"""A published model and its published means: treat-sim 3.0.0, 50 runs of each of six options.

The means are those of the notebook `test_package` of stars-treat-sim (MIT licence).
"""

from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from onesystem.twin import Model, model_of, replications
from onesystem.twin.network import layout as at
from onesystem.twin.network.distributions import Lognormal
from onesystem.twin.network.model import Schedule

_RUNS, _THEIRS = 400, 50
_FEWER_EXAMS = {"Triage": 2, "Examination": 2}
_OPTIONS: dict[str, tuple[dict[str, int], tuple[float, ...]]] = {
    # arrivals; waits for triage, registration, examination, treatment; time of others; wait for
    # stabilisation, trauma treatment; time of trauma; people who were finished
    "base": ({}, (227.72, 35.243019, 105.572644, 25.552525, 136.660635, 234.335783, 151.680557,
                  14.305044, 292.280487, 162.16)),
    "triage+1": ({"Triage": 2}, (227.72, 1.325176, 135.915119, 26.688866, 138.575405, 232.133275,
                                 175.135269, 14.997287, 282.783517, 162.92)),
    "exam+1": ({"Examination": 4}, (227.72, 35.243019, 105.572644, 0.146565, 151.808204,
                                    223.063821, 151.680557, 14.305044, 292.280487, 165.88)),
    "treat+1": ({"Treatment": 2}, (227.72, 35.243019, 105.572644, 25.552525, 2.280962, 192.191909,
                                   151.680557, 14.305044, 292.280487, 195.3)),
    "swap": (_FEWER_EXAMS, (227.72, 1.325176, 135.915119, 148.865965, 33.568594, 280.729440,
                            175.135269, 14.997287, 282.783517, 138.54)),
    "short": (_FEWER_EXAMS, (227.72, 1.325176, 135.915119, 66.003847, 111.337103, 244.797808,
                             175.135269, 14.997287, 282.783517, 156.6)),
}  # fmt: skip


def _centre() -> Model:
    return model_of((files("onesystem.twin") / "examples/treatment-centre.json").read_bytes())


def _said(model: Model) -> Any:
    """A row for each run, with the ten figures."""
    rows, nodes, classes = [], list(model.nodes), len(model.classes)
    for run in replications(model):
        by_node = run.count.reshape(len(nodes) + 1, classes, -1)
        whole = by_node[-1]

        def wait(name: str, by_node: Any = by_node) -> float:
            met = by_node[nodes.index(name)].sum(axis=0)
            return float(met[at.SUM_WAIT] / met[at.STARTED] / at.TICKS) if met[at.STARTED] else 0.0

        trauma, other = whole[:, at.SUM_WAIT] / whole[:, at.FINISHED] / at.TICKS
        rows.append(
            [
                whole[:, at.ARRIVED].sum(), wait("Triage"), wait("Registration"),
                wait("Examination"), wait("Treatment"), other, wait("Stabilisation"),
                wait("Trauma treatment"), trauma, whole[:, at.FINISHED].sum(),
            ]
        )  # fmt: skip
    return np.array(rows, float)


@pytest.mark.parametrize("option", _OPTIONS)
def test_the_published_means(option: str) -> None:
    """Within four standard errors of their 50 runs and our 400 together."""
    servers, published = _OPTIONS[option]
    model = replace(_centre(), replications=_RUNS)
    nodes = {
        name: replace(node, servers=Schedule(((0, servers[name]),))) if name in servers else node
        for name, node in model.nodes.items()
    }
    if option == "short":
        nodes["Examination"] = replace(nodes["Examination"], service=Lognormal(12, 3**0.5 / 12))
    rows = _said(replace(model, nodes=nodes))
    error = rows.std(axis=0, ddof=1) * np.sqrt(1 / _RUNS + 1 / _THEIRS)
    assert (np.abs(rows.mean(axis=0) - published) < 4 * error).all(), rows.mean(axis=0)
