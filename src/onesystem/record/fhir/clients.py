"""Tokens of clients: issue, revoke, list. A client is an application that asks over FHIR."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from onesystem import access
from onesystem.district import now
from onesystem.record.fhir.scopes import scopes_of
from onesystem.record.fhir.token_model import ClientToken
from onesystem.vocabulary import BadConfig, NotFound, nearest

PREFIX = "onesystem_app_"


@transaction.atomic
def issue(
    *,
    client: str,
    scopes: str,
    purpose: str,
    by: access.Actor,
    username: str = "",
    roles: str = "",
    organisation: str = "",
    person: int | None = None,
    expires: datetime | None = None,
) -> str:
    """A new token for a client. It is shown once; only its digest is kept.

    It asks as the user `username`, or without one as the roles and the organisation that are
    named. Raises BadConfig for scopes, a purpose or a role that there is not.
    """
    access.require(by, "users.manage")
    scopes_of(scopes)
    if purpose not in access.PURPOSES:
        raise BadConfig(f"there is no purpose {purpose!r}", nearest(purpose, access.PURPOSES))
    for role in roles.split():
        if role not in access.ROLES:
            raise BadConfig(f"there is no role {role!r}", nearest(role, access.ROLES))
    if bool(username) == bool(roles):
        raise BadConfig("a token asks as a user, or as a role", "Name the one or the other.")
    token = PREFIX + secrets.token_urlsafe(32)
    made = ClientToken.objects.create(
        client=client, digest=digest_of(token), scopes=scopes, purpose=purpose, username=username,
        roles=roles, organisation=organisation, person=person, expires=expires,
        created=now(), created_by=by.name,
    )  # fmt: skip
    access.record(
        by=by,
        act="fhir.token-issued",
        what=f"token {made.pk} of {client}",
        detail={"scopes": scopes, "purpose": purpose, "user": username, "roles": roles},
    )
    return token


@transaction.atomic
def revoke(*, token: int, by: access.Actor) -> None:
    """End a token. Raises NotFound when there is none of that number, or it has ended."""
    access.require(by, "users.manage")
    if not ClientToken.objects.filter(pk=token, revoked=None).update(revoked=now()):
        raise NotFound(f"there is no client token {token} in use", "See: onesystem token list")
    access.record(by=by, act="fhir.token-revoked", what=f"token {token}")


def tokens() -> list[ClientToken]:
    """All tokens, the newest first."""
    return list(ClientToken.objects.order_by("-pk"))


def digest_of(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
