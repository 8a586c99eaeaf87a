"""A model is written and read again as the same model, whatever it says."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for
from twin_models import EVERYTHING, FIVE

from onesystem.twin import model_of
from onesystem.twin.network.schema import schema
from onesystem.twin.network.writing import model_json, model_text

_number = st.floats(0.01, 1000, allow_nan=False)
_level = st.sampled_from(["a", "b"])
_node = st.sampled_from(["A", "B", "C"])

_distributions = st.one_of(
    _number,
    st.builds(lambda m: {"exponential": {"mean": m}}, _number),
    st.builds(lambda m, c: {"lognormal": {"mean": m, "cv": c}}, _number, _number),
    st.builds(lambda k, m: {"erlang": {"k": k, "mean": m}}, st.integers(1, 9), _number),
    st.builds(lambda v: {"quantiles": sorted(v)}, st.lists(_number, min_size=2, max_size=5)),
    st.builds(lambda v: {"discrete": {"values": v, "p": [1 / len(v)] * len(v)}},
              st.lists(_number, min_size=1, max_size=4)),
    st.builds(lambda p: {"hyperexponential": {"p": [p, 1 - p], "means": [1, 2]}}, st.floats(0, 1)),
)  # fmt: skip


def _dated(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda a, t, b: {"from": [[0, a], [t, b]]}, one, _number, one)


def _chosen(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    by = st.builds(lambda a, b: {"by": "class", "a": a, "other": b}, one, one)
    return st.one_of(by, _dated(one))


_stays = st.recursive(_distributions, _chosen, max_leaves=4)
_routes = st.recursive(
    st.one_of(
        _node,
        st.just("out"),
        st.just("pathway"),
        st.builds(lambda p: {"B": p, "out": 1 - p}, st.floats(0, 1)),
        st.just({"shortest": ["B", "C"]}),
    ),
    lambda one: st.one_of(
        _chosen(one),
        st.builds(lambda p, a, b: [[p, a], [1 - p, b]], st.floats(0, 1), one, one),
        st.builds(lambda n, k, a, b: {"when": {"node": n, k: 2}, "then": a, "otherwise": b},
                  _node, st.sampled_from(["waiting_over", "inside_over"]), one, one),
    ),
    max_leaves=4,
)  # fmt: skip
_schedules = st.one_of(
    st.integers(0, 99),
    st.builds(lambda a, b: {"changes": [[0, a], [8, b]], "every": 24},
              st.integers(0, 9), st.integers(1, 9)),
)  # fmt: skip
_staffing = st.one_of(_schedules, _dated(_schedules))
_later = st.one_of(
    st.builds(lambda r: {"rate": r}, _number),
    st.builds(lambda r: {"rates": r, "every": 24}, st.lists(_number, min_size=1, max_size=4)),
    st.builds(lambda g: {"gaps": g}, _distributions),
)
_processes = st.one_of(_later, _dated(_later), st.builds(lambda n: {"people": n},
                                                         st.integers(0, 9)))  # fmt: skip
_present = st.one_of(
    st.builds(lambda n, c, t, k: {"node": n, "class": c, "elapsed": t, "count": k},
              _node, _level, _number, st.integers(1, 9)),
    st.builds(lambda n, c, t: {"node": n, "class": c, "waiting": t, "frailty": "fit"},
              _node, _level, _number),
)  # fmt: skip


@st.composite
def _models(draw: st.DrawFn) -> dict[str, Any]:
    node = {"service": draw(_stays), "next": draw(_routes), "patience": draw(_stays)}
    node["servers"] = draw(st.one_of(st.just("infinite"), _staffing))
    return {
        **EVERYTHING,
        "nodes": {**EVERYTHING["nodes"], "A": EVERYTHING["nodes"]["A"] | node},
        "pools": {"staff": draw(_staffing)},
        "arrivals": {"in": {"node": "A", "class": {"a": 0.5, "b": 0.5}} | draw(_processes)},
        "inside": draw(st.lists(_present, max_size=3)),
    }


@given(_models())
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_as_the_same(said: dict[str, Any]) -> None:
    model = model_of(json.dumps(said))
    written = model_text(model)
    assert model_of(written) == model
    validator_for(schema()).validate(json.loads(written))


@pytest.mark.parametrize("said", [FIVE, EVERYTHING])
def test_the_models_at_hand(said: dict[str, Any]) -> None:
    model = model_of(json.dumps(said))
    assert model_of(model_text(model)) == model


def test_what_needs_no_word_is_left_out() -> None:
    said = {"nodes": {"A": {"service": 1.0}}, "arrivals": {"in": {"node": "A", "rate": 2.0}},
            "horizon": 10.0}  # fmt: skip
    written = model_json(model_of(json.dumps(said)))
    assert written["nodes"] == said["nodes"]
    assert written.keys() == said.keys()
