"""What a search asks, as plain facts: conditions, and how the results are wanted. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onesystem.record.fhir.searching.definitions import Parameter


@dataclass(frozen=True, slots=True)
class Simple:
    """One parameter with its modifier and values, any of which will do.

    `by_kind` has the parameter of each resource type that is searched.
    """

    by_kind: Mapping[str, Parameter]
    modifier: str
    values: tuple[str, ...]  # still escaped
    name: str  # as it was asked, for errors

    @property
    def first(self) -> Parameter:
        """The parameter of one of the types; their types agree."""
        return next(iter(self.by_kind.values()))


@dataclass(frozen=True, slots=True)
class Chain:
    """What is referred to has to meet a condition: `subject:Patient.name=peter`."""

    by_kind: Mapping[str, Parameter]
    targets: Mapping[str, "Condition"]  # resource type that is referred to: its condition
    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """Something that refers to it has to meet a condition: `_has:Observation:patient:code=1`."""

    kind: str  # of what refers
    parameter: Parameter
    condition: "Condition"
    name: str


Condition = Simple | Chain | Has


@dataclass(frozen=True, slots=True)
class Include:
    """`_include` or `_revinclude`. `parameter` `*` is every reference; `source` `*` any type."""

    source: str
    parameter: str
    target: str
    reverse: bool
    again: bool  # :iterate

    def __str__(self) -> str:
        return ":".join(p for p in (self.source, self.parameter, self.target) if p)


@dataclass(frozen=True, slots=True)
class Order:
    """One key of `_sort`."""

    code: str
    down: bool


@dataclass(slots=True, kw_only=True)
class Asked:
    """A whole search. `kinds` are the resource types; one, but for a search of everything."""

    kinds: tuple[str, ...]
    conditions: list[Condition] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    sort: list[Order] = field(default_factory=list)
    count: int = 50
    total: str = ""  # none, estimate, accurate
    summary: str = ""  # true, text, data, count
    elements: tuple[str, ...] = ()
    within: tuple[str, str] | None = None  # the compartment: Patient and id
    understood: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # why, where the client is lenient
