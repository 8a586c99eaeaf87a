"""Granting: launch, code, tokens, refresh, revocation. Each step is atomic and in the trail.

A code and a refresh token are good once. One that comes again was stolen, on the one side or the
other, and nobody can tell on which: the whole grant ends (RFC 9700, section 4.14).
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from onesystem import access
from onesystem.access.models import User
from onesystem.district import now
from onesystem.record.fhir.clients import digest_of
from onesystem.record.fhir.smart.errors import OAuthError, invalid_grant
from onesystem.record.fhir.smart.granting import Asked, granted, narrower
from onesystem.record.fhir.smart.models import App, Grant, Launch, Token
from onesystem.record.fhir.smart.roles import able_of

PREFIX = "smart_"
CODE = timedelta(seconds=60)
LAUNCH = timedelta(minutes=5)
ACCESS = timedelta(minutes=10)
BACKEND = timedelta(minutes=5)  # the most that SMART's backend services advise
REFRESH = timedelta(days=90)
_KEPT = timedelta(days=7)  # what ended is kept a while, so that it is known when it comes again
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_GONE = "the code or token is unknown, has expired, or is not this client's"


@dataclass(frozen=True, slots=True)
class Given:
    """What a client gets. `refresh` empty where it may not go on by itself."""

    grant: Grant
    scopes: str
    access: str
    seconds: int
    refresh: str = ""


@transaction.atomic
def launch(*, app: App, person: int, purpose: str, reason: str, by: access.Actor) -> str:
    """The launch token of an application that is opened from a person's record."""
    token = secrets.token_urlsafe(32)
    Launch.objects.create(
        digest=digest_of(token), app=app.pk, username=by.name, person=person, purpose=purpose,
        reason=reason, expires=now() + LAUNCH,
    )  # fmt: skip
    access.record(
        by=by, act="app.launched", what=app.name, person=person, purpose=purpose, reason=reason
    )
    return token


def launched(token: str, *, app: App, username: str) -> Launch | None:
    """The launch of that token, while it is good for that application and that user."""
    found = Launch.objects.filter(digest=digest_of(token), used=None, expires__gt=now()).first()
    return found if found and (found.app, found.username) == (app.pk, username) else None


@transaction.atomic
def agree(
    *,
    app: App,
    scopes: str,
    redirect: str,
    challenge: str,
    purpose: str,
    by: access.Actor,
    person: int | None = None,
    patient: str = "",
    reason: str = "",
    nonce: str = "",
    user: str = "",
    signed_in: datetime | None = None,
    launch_token: str = "",
) -> str:
    """The user agreed: gives the code. Raises OAuthError where the launch was used meanwhile."""
    at = now()
    if launch_token and not Launch.objects.filter(
        digest=digest_of(launch_token), used=None, expires__gt=at
    ).update(used=at):
        raise OAuthError("invalid_request", "the launch is used or over: launch it again")
    grant = Grant.objects.create(
        app=app.pk, username=by.name, person=person, patient=patient, purpose=purpose,
        scopes=scopes, nonce=nonce, user=user, signed_in=signed_in, created=at,
        expires=at + (REFRESH if "offline_access" in scopes.split() else CODE + ACCESS),
    )  # fmt: skip
    access.record(
        by=by, act="app.granted", what=app.name, person=person, purpose=purpose, reason=reason,
        detail={"scopes": scopes, "grant": grant.pk},
    )  # fmt: skip
    return _made("code", grant, scopes, at + CODE, redirect=redirect, challenge=challenge)


def redeem(*, app: App, code: str, redirect: str, verifier: str) -> Given:
    """Tokens for a code. Raises OAuthError; a code that comes again ends what it gave."""
    found, grant = _taken(app, code, "code")
    said = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    if redirect != found.redirect:
        raise invalid_grant("redirect_uri is not the one that the code was sent to")
    if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(said.decode(), found.challenge):
        raise invalid_grant("code_verifier does not fit the code_challenge")
    return _tokens(grant, _now_able(grant, app, found.scopes))


def refresh(*, app: App, token: str, wished: str = "") -> Given:
    """New tokens for a refresh token. Raises OAuthError; one that comes again ends the grant."""
    if wished:
        held = Token.objects.filter(digest=digest_of(token), kind="refresh").first()
        if held and narrower(held.scopes, wished) is None:
            raise OAuthError("invalid_scope", "ask for no more than was granted")
    found, grant = _taken(app, token, "refresh")
    scopes = _now_able(grant, app, found.scopes)
    if wished:
        less = Asked.of(narrower(found.scopes, wished) or "")
        asked = Asked.of(scopes)
        scopes = Asked(
            tuple(w for w in asked.words if w in less.words),
            tuple(g for g in less.grains if narrower(scopes, Asked((), (g,)).text)),
        ).text
    return _tokens(grant, scopes, going_on=_now_able(grant, app, found.scopes))


@transaction.atomic
def for_backend(*, app: App, wished: str) -> Given:
    """A token for a service that asks by itself. Raises OAuthError."""
    able = able_of(app.roles.split(), app.purpose)
    given = granted(
        Asked((), Asked.of(wished).grains), app=Asked.of(app.scopes), able=able, levels=["system"]
    )
    if not given.grains:
        raise OAuthError("invalid_scope", f"this client may have: {app.scopes}")
    at = now()
    grant = Grant.objects.create(
        app=app.pk, purpose=app.purpose, scopes=given.text, created=at, expires=at + BACKEND
    )
    return Given(grant, given.text, _made("access", grant, given.text, grant.expires),
                 int(BACKEND.total_seconds()))  # fmt: skip


@transaction.atomic
def end(*, grant: int, why: str) -> bool:
    """End a grant with all its tokens. Whether it stood."""
    found = Grant.objects.filter(pk=grant, revoked=None)
    row = found.first()
    if row is None or not found.update(revoked=now(), why=why):
        return False
    app = App.objects.get(pk=row.app)
    by = access.Actor(name=row.username or f"app:{app.name}")
    access.record(by=by, act="app.grant-ended", what=app.name, person=row.person,
                  purpose=row.purpose, detail={"grant": grant, "why": why})  # fmt: skip
    return True


def sweep() -> None:
    """Forget what ended long ago; the trail keeps what was done with it."""
    Token.objects.filter(expires__lt=now() - _KEPT).delete()
    Launch.objects.filter(expires__lt=now() - _KEPT).delete()


def _taken(app: App, token: str, kind: str) -> tuple[Token, Grant]:
    """A code or refresh token, taken out of use in the same step as it is found good."""
    with transaction.atomic():
        found = Token.objects.filter(digest=digest_of(token), kind=kind).first()
        grant = Grant.objects.filter(pk=found.grant).first() if found else None
        if found is None or grant is None or grant.app != app.pk:
            raise invalid_grant(_GONE)
        # One statement decides between two who come at once.
        first = Token.objects.filter(pk=found.pk, used=None).update(used=now()) == 1
    if not first:
        end(grant=grant.pk, why=f"{kind} used twice")
        raise invalid_grant(f"the {kind} was used before: what it gave has ended")
    if found.revoked or grant.revoked or found.expires <= now():
        raise invalid_grant(_GONE)
    return found, grant


def _now_able(grant: Grant, app: App, scopes: str) -> str:
    """The scopes as far as the role still allows them. Raises OAuthError where the user is gone."""
    user = User.objects.filter(username=grant.username, is_active=True).first()
    if user is None:
        end(grant=grant.pk, why="the user may no longer sign in")
        raise invalid_grant("the user may no longer sign in")
    able = able_of(user.roles.split(), grant.purpose)
    return granted(
        Asked.of(scopes), app=Asked.of(app.scopes), able=able, levels=("patient", "user")
    ).text


@transaction.atomic
def _tokens(grant: Grant, scopes: str, *, going_on: str = "") -> Given:
    sweep()
    at = now()
    ends = min(at + ACCESS, grant.expires)
    token = _made("access", grant, scopes, ends)
    more = going_on or scopes
    again = "offline_access" in more.split()
    renewed = _made("refresh", grant, more, grant.expires) if again else ""
    return Given(grant, scopes, token, int((ends - at).total_seconds()), renewed)


def _made(kind: str, grant: Grant, scopes: str, ends: datetime, **more: str) -> str:
    token = (PREFIX if kind == "access" else "") + secrets.token_urlsafe(32)
    Token.objects.create(
        digest=digest_of(token), kind=kind, grant=grant.pk, scopes=scopes, created=now(),
        expires=ends, **more,
    )  # fmt: skip
    return token
