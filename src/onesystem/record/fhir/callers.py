"""Who asks: the one place where a bearer token or a signed-in session becomes a caller."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from onesystem import access
from onesystem.access.quick import rows
from onesystem.access.roles import purposes_of
from onesystem.district import now
from onesystem.feeds.fhir.tokens import source_of
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.case import Caller
from onesystem.record.fhir.clients import PREFIX, digest_of
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.scopes import scopes_of

# How a bearer token of another kind becomes a caller; None where it is not of that kind.
Known = Callable[[str], Caller | None]
_OTHERS: list[Known] = []
_CLIENT = (
    "SELECT t.client, t.scopes, t.purpose, t.username, t.roles, t.organisation, t.person, "
    "t.revoked, t.expires <= %s, u.roles, u.organisation, u.is_active "
    "FROM record_client_token AS t "
    "LEFT JOIN access_user AS u ON u.username = t.username AND t.username <> '' "
    "WHERE t.digest = %s"
)


def register_tokens(known: Known) -> None:
    """Let another kind of token be understood (SMART, OpenID). Safe to call again."""
    if known not in _OTHERS:
        _OTHERS.append(known)


def caller_of(ask: Ask) -> Caller:
    """Who asks. Raises Refusal: 401 where that is not said, or no longer holds."""
    scheme, _, token = ask.header("authorization").partition(" ")
    token = token.strip()
    if scheme.lower() == "bearer" and token:
        return _bearer(token)
    if ask.user is not None and getattr(ask.user, "is_authenticated", False):
        return _session(ask)
    raise _unknown("who asks is not said", "Send the header Authorization: Bearer TOKEN.")


def _bearer(token: str) -> Caller:
    for known in _OTHERS:
        found = known(token)
        if found is not None:
            return found
    if token.startswith(PREFIX):
        return _client(token)
    if is_source_token(token) and source_of(token) is not None:
        raise Refusal(
            403, "a source's token hands in records and asks for none",
            "Send records to /fhir of the pages; to read, ask for a token of a client.",
        )  # fmt: skip
    raise _unknown(
        "the token is unknown or was revoked", "Ask the district for one: onesystem token issue"
    )


def is_source_token(token: str) -> bool:
    """Whether it looks like the token of a source, with which it hands in its own records."""
    return token.startswith("onesystem_") and not token.startswith(PREFIX)


def _client(token: str) -> Caller:
    # Compared by the store: a moment out of a raw row has no zone on SQLite.
    at = connection.ops.adapt_datetimefield_value(now())
    row = next(iter(rows(_CLIENT, [at, digest_of(token)])), None)
    if row is None or row[7] is not None:
        raise _unknown(
            "the token is unknown or was revoked",
            "Ask the district for one: onesystem token issue --client NAME",
        )
    client, scopes, purpose, username, roles, organisation, person, _, over, *user = row
    if over:
        raise _unknown("the token has expired", "Ask for a new one.")
    if username:
        if not user[2]:
            raise _unknown("the token's user may no longer sign in", "Ask your administrator.")
        roles, organisation = user[0], user[1]
    actor = access.Actor(
        name=username or f"app:{client}",
        roles=frozenset(roles.split()),
        organisation=organisation,
    )
    asker = access.asker_of(
        actor, purpose, scopes=scopes_of(scopes, patient=person), client=f"app:{client}"
    )
    return Caller(asker=asker, source=f"app:{client}")


def _session(ask: Ask) -> Caller:
    """Somebody who is signed in to the pages reads in their own right."""
    actor = access.Actor.of(ask.user)
    able = purposes_of(actor.roles, now().date())
    purpose = ask.header("x-purpose") or (able[0] if able else "")
    if purpose not in able:
        raise Refusal(
            403,
            f"your roles have no purpose {purpose!r}" if purpose else "your roles open nobody",
            f"Send X-Purpose: one of {', '.join(able)}." if able else "Ask your administrator.",
        )
    reads = access.Grain("user", "*", frozenset("rs"))
    asker = access.asker_of(actor, purpose, scopes=access.Scopes((reads,)), client="pages")
    return Caller(asker=asker, source=f"user:{actor.name}", session=True)


def _unknown(what: str, cure: str) -> Refusal:
    said = {"WWW-Authenticate": 'Bearer realm="onesystem"'}
    return Refusal(401, what, cure, headers=said)


def anonymous() -> Any:
    """The actor in the trail for an ask that did not say who it is."""
    return access.Actor(name="unknown client")
