"""By when a request is due at a service, as SQL, so that thousands are ordered and counted by it.

The same rule as for one request (`timers`), and a test holds the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from onesystem.care.requests.states import ACCEPTED, BOOKED, NEW, URGENCIES, words_of

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
NEVER = 2**62  # microseconds: no clock runs


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours of a service by urgency, in the order of URGENCIES: until triage, until the answer."""

    triage: tuple[int, ...]
    answer: tuple[int, ...]


@lru_cache(maxsize=256)
def due_sql(clock: Clock) -> str:
    """When a request `r` is due, in microseconds; NEVER where no clock runs."""
    new = ", ".join(f"'{state}'" for state in sorted(NEW))
    return (
        f"CASE WHEN r.state IN ({new}) THEN r.since + {_hours(clock.triage)}"
        f" WHEN r.state = '{ACCEPTED}' THEN coalesce(r.at, r.recorded) + {_hours(clock.answer)}"
        f" WHEN r.state = '{BOOKED}' THEN coalesce(r.booked, r.since) + {_DAY}"
        f" ELSE {NEVER} END"
    )


def _hours(hours: tuple[int, ...]) -> str:
    """Hours by urgency, as microseconds; what is nobody's word is routine."""
    said: Mapping[str, int] = dict(zip(URGENCIES, hours, strict=True))
    cases = " ".join(
        f"WHEN {_listed(words_of(urgency))} THEN {said[urgency] * _HOUR}"
        for urgency in URGENCIES[1:]
    )
    return f"(CASE {cases} ELSE {said[URGENCIES[0]] * _HOUR} END)"


def _listed(words: tuple[str, ...]) -> str:
    return f"lower(r.urgency) IN ({', '.join(repr(word) for word in words)})"
