"""Finding a pathway while somebody types: by its title and by the words that people use.

Macrons, accents, case and apostrophes do not count; the last word typed may be begun only; a word
of four letters or more may have a slip of the finger, one of eight or more two. Everything typed
has to be found; where nothing has all of it, what has most of it is given.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SMALL = frozenset(  # found in most phrases, so that they tell nothing
    ("a", "an", "and", "at", "for", "have", "i", "im", "in", "is", "it", "my", "of", "on", "or",
     "the", "to", "with")
)  # fmt: skip
_SPELT = str.maketrans(
    {"\u2019": "", "'": "", "\u02bb": "", "ø": "o", "đ": "d", "ł": "l", "æ": "ae"}
)
_WORD = re.compile(r"[^\W_]+")
_TITLE, _SPOKEN = 3.0, 2.0
_WHOLE, _BEGUN, _SLIPPED = 1.0, 0.8, 0.5
_ONE_SLIP, _TWO_SLIPS = 4, 8


@dataclass(frozen=True, slots=True)
class Sought:
    """What can be found of a pathway: its title, and what people call it."""

    slug: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A pathway that was found; `called` are the people's words by which, where not the title."""

    slug: str
    title: str
    called: str
    score: float


@dataclass(frozen=True, slots=True)
class Index:
    """Every word, and where it stands: which pathway, which of its phrases (0: the title)."""

    sought: tuple[Sought, ...]
    places: Mapping[str, Sequence[tuple[int, int]]]


def folded(text: str) -> str:
    """The text without what does not count when one looks for it."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT))
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """The words of a text as they are looked for; the small ones only where there are no others."""
    every = _WORD.findall(folded(text))
    return [w for w in every if w not in _SMALL] or every


def index_of(sought: Iterable[Sought]) -> Index:
    """An index to look in."""
    kept = tuple(sought)
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, each in enumerate(kept):
        for phrase, text in enumerate((each.title, *each.words)):
            for word in dict.fromkeys(words_of(text)):
                places[word].append((at, phrase))
    return Index(kept, dict(places))


def look(index: Index, text: str, limit: int = 20) -> list[Hit]:
    """The pathways that were meant, the likeliest first; none for nothing typed."""
    typed = words_of(text)[:12]
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for word in typed:
        for at, best in _found(index, word).items():
            found[at].append(best)
    if not found:
        return []
    most = max(len(each) for each in found.values())
    if most * 2 < len(typed):
        return []
    hits = [_hit(index.sought[at], each) for at, each in found.items() if len(each) == most]
    return sorted(hits, key=lambda hit: (-hit.score, folded(hit.title)))[:limit]


def _found(index: Index, word: str) -> dict[int, tuple[float, int]]:
    """Which pathways have a word, how surely, and in which phrase."""
    best: dict[int, tuple[float, int]] = {}
    for known, like in _alike(index, word).items():
        for at, phrase in index.places[known]:
            score = like * (_SPOKEN if phrase else _TITLE)
            if score > best.get(at, (0.0, 0))[0]:
                best[at] = (score, phrase)
    return best


def _alike(index: Index, typed: str) -> dict[str, float]:
    """The known words that may be meant, and how surely: 1 is the same word."""
    alike: dict[str, float] = {}
    slips = (len(typed) >= _ONE_SLIP) + (len(typed) >= _TWO_SLIPS)
    known = list(index.places)
    for long in range(len(typed) - 1, len(typed) + 2) if slips else ():
        for _, least, at in process.extract_iter(
            typed, [w[:long] for w in known], scorer=OSA.distance, score_cutoff=slips
        ):
            alike[known[at]] = max(alike.get(known[at], 0.0), _SLIPPED / max(least, 1))
    for word in known:
        if word.startswith(typed):
            alike[word] = _WHOLE if word == typed else _BEGUN
    return alike


def _hit(sought: Sought, found: Sequence[tuple[float, int]]) -> Hit:
    phrases = [phrase for _, phrase in found]
    called = next((sought.words[p - 1] for p in phrases if p), "") if 0 not in phrases else ""
    share = len(found) / max(len(words_of(sought.title)), 1)
    return Hit(sought.slug, sought.title, called, sum(s for s, _ in found) + min(share, 1.0))
