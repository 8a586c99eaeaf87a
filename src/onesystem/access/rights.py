"""Whether an actor may. Predicates of `rules`, so that rooms can combine them with their own."""

from datetime import UTC, date, datetime
from typing import Any

import rules

from onesystem.access.actor import Actor
from onesystem.access.roles import RIGHTS, lines_on, purposes_of, rights_of
from onesystem.vocabulary import NotPermitted, nearest
from onesystem.vocabulary.said import amid, say
from onesystem.vocabulary.wording import any_of


def today() -> date:
    """The day on which a right is asked for, in UTC."""
    return datetime.now(UTC).date()


def holds(right: str) -> Any:
    """The predicate "holds that right". Takes an Actor, or a user who signed in."""
    if right not in RIGHTS:
        raise ValueError(
            say(
                "there is no right {right}. {nearest}",
                right=repr(right),
                nearest=nearest(right, RIGHTS),
            )
        )

    @rules.predicate(f"holds({right})")  # type: ignore[untyped-decorator]
    def predicate(who: object) -> bool:
        actor = who if isinstance(who, Actor) else _signed_in(who)
        if actor is None:
            return False
        # Whoever can start a job on this machine can read its disk: a role table for jobs would
        # be theatre. What keeps jobs honest is that each act of theirs is in the trail by name.
        return actor.is_job or right in rights_of(actor.roles, today())

    return predicate


def _signed_in(user: Any) -> Actor | None:
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return None
    return Actor.of(user)


for _right in RIGHTS:
    if not rules.perm_exists(_right):
        rules.add_perm(_right, holds(_right))


def may(actor: Actor, right: str) -> bool:
    """Whether the actor holds the right today."""
    if right not in RIGHTS:
        raise ValueError(
            say(
                "there is no right {right}. {nearest}",
                right=repr(right),
                nearest=nearest(right, RIGHTS),
            )
        )
    return bool(rules.has_perm(right, actor))


def require(actor: Actor, right: str) -> None:
    """Do nothing where the actor may. Raises NotPermitted, naming the roles that could."""
    if may(actor, right):
        return
    able = sorted(line.name for line in lines_on(today()).values() if right in line.rights)
    raise NotPermitted(
        say("{name} may not do this: {rights}", name=actor.name, rights=amid(RIGHTS[right])),
        say("It takes the role {able}. Ask your administrator", able=any_of(able)),
    )


def may_open(actor: Actor, purpose: str) -> bool:
    """Whether the actor may open a person for that purpose."""
    if actor.is_job:
        return True
    right = "own.see" if purpose == "own record" else "person.open"
    return may(actor, right) and purpose in purposes_of(actor.roles, today())
