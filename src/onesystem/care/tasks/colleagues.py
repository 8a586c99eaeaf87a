"""Who works beside somebody, and what users are called."""

from collections.abc import Iterable

from onesystem.access import Actor, Asker, may
from onesystem.access.models import User


def colleagues(asker: Asker) -> list[tuple[str, str]]:
    """Those of somebody's organisations who do tasks: user name and name, to be chosen from."""
    found = User.objects.filter(organisation__in=sorted(asker.organisations), is_active=True)
    return sorted(
        ((u.username, u.get_full_name()) for u in found if may(Actor.of(u), "care.act")),
        key=lambda pair: pair[1].casefold(),
    )


def names(usernames: Iterable[str]) -> dict[str, str]:
    """What users are called, by user name; whoever is no user here is left out."""
    wanted = sorted({each for each in usernames if each})
    return {u.username: u.get_full_name() for u in User.objects.filter(username__in=wanted)}
