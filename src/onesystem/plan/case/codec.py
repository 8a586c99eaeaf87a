"""A case as plain data, and back: what is printed as JSON, and kept when a case is published."""

from typing import Any

import numpy as np

from onesystem.plan.areas.area import Area
from onesystem.plan.case.figures import Assumption, Case, Figure

_AREA = ("code", "name", "kind", "country", "currency", "region", "note")
_ASSUMED = ("key", "name", "value", "sd", "unit", "shipped", "source")
_TOLD = ("key", "name", "group", "unit", "kind", "source", "setting")
_ENDS = ("low", "middle", "high")


def written(case: Case) -> dict[str, Any]:
    """All of a case but its small areas."""
    return {
        "area": {key: getattr(case.area, key) for key in _AREA},
        "years": list(case.years), "prices": case.prices, "level_year": case.level_year,
        "notes": list(case.notes),
        "assumptions": [{key: getattr(a, key) for key in _ASSUMED} for a in case.assumptions],
        "figures": [
            {key: getattr(each, key) for key in _TOLD}
            | {"now": None if each.now is None else round(each.now, 3)}
            | {end: _plain(row) for end, row in zip(_ENDS, each.values, strict=True)}
            for each in case.figures.values()
        ],
    }  # fmt: skip


def _plain(row: np.ndarray) -> list[Any]:
    return [int(x) for x in row] if row.dtype.kind == "i" else [round(float(x), 2) for x in row]


def read(told: dict[str, Any]) -> Case:
    """The case that was written."""
    figures = [
        Figure(values=np.array([each[end] for end in _ENDS]), now=each["now"],
               **{key: each[key] for key in _TOLD})
        for each in told["figures"]
    ]  # fmt: skip
    return Case(
        area=Area(**told["area"]), years=tuple(told["years"]), prices=told["prices"],
        projection=None, figures={each.key: each for each in figures},
        assumptions=tuple(Assumption(**each) for each in told["assumptions"]),
        level_year=told["level_year"], notes=tuple(told["notes"]),
    )  # fmt: skip
