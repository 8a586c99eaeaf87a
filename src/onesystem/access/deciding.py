"""Gathering the facts and deciding: what pages, the API, exports and commands call.

Access lies below people, contacts and the record, where the ties are. The rooms above register
how they are found (`register`), and the wiring introduces them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from onesystem.access.asker import Action, Asker
from onesystem.access.decision import Allowed, Facts, Refused, may, refused
from onesystem.vocabulary import NotPermitted


class Gatherer(Protocol):
    """What the room above knows how to find."""

    def facts(self, asker: Asker, person: int, *, items: Iterable[int] = ()) -> Facts:
        """What is so between the asker and the person, in few statements."""

    def persons(self, identities: Iterable[int]) -> dict[int, int]:
        """The person that each identity is of, as the map is now."""

    def identities(self, person: int) -> list[int]:
        """The identities of a person."""

    def practices(self, person: int) -> frozenset[str]:
        """The organisations of the district that a person is enrolled with."""

    def scope(self, asker: Asker) -> Any:
        """The same rule over everybody, as SQL: see `record.scope.Scope`."""

    def features(self) -> "Features":
        """What is compared of people to find looks that need a second look."""


class Features(Protocol):
    """What the rooms above know of people, in a form that can be compared."""

    def faces(self, persons: Iterable[int]) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
        """The family names and postcodes of each person."""

    def family(self, name: str) -> str:
        """A family name as it is compared."""

    def postcode(self, text: str) -> str:
        """A postcode as it is compared."""

    def left(self, persons: Iterable[int], organisation: str) -> dict[int, datetime]:
        """When each last left an organisation; those who did not are left out."""


_gatherers: list[Gatherer] = []


def register(gatherer: Gatherer) -> None:
    """Tell access how facts are found. The last one registered counts; safe to call again."""
    _gatherers[:] = [gatherer]


def decide(
    asker: Asker,
    person: int,
    kind: str = "general",
    action: Action = "read",
    *,
    item: int | None = None,
) -> Allowed | Refused:
    """May the asker do this with that kind of data of one person, at `asker.at`?

    `item`: the entry or contact asked for, where it is one. Nothing is written down here: who
    answers, audits.
    """
    if asker.actor.is_job:
        return may(asker, asker.purpose, Facts(), kind, action)
    if asker.scopes is not None and not asker.scopes.reach(person):
        return refused("token")
    facts = _gatherer().facts(asker, person, items=() if item is None else (item,))
    return may(asker, asker.purpose, facts, kind, action)


def require_open(
    asker: Asker, person: int, kind: str = "general", action: Action = "read"
) -> Allowed:
    """The same for callers that go on only when it is allowed. Raises NotPermitted."""
    found = decide(asker, person, kind, action)
    if isinstance(found, Refused):
        raise NotPermitted(found.words, found.way)
    return found


def facts_of(asker: Asker, person: int) -> Facts:
    """What is so between the asker and the person, for rules of another room."""
    return _gatherer().facts(asker, person)


def scope(asker: Asker) -> Any:
    """Everything that the asker may see, as conditions for a query: see `record.scope.Scope`."""
    return _gatherer().scope(asker)


def persons_of(identities: Iterable[int]) -> dict[int, int]:
    """The person that each identity is of, as the map is now."""
    return _gatherer().persons(identities)


def identities_of(person: int) -> list[int]:
    """The identities of a person."""
    return _gatherer().identities(person)


def practices_of(person: int) -> frozenset[str]:
    """The organisations of the district that a person is enrolled with."""
    return _gatherer().practices(person)


def features() -> Features:
    """What is compared of people to find looks that need a second look."""
    return _gatherer().features()


def _gatherer() -> Gatherer:
    if not _gatherers:
        msg = "nobody gathers facts: the rooms are not connected (see wiring.connect)"
        raise RuntimeError(msg)
    return _gatherers[0]
