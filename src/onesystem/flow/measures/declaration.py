"""What a measure is: one small TOML file, checked whole before anything is worked out with it.

A measure counts *units*: contacts, spells (stretches of one stay joined into one), or a person's
periods. Of each unit in its population it takes two whole numbers, the numerator and the
denominator, on one day of the district. A figure is the sum of the one over the sum of the other.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onesystem.flow.measures.grammar import Mistake, parse
from onesystem.flow.measures.language import GATHER, OF_PERSON
from onesystem.flow.measures.tree import TRUE, Call, Field, Kind, Node, both, walk
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say, say_each

SHAPES = ("row", "person", "interval")
TOLD = "told"  # by a room above that keeps it, and worked out from no contact
UNITS_COUNTED = ("contact", "spell", "person-month", "person-quarter", "person-year")
DIMENSIONS = (
    "service", "setting", "organisation", "place", "practice", "age_band", "sex", "deprivation",
    "area",
)  # fmt: skip
_OF_PEOPLE = DIMENSIONS[4:]
DIRECTIONS = ("up", "down", "none")
STANDARDISATIONS = ("none", "direct", "indirect")
COUNTS = ("nights", "time")
# What a sum is divided by to be shown, and whether a figure is a share of its denominator.
UNITS = {
    "percent": 0.01, "count": 1, "people": 1, "minutes": 60_000, "hours": 3_600_000,
    "days": 86_400_000, "nights": 1, "beds": 1, "pounds": 100, "index": 1_000_000,
    "per 1,000": 0.001, "per 100,000": 0.00001, "days each": 1,
}  # fmt: skip
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
# Of how large a share of the people, those who have most, a figure is; of Gini's index, of all.
SPREAD = {"gini": 1.0, "top 10": 0.1, "top 5": 0.05, "top 1": 0.01}
_SPECIAL = ("people", "capacity", "days", "none", "most", *SPREAD)
_HOUR = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A measure as its file says, read and checked. `text` is the file."""

    name: str
    title: str
    words: str
    version: int
    shape: str
    unit: str
    source: str
    source_date: date
    of: str = "contact"
    others: str = ""
    spell: Node = TRUE
    gap: int = 0  # milliseconds between stretches that are still one spell
    population: Node = TRUE
    exclusions: tuple[Node, ...] = ()
    when: Node = TRUE
    numerator: Node = TRUE
    denominator: Node = TRUE
    over: str = ""  # what it is divided by where that is no sum over units
    span: tuple[Node, Node] = (TRUE, TRUE)  # of an interval: from and to
    counts: str = ""  # of an interval: nights or time
    people_from_age: int = 0  # of the population that it is divided by
    complement: bool = False  # the figure is what is left of the denominator
    standardisation: str = "none"
    direction: str = "none"
    target: float | None = None
    dimensions: tuple[str, ...] = DIMENSIONS
    terms: Mapping[str, str] = field(default_factory=dict)  # the expressions as they are written
    own: bool = False  # our own definition, which nobody else has published
    live: str = ""  # what the contacts lack of the published definition
    people_once: bool = False  # of what is told: a cut by practice leaves services out
    of_nobody: bool = False  # of what is told: it counts no people, so that nothing is hidden
    told: str = ""  # which room above tells it, and under which name: no contact lies behind it
    text: str = ""

    @property
    def drill(self) -> str:
        """The kind of rows behind a figure; empty where none are."""
        if self.told:
            return ""
        return "contact" if self.of in {"contact", "spell"} else "person"

    @property
    def spread(self) -> bool:
        """Whether it tells how unevenly people have what it counts, and is no sum."""
        return self.over in SPREAD

    @property
    def counts_units(self) -> bool:
        """Whether the numerator is how many of the units it is: no time, money, nights or size."""
        return UNITS[self.unit] <= 1 and self.unit != "nights" and not self.spread

    @property
    def every(self) -> str:
        """The shortest period that it has figures for."""
        return self.of.removeprefix("person-") if self.of.startswith("person-") else "day"

    @property
    def expressions(self) -> tuple[Node, ...]:
        """All of its expressions."""
        return (
            self.spell, self.population, *self.exclusions, self.when, self.numerator,
            self.denominator, *self.span,
        )  # fmt: skip

    @property
    def included(self) -> Node:
        """The population without the exclusions: an exclusion that is unknown excludes nothing."""
        from onesystem.flow.measures.tree import Choose, Const, Not

        outside = (Choose(each, Const(value=True), Const(value=False)) for each in self.exclusions)
        return both(self.population, *(Not(each) for each in outside))

    @property
    def needs_history(self) -> bool:
        """Whether it takes more than the contact itself."""
        return self.of != "contact" or any(
            isinstance(n, Call) and n.name in GATHER for e in self.expressions for n in walk(e)
        )

    def names(self, words: tuple[str, ...]) -> bool:
        """Whether an expression names one of these fields."""
        return any(
            (isinstance(n, Field) and n.name in words)
            or (isinstance(n, Call) and n.name == "age" and "born" in words)
            for e in self.expressions
            for n in walk(e)
        )

    @property
    def needs_person(self) -> bool:
        """Whether it asks anything of the person."""
        return self.names(OF_PERSON)


_KEYS = {
    "name": str, "title": str, "words": str, "version": int, "shape": str, "unit": str,
    "source": str, "source_date": date, "of": str, "others": str, "spell": dict,
    "population": str, "exclusions": list, "when": str, "numerator": str, "denominator": str,
    "from": str, "to": str, "counts": str, "complement": bool, "people_from_age": int,
    "standardisation": str, "direction": str, "target": (int, float), "dimensions": list,
    "own": bool, "live": str, "told": str, "people_once": bool,
    "of_nobody": bool,
}  # fmt: skip
_SAID = say_each({
    str: "Write it between quotes", int: "Write a whole number", date: "Write 2026-01-31, unquoted",
    bool: "Write true or false", list: "Write a list: [ ... ]", dict: "Write it as a table",
    (int, float): "Write a number",
})  # fmt: skip
_NEEDED = ("name", "title", "words", "version", "shape", "unit", "source", "source_date")


def read(text: str, where: str = "measure", *, told: bool = False) -> Declared:
    """The measure that a file declares. Raises BadConfig with the file's line and the cure.

    `told` lets it be one that a room above tells; those come with onesystem and are not written.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{where}: {error}", "Mend the file's TOML") from error
    return _File(text, where, said).declared(told=told)


class _File:
    """A file that is being read: knows where each of its keys stands."""

    def __init__(self, text: str, where: str, said: dict[str, Any]) -> None:
        self.text, self.where, self.said = text, where, said

    def declared(self, *, told: bool = False) -> Declared:
        self._keys()
        said = self.said
        values = {key: said[key] for key in ("name", "title", "version", "shape", "unit", "source")}
        if not _NAME.match(said["name"]):
            self.wrong(
                "name",
                say("{name} is no name", name=repr(said["name"])),
                say("Use letters, digits and hyphens"),
            )
        shape = self.one_of("shape", (*SHAPES, TOLD) if told else SHAPES)
        if ("told" in said) is not (shape == TOLD):
            self.wrong("told", say("what is told is of the shape told"), say('Write shape = "row"'))
        of = self.one_of("of", UNITS_COUNTED, "contact")
        self.one_of("unit", UNITS)
        spell, gap = self._spell(of)
        over = said.get("denominator", "True").strip()
        special = over in _SPECIAL
        self._spread(over, of)
        return Declared(
            **values,
            words=" ".join(said["words"].split()),
            source_date=said["source_date"],
            of=of,
            others=self.one_of("others", UNITS_COUNTED[:2], of if of == "spell" else "contact"),
            spell=spell,
            gap=gap,
            population=self.expression("population", Kind.FLAG),
            exclusions=tuple(self._exclusions()),
            when=self.expression("when", Kind.TIME, "started"),
            numerator=self._sum("numerator"),
            denominator=TRUE if special else self._sum("denominator"),
            over=over if special else "",
            span=self._span(shape),
            counts=self.one_of("counts", COUNTS, "nights") if shape == "interval" else "",
            complement=said.get("complement", False),
            people_from_age=said.get("people_from_age", 0),
            standardisation=self.one_of("standardisation", STANDARDISATIONS, "none"),
            direction=self.one_of("direction", DIRECTIONS, "none"),
            target=float(said["target"]) if "target" in said else None,
            dimensions=self._dimensions(),
            terms=self._terms(),
            own=said.get("own", False),
            live=" ".join(said.get("live", "").split()),
            people_once=said.get("people_once", False),
            of_nobody=told and said.get("of_nobody", False),
            told=said.get("told", ""),
            text=self.text,
        )

    def wrong(self, key: str, what: str, cure: str = "", line: int = 1) -> None:
        """Say what is wrong with a key, and in which line of the file."""
        raise BadConfig(
            say(
                "{where}, line {line}: {what}",
                where=self.where,
                line=self._line(key) + line - 1,
                what=what,
            ),
            cure,
        )

    def _line(self, key: str) -> int:
        pattern = re.compile(rf"\s*\[?{re.escape(key)}\b")
        for number, line in enumerate(self.text.splitlines(), 1):
            if pattern.match(line):
                return number
        return 1

    def _keys(self) -> None:
        for key in _NEEDED:
            if key not in self.said:
                self.wrong(key, say("{key} is missing", key=key), say("See how to write a measure"))
        for key, value in self.said.items():
            if key not in _KEYS:
                self.wrong(key, say("there is no key {key}", key=repr(key)), nearest(key, _KEYS))
            if not isinstance(value, _KEYS[key]):  # type: ignore[arg-type]
                self.wrong(
                    key,
                    say("{key} is of the wrong kind: {value}", key=key, value=repr(value)),
                    _SAID[_KEYS[key]],
                )

    def one_of(self, key: str, known: Any, default: str = "") -> str:
        value = str(self.said.get(key, default))
        if value not in known:
            self.wrong(
                key,
                say("{key} cannot be {value}", key=key, value=repr(value)),
                nearest(value, known),
            )
        return value

    def expression(self, key: str, kind: Kind, default: str = "True") -> Node:
        return self._parsed(key, self.said.get(key, default), kind)

    def _parsed(self, key: str, text: Any, kind: Kind | None) -> Node:
        if not isinstance(text, str):
            self.wrong(
                key, say("{text} is no expression", text=repr(text)), say("Write it between quotes")
            )
        try:
            return parse(text, kind)
        except Mistake as error:
            self.wrong(key, f"{key}: {error.what}", error.cure, error.line + self._lead(key, text))
            raise

    def _lead(self, key: str, text: str) -> int:
        """Lines between the key and the first line of its text, for texts over many lines."""
        line = self.text.splitlines()[self._line(key) - 1]
        return 1 if "\n" in text and line.rstrip().endswith(('"""', "'''")) else 0

    def _sum(self, key: str) -> Node:
        """A condition, which counts one, or a whole number."""
        text = self.said.get(key, "True")
        node = self._parsed(key, text, None)
        try:
            return parse(text, Kind.FLAG)
        except Mistake:
            self._parsed(key, text, Kind.WHOLE)
            return node

    def _exclusions(self) -> list[Node]:
        return [self._parsed("exclusions", e, Kind.FLAG) for e in self.said.get("exclusions", [])]

    def _span(self, shape: str) -> tuple[Node, Node]:
        if shape != "interval":
            return TRUE, TRUE
        return (
            self.expression("from", Kind.TIME, "started"),
            self.expression("to", Kind.TIME, "until"),
        )

    def _spell(self, of: str) -> tuple[Node, int]:
        said = self.said.get("spell", {})
        uses = of == "spell" or self.said.get("others") == "spell"
        if uses and "holds" not in said:
            self.wrong(
                "spell",
                say("it does not say which contacts make a spell"),
                say("Add [spell] holds"),
            )
        if not uses:
            return TRUE, 0
        return (
            self._parsed("holds", said["holds"], Kind.FLAG),
            int(said.get("gap_hours", 0) * _HOUR),
        )

    def _spread(self, over: str, of: str) -> None:
        if over not in SPREAD:
            return
        if not of.startswith("person-"):
            self.wrong(
                "denominator",
                say("{over} is of people, not of a {of}", over=over, of=of),
                say("Count person-year"),
            )
        unit = "index" if over == "gini" else "percent"
        if self.said["unit"] != unit:
            self.wrong(
                "unit",
                say("{over} is no {unit}", over=over, unit=self.said["unit"]),
                say('Write unit = "{unit}"', unit=unit),
            )
        kept = set(self.said.get("dimensions", DIMENSIONS)) - set(_OF_PEOPLE)
        if kept:
            self.wrong(
                "dimensions", say("people are not told apart by {kept}", kept=min(kept)),
                say("Name some of {of_people}", of_people=", ".join(_OF_PEOPLE)),
            )  # fmt: skip

    def _dimensions(self) -> tuple[str, ...]:
        wanted = self.said.get("dimensions", list(DIMENSIONS))
        for each in wanted:
            if each not in DIMENSIONS:
                self.wrong(
                    "dimensions",
                    say("no dimension {each}", each=repr(each)),
                    nearest(each, DIMENSIONS),
                )
        return tuple(wanted)

    def _terms(self) -> dict[str, str]:
        keys = ("population", "when", "from", "to", "numerator", "denominator")
        terms = {key: " ".join(self.said[key].split()) for key in keys if key in self.said}
        for at, each in enumerate(self.said.get("exclusions", []), 1):
            terms[f"exclusion {at}"] = " ".join(each.split())
        if spell := self.said.get("spell"):
            terms["a spell holds"] = str(spell["holds"])
            terms["hours between its stretches"] = say(
                "at most {gap_hours}", gap_hours=spell.get("gap_hours", 0)
            )
        return terms
