"""Who asks, worked out from somebody who signed in: organisations, duties, whose record it is."""

from datetime import datetime

from onesystem.access.actor import Actor
from onesystem.access.asker import Asker, Scopes
from onesystem.access.deciding import persons_of
from onesystem.access.quick import rows
from onesystem.district import now
from onesystem.vocabulary.kept import to_micros

OWN_RECORD = "own record"


def asker_of(
    actor: Actor,
    purpose: str,
    *,
    at: datetime | None = None,
    scopes: Scopes | None = None,
    client: str = "",
) -> Asker:
    """The asker behind an actor, as their duties and proxies are at that moment."""
    at = at or now()
    if actor.is_job:
        return Asker(actor=actor, purpose=purpose, scopes=scopes, client=client, at=at)
    if purpose == OWN_RECORD:
        own, acts_for = _whose(actor.name, to_micros(at))
        return Asker(
            actor=actor, purpose=purpose, person=own, acts_for=acts_for, scopes=scopes,
            client=client, at=at,
        )  # fmt: skip
    duties = _standing("access_duty", "organisation", actor.name, to_micros(at))
    own_organisation = frozenset({actor.organisation} - {""})
    return Asker(
        actor=actor,
        purpose=purpose,
        organisations=own_organisation | duties,
        on_call=duties - own_organisation,
        scopes=scopes,
        client=client,
        at=at,
    )


def _standing(table: str, column: str, username: str, at: int) -> frozenset:
    sql = (
        f"SELECT {column} FROM {table} WHERE username = %s AND since <= %s "
        "AND (until IS NULL OR until > %s)"
    )
    return frozenset(row[0] for row in rows(sql, [username, at, at]))


def _whose(username: str, at: int) -> tuple[int | None, frozenset[int]]:
    own = _standing("access_own", "identity", username, at)
    proxied = _standing("access_proxy", "identity", username, at)
    if not own and not proxied:
        return None, frozenset()
    persons = persons_of([*own, *proxied])
    mine = next((persons[i] for i in own if i in persons), None)
    return mine, frozenset(persons[i] for i in proxied if i in persons) - {mine}
