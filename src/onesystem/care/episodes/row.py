"""An episode as one line of a list. Pure."""

from dataclasses import dataclass
from datetime import datetime

from onesystem.care.episodes.numbers import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An episode on a board. `name` is empty where who asks does not look after the person."""

    episode: int
    person: int
    name: str
    package: str
    title: str
    purpose: str
    service: str
    services: tuple[str, ...]
    state: str
    at: datetime
    planned: datetime | None
    started: datetime | None
    until: datetime | None
    review: datetime | None
    ended: datetime | None
    outcome: str
    cap: int
    allowed: int
    total: int
    escalations: int
    stay: int
    kept: int = 0  # days in hospital after they could have gone, and those without a reason
    unexplained: int = 0
    returned: int = 0  # orders that their service did not take

    @property
    def reference(self) -> str:
        """Its number as people read it out."""
        return reference(self.episode)

    @property
    def share(self) -> int:
        """How much of the cap is used, in whole per cent."""
        return round(100 * self.total / self.cap) if self.cap else 0
