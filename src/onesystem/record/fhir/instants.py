"""A moment that the server answers for, as FHIR writes it."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=1024)  # what came together became known together
def instant(micros: int) -> str:
    """A moment as FHIR writes it."""
    seconds, rest = divmod(micros, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest // 1000:03d}Z"
