"""A request as every room shows it: the care room keeps it, the timeline sets it among contacts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it stands; `request` is its id, made as a contact's is."""

    request: int
    source: str
    key: str
    at: datetime | None
    what: str
    service: str = ""
    urgency: str = ""
    status: str = ""
    by: str = ""
    reason: str = ""
    open: bool = False
