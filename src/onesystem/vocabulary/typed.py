"""Forms with rows that come and go: what somebody typed is never lost on the way. Pure.

`Raw` is what a form holds, right or wrong: a text by the name of its field. Rows are numbered,
`hours.0.days`; a row in which nothing was typed is no row.

>>> rows = Rows({"hours": ("days", "span")})
>>> rows.after({"hours.0.days": "mon", "hours.1.days": "tue"}, "drop:hours.0")
{'hours.0.days': 'tue'}
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say

Raw = dict[str, str]
_T = TypeVar("_T")
_O = TypeVar("_O", int, None)
_FRACTION = re.compile(
    r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?(?:e[+-]?[0-9]{1,2})?|\.[0-9]{1,30}"
    r"|[0-9]{1,30}/[0-9]{1,30})", re.IGNORECASE,
)  # fmt: skip
_WHOLE = re.compile(r"[0-9]{1,19}")
_LARGEST = 2**63 - 1  # of the store; ids of contacts and entries come near it


def needed(text: str, missing: str, cure: str, most: int = 1000) -> str:
    """What somebody wrote, without space around it. Raises UserError where nothing was."""
    said = text.strip()
    if not said:
        raise UserError(missing, cure)
    return said[:most]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `where` is the field's name in the form (`hours.1`)."""

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return say("{what}. {cure}", what=self.what, cure=self.cure)


@dataclass(frozen=True, slots=True)
class Rows:
    """The parts of a form that have rows, each with the names of a row's fields.

    `usual` is what a field has before anybody typed, and `chosen` are fields (`measure`, or of one
    part alone `schemes.measure`) that always hold something: neither makes a row by itself.
    """

    parts: Mapping[str, tuple[str, ...]]
    usual: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()

    def of(self, raw: Mapping[str, str], part: str) -> list[Raw]:
        """The rows of a part in their order."""
        rows = [
            {name: _plain(raw.get(f"{part}.{n}.{name}", "")) for name in self.parts[part]}
            for n in numbers_of(raw, part)
        ]
        return [row for row in rows if self._begun(part, row)]

    def read(
        self, raw: Mapping[str, str], part: str, make: Callable[[Raw], _T], wrong: list[Problem]
    ) -> tuple[_T, ...]:
        """What the rows of a part mean; those that cannot be read are told by their number."""
        made = []
        for number, row in enumerate(self.of(raw, part)):
            try:
                made.append(make(row))
            except UserError as error:
                wrong.append(Problem(f"{part}.{number}", error.what, error.cure))
        return tuple(made)

    def _begun(self, part: str, row: Raw) -> bool:
        return any(
            value and value != self.usual.get(name, "")
            for name, value in row.items()
            if name not in self.chosen and f"{part}.{name}" not in self.chosen
        )

    def after(self, raw: Mapping[str, str], do: str) -> Raw:
        """The form after a press of `add:hours` or `drop:hours.2`; else as it was."""
        verb, _, place = do.partition(":")
        part, _, number = place.partition(".")
        if part not in self.parts:
            return dict(raw)
        rows = self.of(raw, part)
        if verb == "drop" and 0 <= (nth := whole_or(number, -1)) < len(rows):
            rows.pop(nth)
        kept = {name: value for name, value in raw.items() if not name.startswith(f"{part}.")}
        for at, row in enumerate(rows):
            kept |= rowed(part, at, row)
        if verb == "add":
            kept[f"more.{part}"] = "1"
        return kept


def rowed(part: str, number: int, row: Mapping[str, str]) -> Raw:
    """A row's fields by their names in the form; what is empty is left out."""
    return {f"{part}.{number}.{name}": value for name, value in row.items() if value}


def numbers_of(names: Iterable[str], part: str) -> list[int]:
    """The numbers of a part's rows, of which fields are named."""
    bits = (name.split(".") for name in names)
    return sorted(
        {int(b[1]) for b in bits if len(b) == 3 and b[0] == part and b[1].isdecimal()
         and len(b[1]) < 4}
    )  # fmt: skip


def whole_or(text: str | None, otherwise: _O) -> int | _O:
    """A whole number that a form or an address holds; else `otherwise`.

    It has 63 bits at most, as every number of the store: no text of digits is too long for this.

    >>> whole_or("12", 0), whole_or("\u00b2", 0), whole_or("9" * 5000, None)
    (12, 0, None)
    """
    return int(text) if text and _is_whole(text) else otherwise


def fraction_of(text: str) -> Fraction:
    """A number as people write it, exactly: `0.6`, `3/5`, `-2`. Raises ValueError.

    What `Fraction` reads besides is refused: to write out `1e999999999` would take all memory. It
    serves to read the numbers of a TOML or JSON file too, which TOML may write as `1_000.5`.

    >>> fraction_of("0.6"), fraction_of(" 3/5 ")
    (Fraction(3, 5), Fraction(3, 5))
    """
    said = text.strip().replace("_", "")
    if not _FRACTION.fullmatch(said):
        raise ValueError(f"{text[:40]!r} is no number")
    try:
        return Fraction(said)
    except ZeroDivisionError:
        raise ValueError(f"{text[:40]!r} divides by nought") from None


def ticked(texts: Iterable[str]) -> list[int]:
    """The numbers of boxes that were ticked, in their order; what is none is left out.

    >>> ticked(["7", "-3", "--3", ""])
    [7, -3]
    """
    return [int(each) for each in texts if _is_whole(each.removeprefix("-"))]


def _is_whole(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None and int(text) <= _LARGEST


def read(make: Callable[[str], _T], text: str, where: str, usual: _T, wrong: list[Problem]) -> _T:
    """What a field means; where it cannot be read, what is usual, and what is wrong is told."""
    try:
        return make(text.strip())
    except UserError as error:
        wrong.append(Problem(where, error.what, error.cure))
        return usual


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
