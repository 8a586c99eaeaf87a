"""The keys of `names` for whole columns: bytes in numpy, a hundredth of what a regex costs.

For Arrow arrays of plain ASCII text without nulls; a test holds them to the keys of one value.
What is not plain is rare and goes through `names` itself (see `folding`).
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

_SPACE, _APOSTROPHES = 32, (39, 96)
_PHONE_LEAST, _PHONE_MOST = 6, 9
_NHS_DIGITS = 10


class Letters(NamedTuple):
    """The bytes of every value, one after the other, and where each value ends."""

    raw: Any
    ends: Any  # one more than there are values: the first is 0

    @classmethod
    def of(cls, values: Any) -> "Letters":
        """The bytes of an Arrow array of text."""
        _, places, data = values.buffers()
        n, first = len(values), values.offset
        if not n or places is None:
            return cls(np.empty(0, np.uint8), np.zeros(n + 1, np.int32))
        ends = np.frombuffer(places, np.int32)[first : first + n + 1]
        raw = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
        return cls(raw[ends[0] : ends[-1]], ends - ends[0])

    def kept(self, keep: Any) -> "Letters":
        """Only those bytes for which `keep` holds."""
        return Letters(self.raw[keep], _before(keep)[self.ends])

    def seen_as(self, letters: Any) -> "Letters":
        """Every byte put through a table of 256."""
        return Letters(letters[self.raw], self.ends)

    def rows(self) -> Any:
        """Of every byte, the number of its value."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))

    def array(self) -> Any:
        """Back to an Arrow array."""
        ends = np.ascontiguousarray(self.ends, np.int32)
        raw = np.ascontiguousarray(self.raw)
        return pa.StringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(raw))


def _before(marks: Any) -> Any:
    """How many marks come before each place, and in all."""
    out = np.zeros(len(marks) + 1, np.int32)
    np.cumsum(marks, out=out[1:])
    return out


@cache
def _table(kind: str) -> Any:
    letters = [chr(i) for i in range(128)]
    match kind:
        case "lower":
            found = np.arange(256, dtype=np.uint8)
            found[:128] = [ord(c.lower()) if c.isalnum() else _SPACE for c in letters]
            return found
        case "upper":
            found = np.arange(256, dtype=np.uint8)
            found[:128] = [ord(c.upper()) for c in letters]
            return found
    return np.array([c.isdigit() for c in letters] + [False] * 128)


def not_plain(values: Any) -> Any:
    """Which values hold a byte that is not printable ASCII."""
    letters = Letters.of(values)
    odd = (letters.raw < _SPACE) | (letters.raw > ord("~"))
    if not odd.any():
        return np.zeros(len(values), bool)
    return np.diff(_before(odd)[letters.ends]) > 0


def _words(values: Any) -> tuple[Letters, Any]:
    """Lower case, no apostrophes, spaces for all but letters and digits; where words begin."""
    letters = Letters.of(values)
    raw = letters.raw
    apostrophe = (raw == _APOSTROPHES[0]) | (raw == _APOSTROPHES[1])
    if apostrophe.any():
        letters = letters.kept(~apostrophe)
    letters = letters.seen_as(_table("lower"))
    inside = letters.raw != _SPACE
    begins = inside.copy()
    begins[1:] &= ~inside[:-1]
    starts = letters.ends[:-1][np.diff(letters.ends) > 0]
    begins[starts] = inside[starts]
    return letters, begins


def family_keys(values: Any) -> Any:
    """`names.family_key` of each value."""
    letters, _ = _words(values)
    return letters.kept(letters.raw != _SPACE).array()


def given_keys(values: Any) -> Any:
    """`names.given_key` of each value."""
    letters, begins = _words(values)
    count = _before(begins)
    word = count[1:] - np.repeat(count[letters.ends[:-1]], np.diff(letters.ends))
    return letters.kept((letters.raw != _SPACE) & (word == 1)).array()


def address_keys(values: Any) -> Any:
    """`names.fold` of each value: its words with one space between."""
    letters, begins = _words(values)
    inside = letters.raw != _SPACE
    count = _before(begins)
    to_come = np.repeat(count[letters.ends[1:]], np.diff(letters.ends)) - count[1:]
    after_word = np.zeros(len(inside), bool)
    after_word[1:] = inside[:-1]
    starts = letters.ends[:-1][np.diff(letters.ends) > 0]
    after_word[starts] = False
    return letters.kept(inside | (after_word & (to_come > 0))).array()


def postcode_keys(values: Any) -> Any:
    """`names.postcode_key` of each value."""
    return without(values, " ")


def without(values: Any, signs: str) -> Any:
    """Capitals, without those signs."""
    letters = Letters.of(values)
    keep = np.ones(len(letters.raw), bool)
    for sign in signs:
        keep &= letters.raw != ord(sign)
    return letters.kept(keep).seen_as(_table("upper")).array()


def phone_keys(values: Any) -> Any:
    """`names.phone_key` of each value; these may hold any text."""
    letters = Letters.of(values)
    digits = letters.kept(_table("digit")[letters.raw])
    many = np.diff(digits.ends)
    to_come = np.repeat(digits.ends[1:], many) - np.arange(len(digits.raw))
    enough = np.repeat(many >= _PHONE_LEAST, many)
    return digits.kept(enough & (to_come <= _PHONE_MOST)).array()


def passes_nhs(values: Any) -> Any:
    """`vocabulary.passes_nhs` of each value, as booleans of numpy."""
    letters = Letters.of(values)
    found = np.zeros(len(values), bool)
    ten = np.flatnonzero(np.diff(letters.ends) == _NHS_DIGITS)
    if not len(ten):
        return found
    digits = letters.raw[letters.ends[:-1][ten, None] + np.arange(_NHS_DIGITS)].astype(np.int16)
    digits -= ord("0")
    numbers = ((digits >= 0) & (digits <= 9)).all(axis=1)
    alike = (digits == digits[:, :1]).all(axis=1)
    # The check digit makes the sum of the digits, each times its place from the right, a
    # multiple of eleven.
    total = digits @ np.arange(_NHS_DIGITS, 0, -1, dtype=np.int16)
    found[ten] = numbers & ~alike & (total % 11 == 0)
    return found
