"""Who asks, worked out from somebody who signed in: their organisations and duties of today."""

from datetime import datetime

from onesystem.access.actor import Actor
from onesystem.access.asker import Asker, Scopes
from onesystem.district import now


def asker_of(
    actor: Actor,
    purpose: str,
    *,
    at: datetime | None = None,
    scopes: Scopes | None = None,
    client: str = "",
) -> Asker:
    """The asker behind an actor, with the organisations that they ask for at that moment."""
    own = frozenset({actor.organisation} - {""})
    return Asker(
        actor=actor,
        purpose=purpose,
        organisations=own,
        scopes=scopes,
        client=client,
        at=at or now(),
    )
