"""What a charter says: principles, who must be there, the ladder of disagreements. Pure.

The text that is signed is this and nothing else: rules of deciding are part of what members sign,
so a change of a rule is a new version that they sign anew.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Final

import orjson

# What happens to a proposal that was opened under one version when the next comes into force.
MIDWAY: Final[Mapping[str, str]] = {
    "again": "it is heard again under the new charter: everybody who decides has signed the "
    "same text, so whoever spoke under the old one is asked anew",
    "finish": "it is decided under the charter under which it was opened",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """One promise of those who sign."""

    code: str
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """What a meeting needs to decide. A `share` of those entitled, and never fewer than `least`.

    `chair`: the chair or the deputy; `community`: so many community seats; `funders`: somebody of
    each funder whose money is asked for. No source fixes the share: each alliance sets its own.
    """

    LED: ClassVar[str] = "neither the chair nor the deputy is there"  # else
    share: Fraction = Fraction(1, 2)
    least: int = 5
    chair: bool = True
    community: int = 1
    funders: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceQuorum(Quorum):
    """What a service alliance needs: whoever leads it, and half of its members, two at least."""

    LED: ClassVar[str] = "whoever leads the service alliance is not there"
    least: int = 2
    community: int = 0
    funders: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder: who tries to settle it, within how many days, before it climbs."""

    name: str
    who: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A competence that the alliance wants among its members: so many who do it or lead it."""

    code: str
    name: str
    least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """A version of the charter as it is signed."""

    name: str
    purpose: str
    test: str = "best for people, best for the system"
    principles: tuple[Principle, ...] = ()
    quorum: Quorum = Quorum()
    ladder: tuple[Rung, ...] = ()
    competences: tuple[Need, ...] = ()
    midway: str = "again"
    notice_days: int = 90  # of a party that leaves
    renew_days: int = 365  # how long a declaration of interests holds
    beside: str = ""  # with which agreement it is read
    review: date | None = None
    source: str = ""


def written(charter: Charter) -> str:
    """The text as it is kept: JSON whose digest is what somebody signs."""
    body = asdict(charter)
    body["quorum"]["share"] = str(charter.quorum.share)
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def read(body: str) -> Charter:
    """A charter from what is kept."""
    return of(orjson.loads(body))


def of(said: Mapping[str, Any]) -> Charter:
    """A charter from plain values, as JSON and TOML give them."""
    plain = dict(said)
    quorum = dict(plain.pop("quorum", {}))
    if "share" in quorum:
        quorum["share"] = Fraction(quorum["share"])
    review = plain.pop("review", None)
    return Charter(
        quorum=Quorum(**quorum),
        principles=tuple(Principle(**each) for each in plain.pop("principles", ())),
        ladder=tuple(Rung(**each) for each in plain.pop("ladder", ())),
        competences=tuple(Need(**each) for each in plain.pop("competences", ())),
        review=date.fromisoformat(review) if isinstance(review, str) else review,
        **plain,
    )
