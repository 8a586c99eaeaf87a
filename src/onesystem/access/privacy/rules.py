"""Which looks need a second look, and why. Pure: a look and what is known about both sides.

A rule says "look again", never "wrong": a nurse called Smith may nurse a Smith. The words that
the privacy officer reads say what would make the look right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from onesystem.access.lines import SHARED

AFTER_DISCHARGE = timedelta(days=7)  # letters and results take a few days
MANY, TIMES = 50, 3  # people a day: never unusual below, and how far above the usual
STRANGERS = 3  # people whom somebody was refused in an hour
KNOWN_LOOKS, NEAR, RARE = 30, 2, 0.01  # looks before an hour can be unusual; hours; share


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason for a second look: its name in lists, what it means, what to check."""

    name: str
    about: str
    check: str


RULES: Mapping[str, Rule] = {
    "break-glass": Rule(
        "Broke the glass",
        "They opened the record without a tie, with a reason, for a few hours.",
        "Does the reason hold, and was the person in their care that day?",
    ),
    "question": Rule(
        "The person asks",
        "The person, or someone who acts for them, asks about a look.",
        "Answer them in plain words; what you write as the answer is shown to them.",
    ),
    "well-known": Rule(
        "Well-known person",
        "The person is on your list of people whose record draws looks.",
        "Was it their turn to care for this person?",
    ),
    "self": Rule(
        "Own record",
        "They looked at their own record with their work sign-in.",
        "Remind them of their own page, My record.",
    ),
    "colleague": Rule(
        "Colleague",
        "The person works here too.",
        "Did the colleague come to them for care?",
    ),
    "same-name": Rule(
        "Same family name",
        "The person has the family name of whoever looked.",
        "Are they related? Was someone else free to do it?",
    ),
    "neighbour": Rule(
        "Neighbour",
        "The person lives in the postcode of whoever looked.",
        "Do they know each other? Was someone else free to do it?",
    ),
    "no-tie": Rule(
        "No relationship",
        "Nothing in the record ties their organisation to the person.",
        "Was a visit or a referral not registered yet?",
    ),
    "strangers": Rule(
        "Tried several strangers",
        "They were refused three or more people within an hour.",
        "What were they looking for?",
    ),
    "after-discharge": Rule(
        "After discharge",
        "The person left their organisation more than a week before.",
        "Was there a result, a letter or a complaint to deal with?",
    ),
    "unusual-volume": Rule(
        "Unusually many people",
        "They opened far more people that day than they usually do.",
        "Was there a list to work through?",
    ),
    "unusual-hour": Rule(
        "Unusual hour",
        "They hardly ever look at this time of day.",
        "Were they on a shift or on call?",
    ),
    "volume": Rule(
        "Stopped: too many people",
        "They reached the district's limit of people in an hour and were stopped.",
        "Was there a list to work through, or does something run under their name?",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look of the trail. `local` is by the district's clocks; `why` of a refused one."""

    row: int
    at: datetime
    local: datetime
    actor: str
    organisation: str
    purpose: str
    person: int
    ties: frozenset[str] = frozenset()
    tied: bool = True  # whether the row says anything of ties at all
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """What is known of whoever looked: comparable names, where they live, who they are."""

    families: frozenset[str] = frozenset()
    postcode: str = ""
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is known of whom they looked at."""

    families: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    staff: bool = False
    well_known: bool = False
    left: datetime | None = None  # when they last left the looker's organisation


def reasons(seen: Seen, looker: Looker, face: Face) -> list[str]:
    """The rules that this one look meets by itself, in the order of RULES."""
    if seen.why:
        return []
    mine = looker.person is not None and looker.person == seen.person
    met = {
        "self": mine,
        "well-known": face.well_known,
        "colleague": face.staff and not mine,
        "same-name": bool(looker.families & face.families) and not mine,
        "neighbour": bool(looker.postcode) and looker.postcode in face.postcodes and not mine,
        "no-tie": seen.purpose in SHARED and seen.tied and not seen.ties,
        "after-discharge": _late(seen, face),
    }
    return [rule for rule in RULES if met.get(rule)]


def _late(seen: Seen, face: Face) -> bool:
    only = seen.ties == {"recent"}
    return only and face.left is not None and seen.at - face.left > AFTER_DISCHARGE


def unusually_many(today: int, days: Sequence[int]) -> bool:
    """Whether that many people in a day are far above the days before."""
    usual = median(days) if days else 0
    return today > max(MANY, TIMES * usual)


def unusual_hour(hour: int, hours: Sequence[int]) -> bool:
    """Whether somebody hardly ever looks about that hour (0 to 23). `hours`: of earlier days."""
    if len(hours) < KNOWN_LOOKS:
        return False
    near = sum(min((hour - h) % 24, (h - hour) % 24) <= NEAR for h in hours)
    return near < RARE * len(hours)


def strangers(refused: Sequence[tuple[datetime, int]], at: datetime) -> bool:
    """Whether so many different people were refused in the hour before. (when, person) each."""
    return len({p for when, p in refused if at - when <= timedelta(hours=1)}) >= STRANGERS
