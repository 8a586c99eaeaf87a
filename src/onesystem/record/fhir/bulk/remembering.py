"""Who asked for an export, as text and back: what they may see is worked out anew at each slice.

So a choice not to share that is made while the export goes on counts from the next slice on.
"""

from typing import Any

import orjson

from onesystem import access
from onesystem.access.models import User


def remembered(asker: access.Asker) -> str:
    """An asker as text."""
    scopes = asker.scopes
    return orjson.dumps({
        "name": asker.actor.name,
        "roles": sorted(asker.actor.roles),
        "organisation": asker.actor.organisation,
        "purpose": asker.purpose,
        "client": asker.client,
        "patient": None if scopes is None else scopes.patient,
        "grains": None if scopes is None
        else [[g.level, g.resource, "".join(sorted(g.acts))] for g in scopes.grains],
    }).decode()  # fmt: skip


def asker_again(text: str) -> access.Asker | None:
    """The asker as they stand now; None where they may no longer sign in."""
    said: dict[str, Any] = orjson.loads(text)
    user = User.objects.filter(username=said["name"]).first()
    if user is not None and not user.is_active:
        return None
    actor = access.Actor(
        name=said["name"], roles=frozenset(said["roles"]), organisation=said["organisation"]
    )
    scopes = None
    if said["grains"] is not None:
        grains = tuple(access.Grain(lvl, kind, frozenset(a)) for lvl, kind, a in said["grains"])
        scopes = access.Scopes(grains, said["patient"])
    return access.asker_of(actor, said["purpose"], scopes=scopes, client=said["client"])
