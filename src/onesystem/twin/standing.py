"""The model that the pages try changes on: that of the district, or a plain example."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.twin.examples import text as example_text
from onesystem.twin.network.checks import checked
from onesystem.twin.network.loads import loads, ways
from onesystem.twin.network.model import Model
from onesystem.twin.network.reading import model_of

FILE, REPORT = "twin.json", "twin.report.json"


@dataclass(frozen=True)
class Standing:
    """A model, what it is known by, whether it is the district's own, and what comes to it.

    `ways` are people a unit of time from a service to another; `report` says how far to trust it.
    """

    model: Model
    digest: str
    own: bool
    loads: Mapping[str, float]
    ways: Mapping[tuple[str, str], float]
    report: Mapping[str, Any] | None


def standing(folder: Path) -> Standing:
    """The model in the folder of a district; the example where there is none. Raises BadConfig."""
    own = (folder / FILE).is_file()
    text = (folder / FILE).read_text(encoding="utf-8") if own else example_text()
    report = folder / REPORT
    said = report.read_text(encoding="utf-8") if own and report.is_file() else ""
    return _read(text, said, own)


@lru_cache(maxsize=4)
def _read(text: str, said: str, own: bool) -> Standing:
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    model = checked(model_of(text, FILE))
    report = json.loads(said) if said else None
    return Standing(model, digest, own, loads(model), ways(model), report)
