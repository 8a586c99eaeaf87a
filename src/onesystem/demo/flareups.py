"""Flare-ups of chronic lung disease, and who of them need not go to a hospital.

Until the district decides otherwise, whoever has one is taken to hospital. A decision in force
gives some of them a way that ends at home: see `ways`. The shares are stated in docs/explanation.
"""

from dataclasses import dataclass

import numpy as np

from onesystem.demo.hours import months
from onesystem.demo.seconds import DAY

REASON, COMPLAINT = "COPD flare-up", "Breathlessness"
_AGES, _SHARE = [0, 40, 50, 65, 80, 104], [0, 0, 0.09, 0.15, 0.15, 0.11]  # of who comes to an ED
_BY_MONTH = np.array([1.45, 1.35, 1.2, 1.0, 0.8, 0.7, 0.6, 0.65, 0.8, 1.0, 1.15, 1.4])
_ADMITTED = 0.62  # the chance of each to be admitted, before hospitals are held to their returns
EPISODE = 7  # days that one at home lasts, as the package of the care room says


@dataclass(frozen=True)
class Way:
    """A way that ends at home, in force from one second up to another.

    `part` of those whom it is for take it; `back` of them come to hospital all the same within a
    month. `places` is how many it can look after at once, 0 where nothing limits it.
    """

    kind: str  # flare-up, ambulance
    since: int
    until: int
    part: float
    back: float = 0.0
    places: int = 0


def flare(age: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which of those who come to an ED come with a flare-up."""
    chance = np.interp(age, _AGES, _SHARE) * _BY_MONTH[months(at // DAY)]
    return np.asarray(rng.random(len(at)) < chance)


def likelier(chance: np.ndarray, flares: np.ndarray) -> np.ndarray:
    """Chances of being admitted: those with a flare-up are so by long habit."""
    return np.where(flares, np.maximum(chance, _ADMITTED), chance)


def spared(
    ways: tuple[Way, ...], seen: dict[str, np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(who stays at home, who of them comes all the same later), of those in `seen`."""
    count = len(seen["at"])
    home, back = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    draw, again = rng.random(count), rng.random(count)
    for way in ways:
        open_now = (seen["at"] >= way.since) & (seen["at"] < way.until)
        takes = open_now & _meant(way, seen) & (draw < way.part) & ~home
        takes = _room(takes, seen["at"], way.places)
        home |= takes
        back |= takes & (again < way.back)
    return home, back


def _meant(way: Way, seen: dict[str, np.ndarray]) -> np.ndarray:
    """Those with a flare-up; or whom an ambulance would carry although none of them needs a bed."""
    if way.kind == "flare-up":
        return seen["flare"]
    grown = seen["age"] >= 18
    return np.asarray(seen["ambulance"] & ~seen["admitted"] & ~seen["flare"] & grown)


def _room(takes: np.ndarray, at: np.ndarray, places: int) -> np.ndarray:
    """Only as many at a time as there are places; the others go to hospital as ever."""
    if not places:
        return takes
    kept = np.zeros(len(takes), dtype=bool)
    ends: list[int] = []
    rows = np.flatnonzero(takes)
    for row in rows[np.argsort(at[rows], kind="stable")].tolist():
        now = int(at[row])
        ends = [end for end in ends if end > now]
        if len(ends) < places:
            ends.append(now + EPISODE * DAY)
            kept[row] = True
    return kept
