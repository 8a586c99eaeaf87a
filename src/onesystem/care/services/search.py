"""Finding a service by words: by its name, what it is for, and how else people call it. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence

from onesystem.care.services.entry import Entry

_WEIGHTS = (("name", 8), ("tags", 6), ("setting", 3), ("words", 3), ("whom", 2), ("criteria", 1))


def folded(text: str) -> str:
    """The text as people type it: small letters, no macrons or accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))


def score(entry: Entry, wanted: Sequence[str]) -> int:
    """How well a service fits folded words: 0 where some word is nowhere in its entry."""
    if not wanted:
        return 1
    total = 0
    parts = _parts(entry)
    for word in wanted:
        best = max((_worth(word, part) * weight for part, weight in parts), default=0)
        if not best:
            return 0
        total += best
    return total


_Parts = list[tuple[str, int]]
_KEPT: dict[int, tuple[Entry, _Parts]] = {}  # by id: the entry beside it keeps the id its own
_MOST = 5000


def _parts(entry: Entry) -> _Parts:
    """The folded parts of an entry with their weights: folded once for each entry."""
    kept = _KEPT.get(id(entry))
    if kept is None or kept[0] is not entry:
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        parts = [(f" {folded(_said(entry, name))} ", weight) for name, weight in _WEIGHTS]
        kept = _KEPT[id(entry)] = entry, parts
    return kept[1]


def _worth(word: str, part: str) -> int:
    """Whole words count most, beginnings less, and what is inside a word least."""
    if f" {word} " in part:
        return 4
    if f" {word}" in part:
        return 3
    return 1 if len(word) > 3 and word in part else 0


def _said(entry: Entry, name: str) -> str:
    value = getattr(entry, name)
    return " ".join(value) if isinstance(value, tuple) else str(value)


def found(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The services that fit the words, best first."""
    wanted = folded(text).split()
    scored = [(score(entry, wanted), entry) for entry in entries]
    kept = [pair for pair in scored if pair[0]]
    return [
        entry for _, entry in sorted(kept, key=lambda pair: (-pair[0], pair[1].name.casefold()))
    ]
