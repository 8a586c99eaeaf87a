"""Models to test with: five services, and one that says everything that a model can say."""

import json
from pathlib import Path
from typing import Any

FIVE = json.loads((Path(__file__).parents[1] / "data/twin/five-nodes.json").read_text())
EVERYTHING: dict[str, Any] = {
    "$schema": "x",
    "name": "everything",
    "unit": "minute",
    "starts": "2026-01-05T08:00:00Z",
    "horizon": 100,
    "step": 30,
    "living": {"a": 1000, "b": 50.5},
    "warm_up": 10,
    "replications": 2,
    "seed": 3,
    "classes": {"a": 0, "b": 1},
    "attributes": {
        "frailty": {"levels": ["fit", "frail"], "shares": {"by": "class", "a": {"fit": 1},
                                                           "other": {"fit": 0.5, "frail": 0.5}}}
    },
    "pools": {"staff": {"changes": [[0, 3], [480, 1]], "every": 1440}},
    "pathways": {"a": ["A", "B"]},
    "nodes": {
        "A": {
            "servers": {"changes": [[0, 2], [60, 1]], "every": 120},
            "service": {"by": "frailty", "fit": 1, "frail": {"by": "class", "other": {"gamma": {
                "mean": 2, "cv": 1}}}},
            "next": {"by": "class", "a": "pathway",
                     "b": [[0.5, "B"], [0.5, {"shortest": ["B", "C"]}]]},
            "shift": "interrupt", "preempt": "resume", "patience": {"exponential": {"rate": 1}},
            "leave_to": "C", "balk": [0, 0.5, 1], "uses": {"staff": 1}, "discipline": "last",
            "priority": {"b": -1},
            "becomes": {"frailty": {"fit": {"frail": 0.1, "fit": 0.9}}},
            "place": "The town", "setting": "ED",
        },
        "B": {"servers": 1, "service": {"lognormal": {"mu": 0, "sigma": 1}}, "waiting_room": 3,
              "full": "lose", "overflow": ["C"],
              "next": {"when": {"node": "A", "waiting_over": 2}, "then": "C", "otherwise": "out"}},
        "C": {"service": {"quantiles": {"values": [0, 1, 4], "p": [0, 0.5, 1]}},
              "servers": "infinite", "waiting_room": None,
              "next": [[0.1, "B"], [0.9, {"clock": [0, 0.5, 1], "every": 24, "then": "B",
                                          "otherwise": "out"}]]},
    },
    "arrivals": {
        "one": {"node": "A", "class": {"a": 0.5, "b": 0.5}, "rates": [1, 2], "every": 24},
        "two": {"node": "B", "class": "b", "gaps": {"erlang": {"k": 2, "mean": 3}},
                "batch": {"discrete": {"values": [1, 2], "p": [0.9, 0.1]}},
                "begins": 5, "ends": 50,
                "attributes": {"frailty": {"by": "class", "other": {"frail": 0.25, "fit": 0.75}}}},
        "three": {"node": "C", "class": "a", "people": 2},
        "four": {"node": "C", "class": "b",
                 "from": [[0, {"rate": 1}], [9, {"rates": [1, 2], "every": 24}]]},
    },
    "inside": [
        {"node": "A", "class": "a", "elapsed": 31.5, "frailty": "frail", "count": 2},
        {"node": "A", "class": "b", "waiting": 2},
    ],
}  # fmt: skip
