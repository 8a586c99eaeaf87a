"""Columns of values: numbers that may be unknown, and texts told by their place in a list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Value:
    """Flags, times, whole numbers or numbers. `known` is None where all of them are.

    What stands in `values` where a value is unknown means nothing.
    """

    values: Array
    known: Array | None = None

    def take(self, at: Array) -> "Value":
        """The values at these places; a constant stays one."""
        if self.values.ndim == 0:
            return self
        return Value(self.values[at], None if self.known is None else self.known[at])

    @property
    def true(self) -> Array:
        """Where a condition is known to hold."""
        return self.values if self.known is None else self.values & self.known


@dataclass(frozen=True, slots=True)
class Text:
    """Texts as places in `words`, which are all different. A text is never unknown."""

    codes: Array
    words: tuple[str, ...]

    def take(self, at: Array) -> "Text":
        """The texts at these places; a constant stays one."""
        return self if self.codes.ndim == 0 else Text(self.codes[at], self.words)

    def told(self, say: Callable[[str], Any], kind: Any) -> Array:
        """What `say` says of each text: asked once a word."""
        return np.fromiter(map(say, self.words), kind, len(self.words))[self.codes]


Column = Value | Text


def text_of(words: list[str]) -> Text:
    """A column of texts."""
    places = {word: at for at, word in enumerate(dict.fromkeys(words))}
    codes = np.fromiter((places[word] for word in words), np.int32, len(words))
    return Text(codes, tuple(places))


def both_known(a: Value, b: Value) -> Array | None:
    """Where both are known."""
    if a.known is None or b.known is None:
        return b.known if a.known is None else a.known
    return a.known & b.known


def same(a: Text, b: Text) -> Array:
    """Where two texts are the same."""
    if a.words is b.words or a.words == b.words:
        return np.asarray(a.codes == b.codes)
    if a.codes.ndim == 0:
        a, b = b, a
    if b.codes.ndim == 0:
        word = b.words[int(b.codes)]
        return a.told(word.__eq__, bool)
    places = {word: at for at, word in enumerate(a.words)}
    return np.asarray(a.codes == b.told(lambda word: places.get(word, -1), np.int64))


def chosen(test: Array, then: Text, otherwise: Text) -> Text:
    """The one text where a condition holds, the other elsewhere."""
    words = tuple(dict.fromkeys((*then.words, *otherwise.words)))
    places = {word: at for at, word in enumerate(words)}
    a, b = (each.told(places.__getitem__, np.int32) for each in (then, otherwise))
    return Text(np.where(test, a, b), words)
