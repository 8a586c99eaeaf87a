"""People's contacts as units in columns: rows, spells and people's periods.

As `history` has them one by one: cancelled contacts, and those that end before they start, are no
unit of any measure.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

import numpy as np

from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.columns.nodes import asked
from onesystem.flow.measures.columns.rows import Around, Asked, Rows
from onesystem.flow.measures.columns.values import Array, Column, Text, Value
from onesystem.flow.measures.language import FIELDS, OF_PERSON
from onesystem.flow.measures.tree import Kind, Node
from onesystem.flow.measures.world import World

_SIDES: tuple[Literal["left"], Literal["right"]] = "left", "right"
_EVER = 1 << 44  # a moment after all others, in milliseconds
_NO_TEXT = [n for n, (kind, _) in FIELDS.items() if kind is Kind.TEXT and n not in OF_PERSON]


class Histories:
    """The contacts of some people, sorted by person, start and id.

    `columns` are those of a contact in `language.FIELDS` with `cancelled`; `person` says whose each
    is, as a place in `people`, whose columns are the facts of a person. Without it they can be
    asked nothing of people, and lie as they came.
    """

    def __init__(
        self, columns: dict[str, Column], person: Array | None, people: dict[str, Column],
        count: int, world: World,
    ) -> None:  # fmt: skip
        self.world, self.count = world, count
        self.people = Rows(people, np.arange(count), world)
        started, ended = _value(columns["started"]), _value(columns["ended"])
        if person is None:  # nothing is asked of people: any order will do
            order = np.flatnonzero(_sane(started, ended, columns))
            self._whose = np.zeros(len(order), np.int64)
        else:
            fits = _sane(started, ended, columns)
            begins = np.where(_known(started, len(person)), started.values, _EVER)
            order = _in_order(person, begins, _value(columns["contact"]).values)
            order = order[fits[order]]
            self._whose = person[order]
        self._names = set(columns) - {"cancelled"}
        self._all = Rows(columns, person, world, self.people)
        self._order = order
        self._units: dict[Any, Rows] = {}

    @property
    def services(self) -> tuple[str, ...]:
        """The words of every column of services."""
        return _text(self._all.columns["service"]).words

    @cached_property
    def contacts(self) -> Rows:
        """Every contact."""
        return self._all.take(self._order)

    def units(
        self, of: str, others: str, spell: Node, gap: int, settings: frozenset[str],
        *conditions: tuple[Asked, ...],
    ) -> Rows:  # fmt: skip
        """The units that a measure counts, with their others; `settings` outside of which none.

        Conditions that come later are asked only of those of which the earlier hold.
        """
        key = (of, others, spell, gap, settings, *conditions)
        if key not in self._units:
            if conditions:
                *before, last = conditions
                units = self.units(of, others, spell, gap, settings, *before)
                self._units[key] = _narrowed(units, last)
            else:
                self._units[key] = self._of(of, others, spell, gap, settings)
        return self._units[key]

    def _of(self, of: str, others: str, spell: Node, gap: int, settings: frozenset[str]) -> Rows:
        if of.startswith("person-"):
            return self._periods(of.removeprefix("person-"))
        theirs = self._spells(spell, gap) if others == "spell" else self.contacts
        mine = self._spells(spell, gap) if of == "spell" else self.contacts
        count = self.count  # nothing that leads back here: memory is let go
        made = mine.beside(Around(theirs, lambda: _theirs(theirs.person, count, mine.person)))
        if of == "contact" and settings:
            return made.take(self._in(settings))
        return made

    def _in(self, settings: frozenset[str]) -> Array:
        """The places of the contacts in some settings."""
        parts = [self._by_setting[each] for each in settings if each in self._by_setting]
        if len(parts) == 1:
            return parts[0]
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

    @cached_property
    def _by_setting(self) -> dict[str, Array]:
        setting = _text(self.contacts.field("setting"))
        order = np.argsort(setting.codes.astype(np.int16), kind="stable")  # the quickest of sorts
        counts = np.bincount(setting.codes, minlength=len(setting.words))
        ends = np.cumsum(counts).tolist()
        return {
            word: order[end - count : end]
            for word, end, count in zip(setting.words, ends, counts.tolist(), strict=True)
        }

    # -- spells --------------------------------------------------------------------------------

    def _spells(self, spell: Node, gap: int) -> Rows:
        key = ("spells", spell, gap)
        if key not in self._units:
            self._units[key] = self._joined(spell, gap)
        return self._units[key]

    def _joined(self, spell: Node, gap: int) -> Rows:
        """Contacts that a spell holds, joined where one starts within the gap of all before."""
        begun = _known(_value(self.contacts.field("started")), len(self._whose))
        held = self.contacts.take(np.flatnonzero(asked(spell)(self.contacts).true & begun))
        person, started = held.person, _value(held.field("started")).values
        reach = _ends(held)
        # One running maximum for all people: each person's moments lie above those of the last.
        upto = np.maximum.accumulate(person * (4 * _EVER) + reach) - person * (4 * _EVER)
        apart = np.ones(len(person), bool)
        apart[1:] = (person[1:] != person[:-1]) | (started[1:] > upto[:-1] + gap)
        first = np.flatnonzero(apart)
        if not len(first):
            return self._spell_rows(held, first, first)
        contact = _value(held.field("contact")).values
        return self._spell_rows(held, first, _latest(first, (contact, started, reach)))

    def _spell_rows(self, held: Rows, first: Array, last: Array) -> Rows:
        columns = {n: held.field(n).take(first) for n in self._names}
        for name in self._names & {"ready", "outcome", "bed", "ended"}:
            columns[name] = held.field(name).take(last)
        columns["last_service"] = held.field("service").take(last)
        columns["stretches"] = Value(np.diff(np.concatenate([first, [len(held)]])))
        for name in {"until", "known_at"} & {"until", *self._names}:
            column = _value(held.field(name))
            values = np.broadcast_to(column.values, len(held))
            columns[name] = Value(np.maximum.reduceat(values, first), _all_known(column, first))
        return Rows(columns, held.person[first], self.world, self.people)

    # -- periods -------------------------------------------------------------------------------

    def _periods(self, every: str) -> Rows:
        """People's periods in which a contact started, each with its contacts."""
        begun = np.flatnonzero(_known(_value(self.contacts.field("started")), len(self._whose)))
        around = self.contacts.take(begun)
        clock = self.world.clock
        day = calendar.begin(
            calendar.day(clock, _value(around.field("started")).values), every
        )  # within a person in order of starts, so that a period's contacts lie together
        apart = np.ones(len(begun), bool)
        apart[1:] = (around.person[1:] != around.person[:-1]) | (day[1:] != day[:-1])
        first = np.flatnonzero(apart)
        last = np.concatenate([first[1:], [len(begun)]]).astype(np.int64)
        start, end = (
            calendar.midnight(clock, d) for d in (day[first], calendar.after(day[first], every))
        )
        blank = Text(np.zeros((), np.int32), ("",))
        columns: dict[str, Column] = dict.fromkeys(_NO_TEXT, blank)
        nothing = Value(np.zeros(len(first), np.int64), np.zeros(len(first), bool))
        columns |= dict.fromkeys(("requested", "ready", "planned", "known_at"), nothing)
        columns |= {"contact": Value(np.asarray(0)), "started": Value(start), "ended": Value(end)}
        there = self.services.index("")
        columns["service"] = columns["last_service"] = Text(
            np.full(len(first), there, np.int32), self.services
        )
        return Rows(columns, around.person[first], self.world, self.people,
                    Around(around, lambda: (first, last)))  # fmt: skip


def _latest(first: Array, by: tuple[Array, ...]) -> Array:
    """Of each stretch of rows that begins at `first`, the row that is last by these, the last of
    them first. Most stretches have one row, and nothing is to be sorted.
    """
    sizes = np.diff(np.concatenate([first, [len(by[0])]]))
    many, last = sizes > 1, first.copy()
    rows = np.flatnonzero(np.repeat(many, sizes))
    island = np.repeat(np.arange(int(many.sum())), sizes[many])
    order = np.lexsort((*(each[rows] for each in by), island))
    last[many] = rows[order[np.cumsum(sizes[many]) - 1]]
    return last


def _sane(started: Value, ended: Value, columns: dict[str, Column]) -> Array:
    """Which contacts are units of any measure."""
    wrong = ended.values < started.values
    for each in (started, ended):
        if each.known is not None:
            wrong &= each.known
    if "cancelled" in columns:
        wrong |= _value(columns["cancelled"]).values
    return np.asarray(~wrong)


def _theirs(whose: Array, count: int, person: Array) -> tuple[Array, Array]:
    """Which of rows, that are in order of whose they are, are those of each person."""
    places = np.arange(count)
    first, last = (np.searchsorted(whose, places, side) for side in _SIDES)
    return first[person], last[person]


def _narrowed(units: Rows, conditions: Iterable[Asked]) -> Rows:
    """The units of which all conditions hold."""
    fits = None
    for each in conditions:
        said = each(units).true
        fits = said if fits is None else fits & said
    if fits is None or np.all(fits):
        return units
    return units.take(np.flatnonzero(np.broadcast_to(fits, len(units))))


def _in_order(person: Array, begins: Array, contact: Array) -> Array:
    """The places of contacts in order of person, start and id.

    They mostly lie so but for those of one moment, which is why they are not just sorted.
    """
    low = int(begins.min()) if len(begins) else 0
    span = int(begins.max()) - low + 1 if len(begins) else 1
    if len(person) and (int(person.max()) + 1) * span >= 1 << 62:
        return np.lexsort((contact, begins, person))
    code = person * span + (begins - low)
    order = np.argsort(code, kind="stable")
    code = code[order]
    same = np.flatnonzero(code[1:] == code[:-1])
    if len(same):
        several = np.union1d(same, same + 1)
        mine = order[several]
        order[several] = mine[np.lexsort((contact[mine], code[several]))]
    return order


def _value(column: Column) -> Value:
    assert isinstance(column, Value)  # noqa: S101 - the language says so
    return column


def _text(column: Column) -> Text:
    assert isinstance(column, Text)  # noqa: S101 - the language says so
    return column


def _known(value: Value, count: int) -> Array:
    return np.ones(count, bool) if value.known is None else value.known


def _ends(held: Rows) -> Array:
    """When each ends; what has not ended does so after everything."""
    ended = _value(held.field("ended"))
    return np.where(_known(ended, len(held)), ended.values, _EVER)


def _all_known(column: Value, first: Array) -> Array | None:
    return None if column.known is None else np.logical_and.reduceat(column.known, first)
