"""A synthetic district of 560,000 people for the benchmark of the twin: twelve services, one year.

Rates are made up so that people meet services about as often as they do in England, 27 times a year
in all; nothing here is anybody's figure.
"""

import json
import math
from typing import Any

PEOPLE = 560_000
_DAY = [1 + 0.8 * math.sin(2 * math.pi * (h + 0.5 - 9) / 24) for h in range(24)]


def district(people: int, hours: float) -> str:
    """The model as JSON; capacity and arrivals follow the number of people."""

    def stay(mean: float, cv: float) -> dict[str, Any]:
        return {"lognormal": {"mean": mean, "cv": cv}}

    def places(number: float) -> int:
        return max(1, round(number * people / PEOPLE))

    def inflow(node: str, a_year: float) -> dict[str, Any]:
        rates = [a_year * people / 8766 * hour / (sum(_DAY) / 24) for hour in _DAY]
        return {"node": node, "class": {"urgent": 0.2, "other": 0.8}, "rates": rates, "every": 24}

    beds = {"waiting_room": 0}
    nodes = {
        "Practice": {"servers": places(170), "service": stay(0.25, 0.6),
                     "next": {"Diagnostics": 0.1, "Outpatients": 0.05, "Pharmacy": 0.4,
                              "out": 0.45}},
        "Out of hours": {"servers": places(26), "service": stay(0.4, 0.5),
                         "next": {"ED": 0.1, "Ambulance": 0.05, "out": 0.85}},
        "Ambulance": {"servers": places(24), "service": stay(1.2, 0.4),
                      "next": {"ED": 0.6, "out": 0.4}},
        "ED": {"servers": places(120), "service": stay(2.5, 0.8),
               "patience": {"by": "class", "urgent": 1000, "other": {"exponential": 6}},
               "next": {"Ward": 0.25, "Diagnostics": 0.2, "out": 0.55}},
        "Ward": {"servers": places(1150), **beds, "service": stay(96, 1.2),
                 "next": {"Rehabilitation": 0.06, "Home care": 0.04, "Community nursing": 0.2,
                          "out": 0.7}},
        "Diagnostics": {"servers": places(64), "service": stay(0.3, 0.5)},
        "Outpatients": {"servers": places(95), "service": stay(0.4, 0.5),
                        "next": {"Diagnostics": 0.2, "out": 0.8}},
        "Community nursing": {"servers": places(190), "service": stay(0.6, 0.4),
                              "next": {"Home care": 0.01, "out": 0.99}},
        "Rehabilitation": {"servers": places(165), **beds, "service": stay(240, 0.8),
                           "next": {"Home care": 0.4, "Care home": 0.02, "out": 0.58}},
        "Home care": {"service": stay(300, 1), "next": {"Care home": 0.03, "out": 0.97}},
        "Care home": {"service": stay(6000, 1)},
        "Pharmacy": {"servers": places(125), "service": stay(0.1, 0.5)},
    }  # fmt: skip
    a_year = {"Practice": 6.5, "Out of hours": 0.6, "Ambulance": 0.15, "ED": 0.3, "Ward": 0.05,
              "Diagnostics": 0.8, "Outpatients": 1.9, "Community nursing": 3.0, "Home care": 0.3,
              "Pharmacy": 9.2}  # fmt: skip
    return json.dumps({
        "name": "A synthetic district", "classes": {"urgent": 0, "other": 1}, "nodes": nodes,
        "arrivals": {name: inflow(name, each) for name, each in a_year.items()},
        "horizon": hours, "replications": 1,
    })  # fmt: skip
