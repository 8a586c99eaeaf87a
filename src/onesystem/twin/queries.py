"""What can be asked of the room: scenarios that the actor may see, and models that were run."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from onesystem import access
from onesystem.twin.models import Scenario, Version
from onesystem.twin.network.model import Model
from onesystem.twin.people import living
from onesystem.twin.people.ageing import Year
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.reading import read
from onesystem.vocabulary import NotFound


@dataclass(frozen=True, slots=True)
class Held:
    """A scenario with its latest version."""

    row: Scenario
    version: Version

    @property
    def scenario(self) -> of.Scenario:
        """As the pure rooms know it."""
        return read({"name": self.version.name, "changes": self.version.changes})


def every(*, by: access.Actor) -> list[Held]:
    """The scenarios that are shared, and the actor's own, the latest first."""
    access.require(by, "measures.see")
    rows = Scenario.objects.filter(Q(shared=True) | Q(by=by.name)).order_by("-id")[:500]
    return [_held(row) for row in rows]


def one(scenario: int, *, by: access.Actor) -> Held:
    """One of them. Raises NotFound."""
    access.require(by, "measures.see")
    row = Scenario.objects.filter(Q(shared=True) | Q(by=by.name), id=scenario).first()
    if row is None:
        raise NotFound(f"there is no scenario {scenario}", "See the list of scenarios.")
    return _held(row)


def people_ahead(model: Model, zone: str, *, by: access.Actor, count: int = 20) -> list[Year]:
    """People of the district now, and in each of so many years, by its country's rates.

    Empty where the district knows nobody's age.
    """
    access.require(by, "measures.see")
    return living.ahead(model, zone, count)


def versions(held: Held) -> list[Version]:
    """All versions, the latest first."""
    return list(held.row.versions.order_by("-number"))


def _held(row: Scenario) -> Held:
    version = row.versions.order_by("-number").first()
    assert version is not None  # noqa: S101 - `actions.make` wrote the first
    return Held(row, version)


def question(digest: str, held: Sequence[Held], years: int = 0) -> dict[str, Any]:
    """What is asked of the errands: the model by its digest, the scenarios as they are now.

    With `years`, it is run over so many of a changing population.
    """
    said = [{"name": h.version.name, "changes": h.version.changes} for h in held]
    return {"model": digest, "scenarios": said} | ({"years": years} if years else {})


def key_of(said: Any) -> str:
    """What a run is found by: the content of what was run."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
