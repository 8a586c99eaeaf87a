"""Trained weights as data: `linkage.json` in the district folder, or the ones that are shipped.

The shipped weights were trained on UK-like records, so that a fresh district links well from its
first record on. `onesystem people train` writes a district's own.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.people.compare import COMPARISONS
from onesystem.people.scorer import Field, Scorer, Weights
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

FILE = "linkage.json"
SHIPPED = Path(__file__).parent / "data" / FILE
_FORMAT = 1


def scorer_for(folder: Path) -> Scorer:
    """The scorer of a district: its own weights where it has trained some."""
    own = f"{folder}/{FILE}"
    try:
        stamp = os.stat(own).st_mtime_ns  # noqa: PTH116  a Path costs more than the look
    except FileNotFoundError:
        return _scorer(str(SHIPPED), 0)
    return _scorer(own, stamp)


@lru_cache(maxsize=4)
def _scorer(path: str, _stamp: int) -> Scorer:
    return Scorer(read(Path(path)))


def read(path: Path) -> Weights:
    """The weights in that file. Raises BadConfig."""
    cure = say(
        "Train again with: onesystem people train; or remove the file to use the shipped ones."
    )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != _FORMAT:
            raise BadConfig(
                say("{path} has the format {format}", path=path, format=repr(raw["format"])), cure
            )
        return of_dict(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, BadConfig):
            raise
        raise BadConfig(
            say("{path} does not hold linkage weights: {error}", path=path, error=repr(error)), cure
        ) from error


def of_dict(raw: Mapping[str, Any]) -> Weights:
    """Weights from their JSON form."""
    fields = {}
    for name, each in raw["fields"].items():
        levels = each["levels"]
        if [level["name"] for level in levels] != list(COMPARISONS[name].names):
            raise ValueError(say("the levels of {name} are not the ones compared", name=name))
        fields[name] = Field(
            m=tuple(float(level["m"]) for level in levels),
            u=tuple(float(level["u"]) for level in levels),
            frequencies=each.get("frequencies"),
            rare=float(each.get("rare", 1e-5)),
        )
    return Weights(prior=raw["prior"], link=raw["link"], ask=raw["ask"], fields=fields)


def to_dict(weights: Weights, trained: Mapping[str, object]) -> dict[str, Any]:
    """Their JSON form; `trained` says when, on what and how."""
    fields: dict[str, Any] = {}
    for name, field in weights.fields.items():
        levels = zip(COMPARISONS[name].names, field.m, field.u, strict=True)
        fields[name] = {"levels": [{"name": n, "m": m, "u": u} for n, m, u in levels]}
        if field.frequencies is not None:
            fields[name] |= {"rare": field.rare, "frequencies": dict(field.frequencies)}
    return {
        "format": _FORMAT,
        "trained": dict(trained),
        "prior": weights.prior,
        "link": weights.link,
        "ask": weights.ask,
        "fields": fields,
    }


def write(weights: Weights, folder: Path, *, trained: Mapping[str, object]) -> Path:
    """Keep them with the district; readers see the old file or the new one, never half of one."""
    path = folder / FILE
    part = path.with_suffix(".part")
    part.write_text(json.dumps(to_dict(weights, trained), indent=1), encoding="utf-8")
    os.replace(part, path)  # noqa: PTH105
    return path
