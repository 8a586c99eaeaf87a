"""Small numbers, for those who may not see people.

Each count is moved at random to one of its two neighbours among the multiples of a base, the
nearer the likelier, and a count under the district's threshold is not shown. (Stats NZ calls it
fixed random rounding.) What makes it survive the difference of two shown numbers:

- Chance is fixed by the district's secret, the period and the count itself. So the same people
  give the same number under every name that they can be asked by, and asking often is no use.
- A few cells with nobody in them, and a few just over the threshold, are hidden like small ones.
  So what is hidden may be none, and where a total less its parts leaves at most one, that is two
  possible answers and not one.

A mean is shown to three digits of as many people as are shown, so that two means give nobody's
own value away.
"""

import hashlib
from dataclasses import dataclass
from math import floor, log10

BASE = 3
_HIDDEN_TOO = 1 / 8  # of the cells with nobody, and of those up to two over the threshold


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
    return count - left + (base if _chance(f"{key}\x1e{count}") < left / base else 0)


def _chance(key: str) -> float:
    """A number from 0 up to 1, always the same of a key."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) / 2**64


def shown(
    numerator: int, denominator: int, people: int, *,
    key: str, below: int, counts: bool, over: bool, label: str = "",
) -> Shown:  # fmt: skip
    """A cell with small numbers hidden.

    `key` fixes how counts are moved, and should be the same for all cells of a period; `label`
    names the cell itself (the key, where it is not told). `counts` says that the numerator counts
    units and is no sum of time or money; `over` that the denominator counts units too, and is not
    the population or the beds, which are public.
    """
    smallest = [people, *([denominator] if over else []), *([numerator] if counts else [])]
    if counts and over:
        smallest.append(denominator - numerator)  # all but a few tell of the few
    if _hidden(smallest, label or key, below):
        return Shown(None, None, None, hidden=True)
    if not people and not numerator and not denominator:
        return Shown(0, 0, 0)
    seen = _shown(people, key, below)
    rounded = _shown(denominator, key, below) if over else denominator
    if counts:
        above = _shown(numerator, key, below)
        return Shown(min(above, rounded) if over else above, rounded, seen)
    if over:
        mean = digits(numerator / denominator) if denominator else 0.0
        return Shown(round(mean * rounded), rounded, seen)
    return Shown(round(digits(numerator)), rounded, seen)


def _shown(count: int, key: str, below: int) -> int:
    """The count moved, but not under the threshold: that would say that it was just over it."""
    seen = moved(count, key)
    return seen + BASE if 0 < seen < below else seen


def _hidden(smallest: list[int], label: str, below: int) -> bool:
    """Whether a cell is hidden: because a count in it is small, or by chance beside those."""
    # That there is nobody says nothing of anyone; told always, it would say that the rest is some.
    if any(0 < each < below for each in smallest):
        return True
    near = any(not each or each < below + 2 for each in smallest) if below > 1 else False
    return near and _chance(f"{label}\x1enear") < _HIDDEN_TOO


def digits(number: float, keep: int = 3) -> float:
    """A number to so many digits."""
    if not number:
        return 0.0
    return round(number, keep - 1 - floor(log10(abs(number))))
