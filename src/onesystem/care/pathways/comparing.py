"""Two versions side by side: part by part, and in each part word by word what came and went."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.editing import Raw, raw_of
from onesystem.vocabulary.said import say

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_PARTS = {
    "words": say("words"),
    "summary": say("summary"),
    "flags": say("red flag"),
    "assessment": say("assessment step"),
    "management": say("management step"),
    "requests": say("request"),
    "forms": say("form"),
    "questions": say("question"),
    "information": say("information"),
    "references": say("reference"),
    "lists": say("list of codes"),
    "values": say("value"),
    "actions": say("action"),
    "next": say("leads to"),
    "minutes": say("minutes"),
    "when": say("condition"),
    "do": say("what to do"),
    "within": say("due within"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they are the `same`, `gone` or `new`."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One part as it was and as it is."""

    place: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in it came or went."""
        return any(piece.kind != "same" for piece in (*self.left, *self.right))


def compare(before: Pathway, after: Pathway) -> list[Pair]:
    """All parts in the order of the page."""
    left, right = list(_lines(raw_of(before))), list(_lines(raw_of(after)))
    said = {**{("l", p): t for p, t in left}, **{("r", p): t for p, t in right}}
    places = _merged([p for p, _ in left], [p for p, _ in right])
    return [_pair(p, said.get(("l", p), ""), said.get(("r", p), "")) for p in places]


def words_apart(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A text as it was and as it is, cut into words that stayed, went and came."""
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a2 > a1:
            left.append(Piece("".join(a[a1:a2]), "same" if what == "equal" else "gone"))
        if b2 > b1:
            right.append(Piece("".join(b[b1:b2]), "same" if what == "equal" else "new"))
    return tuple(left), tuple(right)


def _pair(place: str, before: str, after: str) -> Pair:
    return Pair(place, *words_apart(before, after))


def _merged(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """The places of both in one order: of what is only in one, beside what it stood beside."""
    made: dict[str, None] = {}
    for what, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        made.update(dict.fromkeys(left[a1:a2]))
        if what != "equal":
            made.update(dict.fromkeys(right[b1:b2]))
    return list(made)


def _lines(raw: Raw, place: str = "") -> Iterator[tuple[str, str]]:
    for name, value in raw.items():
        called = _PARTS.get(name, name)
        if isinstance(value, list):
            for number, row in enumerate(value, 1):
                named = row.get("key") or row.get("title") or row.get("words") or str(number)
                yield from _lines(row, f"{place}{called} “{named}”, ")
        elif value and name != "key":
            yield f"{place}{called}", value
