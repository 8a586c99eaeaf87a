"""Tokens for the REST intake: issue, revoke, and know whose one is."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.db import transaction

from onesystem import access
from onesystem.feeds.fhir.token_model import IntakeToken
from onesystem.vocabulary import NotFound

_PREFIX = "onesystem_"


@transaction.atomic
def issue(*, source: str, by: access.Actor) -> str:
    """A new token for a source. It is shown once; only its digest is kept."""
    access.require(by, "feeds.mend")
    token = _PREFIX + secrets.token_urlsafe(32)
    made = IntakeToken.objects.create(
        source=source, digest=_digest(token), created=datetime.now(UTC), created_by=by.name
    )
    access.record(by=by, act="feeds.token-issued", what=f"token {made.pk} of {source}")
    return token


@transaction.atomic
def revoke(*, token: int, by: access.Actor) -> None:
    """End a token. Raises NotFound when there is none of that number, or it has ended."""
    access.require(by, "feeds.mend")
    now = datetime.now(UTC)
    if not IntakeToken.objects.filter(pk=token, revoked=None).update(revoked=now):
        raise NotFound(f"there is no token {token} in use", "See: onesystem token list")
    access.record(by=by, act="feeds.token-revoked", what=f"token {token}")


def tokens() -> list[IntakeToken]:
    """All tokens, the newest first."""
    return list(IntakeToken.objects.order_by("-pk"))


def source_of(token: str) -> str | None:
    """The source whose token it is; None for one that is unknown or revoked."""
    if not token.startswith(_PREFIX):
        return None
    found = IntakeToken.objects.filter(digest=_digest(token), revoked=None).first()
    if found is None:
        return None
    now = datetime.now(UTC)
    if found.used is None or now - found.used > timedelta(hours=1):
        IntakeToken.objects.filter(pk=found.pk).update(used=now)
    return found.source


def _digest(token: str) -> str:
    # A token has 256 random bits, so a plain digest is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()
