"""Posts and who fills them, by practice and by specialty. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onesystem.vocabulary.said import say, say_each

KINDS = say_each(
    {"practice": "Practice", "specialty": "Hospital department", "service": "Other service"}
)
# "Many hospital departments - especially A&E, Stroke, Medicine for the Elderly - report increasing
# difficulty in recruiting consultants" (16 May 2014).
HARD = ("a&e", "accident", "emergency", "stroke", "elderly", say("older people"), "geriatric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Posts of a role at a place, as they were counted: hundredths of a full-time one."""

    kind: str
    place: str
    name: str
    role: str
    posts: int
    filled: int
    counted: date

    @property
    def vacant(self) -> int:
        """What nobody fills; nothing where more are there than posts."""
        return max(0, self.posts - self.filled)

    @property
    def hard(self) -> bool:
        """Whether it is of the departments that the seed names as hard to recruit for."""
        return self.kind == "specialty" and any(word in self.name.casefold() for word in HARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacant:
    """Posts of a role together: the rate, and how many places have a vacancy of it."""

    role: str
    kind: str
    posts: int
    vacant: int
    places: int
    with_one: int

    @property
    def rate(self) -> float:
        """The part of posts that nobody fills."""
        return self.vacant / self.posts if self.posts else 0.0

    @property
    def places_share(self) -> float:
        """The part of places with at least one vacancy: "almost half of all surgeries"."""
        return self.with_one / self.places if self.places else 0.0


def together(rows: Iterable[Posts]) -> list[Vacant]:
    """By kind of place and role."""
    found: dict[tuple[str, str], list[Posts]] = {}
    for row in rows:
        found.setdefault((row.kind, row.role), []).append(row)
    return [
        Vacant(role=role, kind=kind, posts=sum(r.posts for r in some),
               vacant=sum(r.vacant for r in some), places=len({r.place for r in some}),
               with_one=len({r.place for r in some if r.vacant}))
        for (kind, role), some in sorted(found.items())
    ]  # fmt: skip
