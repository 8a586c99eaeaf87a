"""Sharing agreements: which organisations share what, with whom, for what, under which law.

Data as dated rows. An organisation always sees what its own sources sent. A district that has
never kept an agreement goes by the default: its organisations share all kinds for direct care and
care coordination. The first agreement that is kept ends the default, also after it has itself
ended: taking an agreement away never opens anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.access.kinds import EVERY

ANYONE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement. `organisations` are codes of district.toml, or `*` for all of them."""

    number: int = 0
    name: str
    organisations: frozenset[str]
    purposes: frozenset[str]
    labels: int = 0
    basis: str = ""
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)

    def joins(self, owner: str, asks: frozenset[str]) -> bool:
        """Whether both sides are party to it; with `*`, the asker has to be somebody."""
        if ANYONE in self.organisations:
            return bool(asks)
        return owner in self.organisations and bool(asks & self.organisations)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What an asker's organisations may see of each source, on a day, for a purpose.

    `owners`: the organisation of each source that district.toml declares.
    """

    agreements: tuple[Agreement, ...]  # in force, and for the purpose
    by_default: bool
    asks: frozenset[str]
    owners: Mapping[str, str]

    def mask(self, source: str) -> int | None:
        """The sensitive kinds that are shared of a source; None where nothing of it is."""
        owner = self.owners.get(source, "")
        if self.by_default or (owner and owner in self.asks):
            return EVERY
        masks = [a.labels for a in self.agreements if a.joins(owner, self.asks)]
        if not masks:
            return None
        mask = 0
        for each in masks:
            mask |= each
        return mask


def sharing(
    agreements: tuple[Agreement, ...],
    *,
    asks: frozenset[str],
    purpose: str,
    day: date,
    owners: Mapping[str, str],
) -> Sharing:
    """What is shared. `agreements` are all that the district ever kept."""
    now = tuple(a for a in agreements if purpose in a.purposes and a.on(day))
    return Sharing(now, not agreements, asks, owners)
