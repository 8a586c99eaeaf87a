"""What a run came to in the first week, month and year after a moment: by replication. Pure.

Runs are told day by day (`Replication.steps`); a window is so many of those days. Differences are
of the same replication on the same random numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import UNITS, Model
from onesystem.vocabulary import Setting

WINDOWS = {"week": 7, "month": 30, "year": 364}
FIGURES = {
    "waiting": ("Days waited, all services", "days", -1),
    "for a bed": ("Days waited for a bed on a ward", "days", -1),
    "for a home": ("Days waited for a place in a care home", "days", -1),
    "in ED": ("Days waited in emergency departments", "days", -1),
    "for a GP": ("Days waited for general practice", "days", -1),
    "blocked": ("Days in a place for want of the next", "days", -1),
    "in beds": ("Days in ward beds", "days", 0),
    "in homes": ("Days in care homes", "days", 0),
    "gridlock": ("Days with gridlock somewhere", "days", -1),
}
Windows = Mapping[tuple[str, str], Any]
_WARDS = (Setting.WARD.value, Setting.REHABILITATION.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A model's runs day by day from a day on: replications by days, for each figure."""

    by_day: Mapping[str, Any]

    def windows(self) -> Windows:
        """Each figure in each window, one value a replication."""
        return {
            (figure, name): values[:, :days].sum(axis=1)
            for figure, values in self.by_day.items() for name, days in WINDOWS.items()
        }  # fmt: skip


def days_of(model: Model, runs: Iterable[Any], first: int) -> Days:
    """Figures by day from day `first` on, of runs with a step of a day."""
    day = 86_400 / UNITS[model.unit] * at.TICKS
    parts: dict[str, list[Any]] = {name: [] for name in FIGURES}
    known = [node.setting for node in model.nodes.values()]
    masks = {
        "waiting": np.ones(len(known), bool), "for a bed": _of(known, _WARDS),
        "in ED": _of(known, (Setting.ED.value,)),
        "for a GP": _of(known, (Setting.GENERAL_PRACTICE.value,)),
    }  # fmt: skip
    masks["for a home"] = homes = _of(known, (Setting.CARE_HOME.value,))
    beds = _of(known, (Setting.WARD.value,))
    for run in runs:
        steps = run.steps[first:]
        waits, blocked = steps[:, :, at.A_WAITING] / day, steps[:, :, at.A_BLOCKED] / day
        busy = steps[:, :, at.A_BUSY] / day
        for name, mask in masks.items():
            parts[name].append(waits[:, mask].sum(axis=1))
        parts["blocked"].append(blocked.sum(axis=1))
        parts["in beds"].append(busy[:, beds].sum(axis=1))
        parts["in homes"].append(busy[:, homes].sum(axis=1))
        full = (steps[:, :, at.A_FULL] > 0) & (steps[:, :, at.A_BLOCKED] > 0)
        parts["gridlock"].append(full.any(axis=1).astype(float))
    return Days(by_day={name: np.array(each) for name, each in parts.items()})


def _of(known: Sequence[str], wanted: Sequence[str]) -> Any:
    return np.array([each in wanted for each in known], bool)
