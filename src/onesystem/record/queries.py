"""What can be asked of a person's record: always by someone, for a purpose.

Every question decides for itself whether the person opens to the asker, and how far. A page that
was let in by the same decision hands it on (`allowed`), so that it is not worked out again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from onesystem import access, contacts, district, people
from onesystem.access.reading import sealed_items
from onesystem.record.columns import Kept
from onesystem.record.entries import counts_of, entries_of
from onesystem.record.sight import Sight
from onesystem.record.timeline import Timeline, build
from onesystem.vocabulary import Asked, Contact, NotFound

# The room that keeps requests does not know this one.
RequestsOf = Callable[[Sequence[int]], Sequence[Asked]]
_requests: list[RequestsOf] = []


def register_requests(function: RequestsOf) -> None:
    """Tell the timeline who keeps requests: identity ids in, requests out. Safe to call again.

    Requests belong to a room beside this one, so the wiring introduces the two.
    """
    if function not in _requests:
        _requests.append(function)


def requests(identities: Sequence[int]) -> list[Asked]:
    """The requests about those identities, of whoever keeps them. Callers check who asks."""
    return [each for function in _requests for each in function(identities)]


def timeline_of(
    person: int,
    *,
    by: access.Actor,
    purpose: str,
    at: datetime,
    allowed: access.Allowed | None = None,
) -> Timeline:
    """Everything that the district knows of one person's contacts, as it stands at that moment.

    Raises NotPermitted where the person does not open to the actor for that purpose.
    """
    sight = sight_of(person, by=by, purpose=purpose, allowed=allowed)
    return line_of(list(people.identity_ids_of(person)), sight=sight, at=at)


def line_of(
    identities: Sequence[int], *, sight: Sight, at: datetime, newest: bool = False
) -> Timeline:
    """The same, for a caller who has the person's identities and the sight of them already.

    `newest` is for a page that begins with what is open and goes on with the newest visits: the
    many before them are not asked for.
    """
    here = district.current()
    asked = [a for a in requests(identities) if sight.opens(a.source, a.service, here)]
    known = contacts.newest_of if newest else contacts.of_identities
    shown = [c for c in known(identities) if sight.shows(c, here)]
    return build(shown, asked, at=at)


def sight_of(
    person: int, *, by: access.Actor, purpose: str, allowed: access.Allowed | None = None
) -> Sight:
    """How much of the person's record is open to the actor for that purpose.

    Raises NotPermitted where it is not open at all.
    """
    if allowed is None:
        allowed = access.require_open(access.asker_of(by, purpose), person)
    return Sight(allowed, sealed_items(person) if allowed.seals else frozenset())


def seen(asker: access.Asker) -> tuple[str, list[Any]]:
    """The condition on rows `e` of record_entry that leaves what this asker may see of anybody."""
    condition: tuple[str, list[Any]] = access.scope(asker).row_sql("e")
    return condition


def versions(
    contact: int,
    *,
    person: int,
    by: access.Actor,
    purpose: str,
    allowed: access.Allowed | None = None,
) -> list[Contact]:
    """Every version of one contact of that person, oldest first.

    Raises NotFound where it is another person's, so that a guessed number opens nothing.
    """
    sight = sight_of(person, by=by, purpose=purpose, allowed=allowed)
    identities = list(people.identity_ids_of(person))
    found = contacts.versions_of(contact, identities=identities)
    own = bool(found) and found[-1].identity in identities
    if not own or not sight.shows(found[-1], district.current()):
        raise NotFound("this person has no such contact", "Go back to the timeline")
    return list(found)


def entry_counts(
    person: int, *, by: access.Actor, purpose: str, allowed: access.Allowed | None = None
) -> list[tuple[str, int]]:
    """How many clinical entries there are of each kind, the most first; none that are gone."""
    seen = sight_of(person, by=by, purpose=purpose, allowed=allowed).row_sql("e")
    found = counts_of(list(people.identity_ids_of(person)), seen=seen)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def entries(
    person: int,
    *,
    kind: str,
    by: access.Actor,
    purpose: str,
    allowed: access.Allowed | None = None,
) -> list[Kept]:
    """The clinical entries of one kind, newest first."""
    seen = sight_of(person, by=by, purpose=purpose, allowed=allowed).row_sql("e")
    return entries_of(list(people.identity_ids_of(person)), kinds={kind}, seen=seen)
