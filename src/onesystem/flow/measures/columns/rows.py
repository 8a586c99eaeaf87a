"""Rows of units: their columns, and what is asked of them, each worked out once."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from onesystem.flow.measures.columns.values import Array, Column, Text, Value
from onesystem.flow.measures.world import World


class Around:
    """The others of each unit: rows `first` up to `last` of `rows`, itself perhaps among them.

    Which these are is worked out by `bounds` once somebody asks.
    """

    def __init__(self, rows: "Rows", bounds: Callable[[], tuple[Array, Array]]) -> None:
        self.rows, self._bounds = rows, bounds

    @cached_property
    def both(self) -> tuple[Array, Array]:
        """The first, and the one after the last."""
        return self._bounds()

    def take(self, at: Array) -> "Around":
        """Those of some of the units."""
        return Around(self.rows, lambda: (self.both[0][at], self.both[1][at]))


class Rows:
    """Units in columns."""

    def __init__(
        self, columns: Mapping[str, Column], person: Array | None, world: World,
        people: "Rows | None" = None, around: Around | None = None,
    ) -> None:  # fmt: skip
        self.columns, self._person, self.world = dict(columns), person, world
        self.people, self.around = people, around
        self.memo: dict[Any, Any] = {}  # columns that were worked out, and rows

    def __len__(self) -> int:
        return len(self.person)

    @property
    def person(self) -> Array:
        """The place of each one's person in the list of people."""
        if self._person is None:
            self._person = self._whose()
        return self._person

    def _whose(self) -> Array:
        raise NotImplementedError

    def field(self, name: str, *, other: bool = False) -> Column:
        """A column by the name of its field."""
        del other  # there is one row in hand, asked of itself
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = self._made(name)
        return found

    def _made(self, name: str) -> Column:
        world = self.world
        if self.people is not None and name in self.people.columns:
            return self.people.columns[name].take(self.person)
        if name in {"organisation", "place"}:
            told = world.organisations if name == "organisation" else world.places
            return renamed(self._text("service"), told)
        if name == "now":
            return Value(np.asarray(world.horizon))
        if name == "until":
            ended = self.field("ended")
            assert isinstance(ended, Value)  # noqa: S101 - a time
            known = np.True_ if ended.known is None else ended.known
            return Value(
                np.where(known & (ended.values < world.horizon), ended.values, world.horizon)
            )
        if name == "last_service":
            return self.field("service")
        if name == "stretches":
            return Value(np.asarray(1))
        raise KeyError(name)

    def _text(self, name: str) -> Text:
        found = self.field(name)
        assert isinstance(found, Text)  # noqa: S101 - the language says so
        return found

    def take(self, at: Array) -> "Rows":
        """Some of the rows; their columns are cut out when they are asked for."""
        return _Some(self, at)

    def beside(self, around: Around) -> "Rows":
        """The same rows with their others."""
        return _Beside(self, around)


class _Some(Rows):
    """Some rows of others."""

    def __init__(self, of: Rows, at: Array) -> None:
        around = None if of.around is None else of.around.take(at)
        super().__init__({}, None, of.world, of.people, around)
        self.of, self.at = of, at

    def __len__(self) -> int:
        return len(self.at)

    def _whose(self) -> Array:
        return self.of.person[self.at]

    def _made(self, name: str) -> Column:
        return self.of.field(name).take(self.at)


class _Beside(Rows):
    """Rows that have others."""

    def __init__(self, of: Rows, around: Around) -> None:
        super().__init__({}, None, of.world, of.people, around)
        self.of = of

    def __len__(self) -> int:
        return len(self.of)

    def _whose(self) -> Array:
        return self.of.person

    def _made(self, name: str) -> Column:
        return self.of.field(name)


class Pairs(Rows):
    """Units beside others of the same person."""

    def __init__(self, mine: Rows, others: Rows, at: Array, of_others: Array) -> None:
        super().__init__({}, mine.person[at], mine.world)
        self.mine, self.others, self.at, self.of_others = mine, others, at, of_others
        self.theirs: dict[str, Column] = {}

    def field(self, name: str, *, other: bool = False) -> Column:
        """A column of the units or of the others."""
        into = self.theirs if other else self.columns
        if name not in into:
            rows, at = (self.others, self.of_others) if other else (self.mine, self.at)
            into[name] = rows.field(name).take(at)
        return into[name]


def renamed(text: Text, names: Mapping[str, str]) -> Text:
    """Texts by what they stand for; empty where they stand for nothing."""
    meant = [names.get(word, "") for word in text.words]
    words = tuple(dict.fromkeys(meant)) or ("",)
    places = {word: at for at, word in enumerate(words)}
    codes = np.fromiter((places[word] for word in meant), np.int32, len(meant))
    return Text(codes[text.codes], words)


Asked = Callable[[Rows], Any]  # a Column; which one, the kind of the node says
