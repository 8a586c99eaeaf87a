"""By when a request is due at its service, as SQL: thousands are ordered and counted by it.

The rule is that of `timers.clock` for one request, and a test holds the two equal. What is the
sender's to do has no clock here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    IN_PROGRESS,
    NEW,
    URGENCIES,
    words_of,
)
from onesystem.vocabulary.said import say

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
NEVER = 2**62  # microseconds: no clock runs
_AT = "coalesce(r.at, r.recorded)"
_SINCE = "(CASE WHEN r.since = 0 THEN r.recorded ELSE r.since END)"


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours of a service by urgency, in the order of URGENCIES: until it looks, and answers.

    `orders`: it makes tests, and what a source asks of it without a word for the kind is one.
    """

    triage: tuple[int, ...]
    answer: tuple[int, ...]
    orders: bool = False

    @property
    def kind(self) -> str:
        """What a request without a word for its kind is."""
        return "order" if self.orders else "referral"


@lru_cache(maxsize=256)
def due_sql(clock: Clock) -> str:
    """When a request `r` is due, in microseconds; NEVER where no clock runs."""
    new = ", ".join(f"'{state}'" for state in sorted(NEW))
    answers = ("order", "advice", "") if clock.orders else ("order", "advice")
    kinds = ", ".join(f"'{kind}'" for kind in answers)
    least = tuple(map(min, clock.triage, clock.answer))
    advice = _later(_after(_AT, clock.triage), _after(_SINCE, clock.triage))
    other = _later(_after(_AT, clock.answer), _after(_SINCE, least))
    return (
        f"CASE WHEN r.state IN ({new}) THEN {_after(_SINCE, clock.triage)}"
        f" WHEN r.state = '{ACCEPTED}' AND r.kind = 'advice' THEN {advice}"
        f" WHEN r.state = '{ACCEPTED}' THEN {other}"
        f" WHEN r.state = '{BOOKED}' AND r.booked IS NOT NULL THEN r.booked + {_DAY}"
        f" WHEN r.state = '{IN_PROGRESS}' AND r.kind IN ({kinds})"
        f" THEN {_after(_SINCE, clock.answer)} ELSE {NEVER} END"
    )


def _later(one: str, other: str) -> str:
    return f"(CASE WHEN {one} > {other} THEN {one} ELSE {other} END)"


def _after(moment: str, hours: tuple[int, ...]) -> str:
    """A moment and the hours of the urgency; what is nobody's word for one is routine."""
    said: Mapping[str, int] = dict(zip(URGENCIES, hours, strict=True))
    cases = " ".join(
        f"WHEN {_listed(words_of(urgency))} THEN {said[urgency] * _HOUR}"
        for urgency in URGENCIES[1:]
    )
    return say(
        "({moment} + CASE {cases} ELSE {said} END)",
        moment=moment,
        cases=cases,
        said=said[URGENCIES[0]] * _HOUR,
    )


def _listed(words: tuple[str, ...]) -> str:
    return f"lower(r.urgency) IN ({', '.join(repr(word) for word in words)})"
