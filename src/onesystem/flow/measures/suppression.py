"""Small numbers, for those who may not see people.

Each count is moved at random to one of its two neighbours among the multiples of a base, the
nearer the likelier, and a count under the district's threshold is not shown. What chance decides
is fixed by the cell itself, so that asking again gives the same number; and since a total is moved
by its own chance and not by that of its parts, the difference of two shown numbers is known only
to within twice the base. (Stats NZ calls it fixed random rounding.) A mean is shown to three digits
of as many people as are shown, so that two means give nobody's own value away.
"""

import hashlib
from dataclasses import dataclass
from math import floor, log10

BASE = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as somebody may see it; nothing in it where it is hidden."""

    numerator: int | None
    denominator: int | None
    people: int | None
    hidden: bool = False


def moved(count: int, key: str, base: int = BASE) -> int:
    """The count at one of its neighbouring multiples of the base, as the key's chance decides."""
    left = count % base
    if not left:
        return count
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return count - left + (base if int.from_bytes(digest) / 2**64 < left / base else 0)


def shown(
    numerator: int, denominator: int, people: int, *, key: str, below: int, counts: bool, over: bool
) -> Shown:
    """A cell with small numbers hidden.

    `counts` says that the numerator counts units and is no sum of time or money; `over` that the
    denominator counts units too, and is not the population or the beds, which are public.
    """
    if not people and not numerator and not denominator:
        return Shown(0, 0, 0)
    smallest = [people, *([denominator] if over else []), *([numerator] if counts else [])]
    # Nobody of many is told too: that nobody waited says nothing of anyone.
    if any(0 < each < below for each in smallest):
        return Shown(None, None, None, hidden=True)
    if counts and over and 0 < denominator - numerator < below:
        return Shown(None, None, None, hidden=True)
    seen = moved(people, f"{key}people")
    rounded = moved(denominator, f"{key}below") if over else denominator
    if counts:
        above = moved(numerator, f"{key}above")
        return Shown(min(above, rounded) if over else above, rounded, seen)
    if over:
        mean = digits(numerator / denominator) if denominator else 0.0
        return Shown(round(mean * rounded), rounded, seen)
    return Shown(round(digits(numerator)), rounded, seen)


def digits(number: float, keep: int = 3) -> float:
    """A number to so many digits."""
    if not number:
        return 0.0
    return round(number, keep - 1 - floor(log10(abs(number))))
