"""Who asks for a person's data, from where, what for, and with what in hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from onesystem.access.actor import Actor

Action = Literal["read", "write", "export"]


@dataclass(frozen=True, slots=True)
class Grain:
    """One scope of a token, as SMART App Launch 2 writes it: `patient/Observation.rs`.

    `acts` are letters of `cruds`; `resource` is a type or `*`.
    """

    level: Literal["patient", "user", "system"]
    resource: str
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a token allows. It can only narrow what the role allows, never widen it.

    `patient` is the person in context, where the token was launched for one.
    """

    grains: tuple[Grain, ...] = ()
    patient: int | None = None

    def allows(self, resource: str, act: str) -> bool:
        """Whether some scope allows that act (a letter of `cruds`) on that type of resource."""
        return any(act in g.acts and g.resource in {"*", resource} for g in self.grains)

    def reach(self, person: int) -> bool:
        """Whether the token reaches that person at all."""
        bound = self.patient is not None and all(g.level == "patient" for g in self.grains)
        return not bound or person == self.patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who asks, at a moment.

    `organisations` are those that they ask for: their own, and those that they are on call for
    (`on_call` names these again). `person` is a citizen's own record, `acts_for` the people whose
    proxy they are. `scopes` is None where no token is involved; `client` is the application.
    """

    actor: Actor
    purpose: str
    organisations: frozenset[str] = frozenset()
    on_call: frozenset[str] = frozenset()
    person: int | None = None
    acts_for: frozenset[int] = frozenset()
    scopes: Scopes | None = None
    client: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
