"""What an engine must know besides the contacts: clocks, who runs which service, lists, prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onesystem.flow.measures.days import Clock


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes: texts that are meant whole, and those that only begin the code.

    Compared without points and spaces, in capitals. `source` and `name` say whose list it is.
    """

    name: str
    title: str
    source: str
    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def has(self, text: str) -> bool:
        """Whether a text is on the list."""
        said = plain(text)
        return said in self.exact or said.startswith(self.prefixes)


def plain(text: str) -> str:
    """A code without points and spaces, in capitals."""
    return text.replace(".", "").replace(" ", "").upper()


@dataclass(frozen=True, slots=True)
class World:
    """The district as an engine needs it. `horizon` is the last moment that is known (ms)."""

    clock: Clock
    horizon: int
    organisations: Mapping[str, str] = field(default_factory=dict)  # by service
    places: Mapping[str, str] = field(default_factory=dict)  # by service
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # pence


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as measures know them. Days since 1970; empty text where unknown."""

    person: int
    born: int | None = None
    died: int | None = None
    sex: str = ""
    practice: str = ""
    area: str = ""
    deprivation: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What one unit gives to a measure, on one day."""

    day: int
    service: str
    band: int  # the five-year band of age that day
    numerator: int
    denominator: int
    contact: int  # of the unit; 0 for a person's period
    person: int = 0  # whose it is, where that is not known from around it
