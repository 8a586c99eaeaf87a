"""Which services an agreement is about, as the district has them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onesystem.budget.contracts.agreement import Agreement, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A service of the district: its name, who runs it where, and its kind."""

    name: str
    organisation: str
    setting: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What an agreement may name: codes and their words."""

    organisations: Mapping[str, str]
    services: Mapping[str, Known]
    places: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    practices: Mapping[str, str] = field(default_factory=dict)  # by the codes of their lists
    goals: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)


def services_in(scope: Scope, services: Mapping[str, Known]) -> tuple[str, ...]:
    """The codes of the services in scope: those named, else all that fit every list given."""
    if scope.services:
        return tuple(code for code in scope.services if code in services)
    lists = (scope.settings, scope.organisations, scope.places)
    if not any(lists):
        return ()
    return tuple(code for code, each in services.items() if _fits(lists, each))


def _fits(lists: Iterable[tuple[str, ...]], each: Known) -> bool:
    has = (each.setting, each.organisation, each.place)
    return all(not wanted or said in wanted for wanted, said in zip(lists, has, strict=True))


def services_of(made: Agreement, services: Mapping[str, Known]) -> tuple[str, ...]:
    """All services that money moves for: those in scope, and those of payments and of passing."""
    named = [each.services for each in made.payments] + [each.services for each in made.passes]
    every = [services_in(made.scope, services), *named]
    return tuple(dict.fromkeys(code for some in every for code in some if code in services))
