"""What a token is worth: to the FHIR engine, at introspection, and when it is revoked."""

from typing import Any

from django.db import connection

from onesystem import access
from onesystem.access.deciding import persons_of
from onesystem.access.quick import rows
from onesystem.district import now
from onesystem.record.fhir.case import Caller
from onesystem.record.fhir.clients import digest_of
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.smart import grants
from onesystem.record.fhir.smart.granting import held
from onesystem.record.fhir.smart.models import App, Grant, Token

_KNOWN = (
    "SELECT t.scopes, t.expires <= %s, t.revoked, g.revoked, g.username, g.person, g.purpose, "
    "a.name, a.roles, a.organisation, a.removed, u.roles, u.organisation, u.is_active "
    "FROM record_smart_token AS t "
    'JOIN record_smart_grant AS g ON g.id = t."grant" '
    "JOIN record_smart_app AS a ON a.id = g.app "
    "LEFT JOIN access_user AS u ON u.username = g.username AND g.username <> '' "
    "WHERE t.digest = %s AND t.kind = 'access'"
)


def caller_of(token: str) -> Caller | None:
    """The caller that an access token stands for; None where it is no token of ours.

    Raises Refusal where it is one, and is good no more.
    """
    if not token.startswith(grants.PREFIX):
        return None
    at = connection.ops.adapt_datetimefield_value(now())
    row = next(iter(rows(_KNOWN, [at, digest_of(token)])), None)
    if row is None:
        raise _refused("the token is unknown")
    scopes, over, revoked, ended, username, person, purpose, name, *rest = row
    roles, organisation, removed, user_roles, user_organisation, active = rest
    if revoked or ended or removed:
        raise _refused("the token was revoked")
    if over:
        raise _refused("the token has expired")
    if username:
        if not active:
            raise _refused("the token's user may no longer sign in")
        roles, organisation = user_roles, user_organisation
    if person is not None:
        # The person may have been merged into another since.
        person = persons_of([person]).get(person)
        if person is None:
            raise _refused("the token's person is not known any more")
    actor = access.Actor(
        name=username or f"app:{name}", roles=frozenset(roles.split()), organisation=organisation
    )
    asker = access.asker_of(actor, purpose, scopes=held(scopes, person), client=f"app:{name}")
    return Caller(asker=asker, source=f"app:{name}")


def introspected(token: str, *, issuer: str, base: str) -> dict[str, Any]:
    """What a token is, for who has to know (RFC 7662); nothing about one that is not good."""
    found = Token.objects.filter(digest=digest_of(token)).exclude(kind="code").first()
    grant = Grant.objects.filter(pk=found.grant, revoked=None).first() if found else None
    app = App.objects.filter(pk=grant.app, removed=None).first() if grant else None
    if not found or not grant or not app or found.revoked or found.used or found.expires <= now():
        return {"active": False}
    if grant.username and not _active(grant.username):
        return {"active": False}
    said: dict[str, Any] = {
        "active": True, "scope": found.scopes, "client_id": app.client, "iss": issuer,
        "aud": base, "token_type": "Bearer", "exp": int(found.expires.timestamp()),
        "iat": int(found.created.timestamp()), "sub": grant.username or app.client,
    }  # fmt: skip
    if grant.patient:
        said["patient"] = grant.patient
    if grant.user:
        said["fhirUser"] = f"{base}/{grant.user}"
    return said


def revoke(token: str, *, app: App) -> None:
    """End a token of that application: a refresh token ends the whole grant (RFC 7009)."""
    found = Token.objects.filter(digest=digest_of(token)).first()
    grant = Grant.objects.filter(pk=found.grant, app=app.pk).first() if found else None
    if not found or not grant:
        return
    if found.kind == "access":
        Token.objects.filter(pk=found.pk, revoked=None).update(revoked=now())
    else:
        grants.end(grant=grant.pk, why="revoked by the application")


def _active(username: str) -> bool:
    from onesystem.access.models import User

    return User.objects.filter(username=username, is_active=True).exists()


def _refused(what: str) -> Refusal:
    said = {"WWW-Authenticate": f'Bearer realm="onesystem", error="invalid_token", '
            f'error_description="{what}"'}  # fmt: skip
    return Refusal(401, what, "Ask /oauth/token for a new one.", headers=said)
