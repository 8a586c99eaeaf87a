"""One ask being answered: who asks, what may be seen, and what the trail will say of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from onesystem import access
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route


class Scope(Protocol):
    """What an asker may see, as conditions of a query: see `record.scope`."""

    everyone: bool
    labels: int

    def row_sql(
        self, alias: str, *, likely: tuple[str, list[Any]] | None = None
    ) -> tuple[str, list[Any]]:
        """The condition on a row of entries, most of which are of the likely identities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. `source` is whose messages the caller's writes are; `feed` where it is a source
    that sends its own records under its own ids.
    """

    asker: access.Asker
    source: str
    feed: bool = False
    session: bool = False

    def allows(self, kind: str, act: str) -> bool:
        """Whether the token allows that act (a letter of `cruds`) on that type."""
        scopes = self.asker.scopes
        return scopes is None or scopes.allows(kind, act)


@dataclass
class Case:
    """An ask with everything that is worked out for it on the way."""

    ask: Ask
    caller: Caller
    act: str = "fhir.asked"
    what: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    identities: set[int] = field(default_factory=set)
    landed: list[Any] = field(default_factory=list)  # what was made safe for it so far
    seen: list[Any] = field(default_factory=list)  # the scope, for all asks of the caller at once
    ending: set[int] = field(default_factory=set)  # entries that the same transaction deletes
    ready: dict[str, Any] | None = None  # what it reads, where that was looked up with others

    @property
    def asker(self) -> access.Asker:
        """Who asks, for what."""
        return self.caller.asker

    @property
    def scope(self) -> Any:
        """What the caller may see."""
        if not self.seen:
            self.seen.append(access.scope(self.asker))
        return self.seen[0]

    def beside(self, ask: Ask) -> "Case":
        """Another ask of the same caller in the same transaction."""
        return Case(ask, self.caller, landed=self.landed, seen=self.seen, ending=self.ending)

    def require(self, kind: str, act: str) -> None:
        """Raises Refusal where the token does not allow that act on that type."""
        if not self.caller.allows(kind, act):
            word = _WORDS[act]
            raise Refusal(
                403,
                f"the token does not allow to {word} {kind}",
                f"Ask for a token with the scope {_level(self.caller)}/{kind}.{act}.",
            )

    def touches(self, identities: Iterable[int]) -> None:
        """Say whose data the answer holds."""
        self.identities.update(identity for identity in identities if identity > 0)


_WORDS = {"c": "create", "r": "read", "u": "update", "d": "delete", "s": "search"}


def _level(caller: Caller) -> str:
    scopes = caller.asker.scopes
    return scopes.grains[0].level if scopes and scopes.grains else "user"


Answerer = Callable[[Case, Route], Answer]
