"""Who a client is: by its secret (client_secret_basic), by a signed assertion, or, public, by name.

Rules: SMART App Launch 2.2, "Client Authentication: Asymmetric" and "Symmetric"; RFC 7523.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.db import IntegrityError, transaction

from onesystem.district import now
from onesystem.record.fhir.clients import digest_of
from onesystem.record.fhir.smart.errors import OAuthError, invalid_client
from onesystem.record.fhir.smart.models import App, Assertion, Grant, Token

ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS384", "ES384")
LONGEST = 300  # seconds that an assertion may be good for
_LARGEST = 8192  # letters of an assertion
SLACK = 10  # seconds by which clocks may differ


def named(authorization: str, form: Mapping[str, str]) -> str:
    """Who the client says that it is, before any proof: what wrong tries are counted by."""
    if authorization:
        return _basic(authorization)[0]
    if "client_assertion" in form:
        return str(_unproved(form["client_assertion"])[1].get("iss", ""))[:200]
    return form.get("client_id", "")[:200]


def proved(authorization: str, form: Mapping[str, str], *, endpoints: tuple[str, ...]) -> App:
    """The application that asks. Raises OAuthError (invalid_client) where it is not proved."""
    ways = [bool(authorization), "client_assertion" in form or "client_assertion_type" in form]
    if all(ways):
        raise OAuthError("invalid_request", "prove who you are in one way, not in two")
    if "client_secret" in form:
        raise invalid_client("send the secret as HTTP Basic, never in the body")
    if ways[0]:
        return _by_secret(authorization)
    if ways[1]:
        return _by_assertion(form, endpoints)
    app = _app(form.get("client_id", "")) or _holder(form)
    if app is None or app.kind != "public":
        raise invalid_client("the client is not known, or has to prove who it is")
    return app


def _app(client: str) -> App | None:
    return App.objects.filter(client=client, removed=None).first() if client else None


def _holder(form: Mapping[str, str]) -> App | None:
    """Whose a refresh token is, where no client is named with it.

    Only a code asks a public client to name itself (RFC 6749, 3.2.1), and clients in use do not
    when they refresh. The token is good once, so it says as much as the name would.
    """
    if form.get("grant_type") != "refresh_token" or form.get("client_id"):
        return None
    digest = digest_of(form.get("refresh_token", ""))
    held = Token.objects.filter(digest=digest, kind="refresh").values("grant")
    return App.objects.filter(
        pk__in=Grant.objects.filter(pk__in=held).values("app"), removed=None
    ).first()


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, coded = authorization.partition(" ")
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    client, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise invalid_client("the header Authorization is not HTTP Basic")
    return unquote_plus(client), unquote_plus(secret)


def _by_secret(authorization: str) -> App:
    client, secret = _basic(authorization)
    app = _app(client)
    held = app.secret if app else ""
    # The same work whether or not the client is known.
    right = hmac.compare_digest(digest_of(secret), held or "0" * 64)
    if app is None or not held or not right:
        raise invalid_client("the client is not known, or its secret is wrong")
    return app


def _by_assertion(form: Mapping[str, str], endpoints: tuple[str, ...]) -> App:
    if form.get("client_assertion_type") != ASSERTED:
        raise invalid_client(f"client_assertion_type has to be {ASSERTED}")
    header, claims = _unproved(form.get("client_assertion", ""))
    app = _app(str(claims.get("iss", "")))
    if app is None or not app.keys:
        raise invalid_client("the client is not known, or has no key here")
    if form.get("client_id") not in {None, "", app.client}:
        raise invalid_client("client_id and the assertion name two clients")
    _signed(form["client_assertion"], header, app, endpoints)
    _check(claims, app)
    _once(claims, app)
    return app


def _unproved(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims as they say; nothing of it is proved yet."""
    parts = assertion.split(".") if len(assertion) <= _LARGEST else []
    try:
        made = [json.loads(base64.urlsafe_b64decode(p + "=" * (-len(p) % 4))) for p in parts[:2]]
    except (ValueError, RecursionError):
        made = []
    if len(parts) != 3 or not all(isinstance(each, dict) for each in made) or len(made) != 2:
        raise invalid_client("the assertion is no JWT")
    return made[0], made[1]


def _signed(assertion: str, header: dict[str, Any], app: App, endpoints: tuple[str, ...]) -> None:
    if header.get("alg") not in ALGORITHMS:
        raise invalid_client(f"sign with {' or '.join(ALGORITHMS)}")
    if "jku" in header:
        raise invalid_client("no address of keys is registered here: leave jku out")
    key = next((k for k in json.loads(app.keys)["keys"] if k["kid"] == header.get("kid")), None)
    if key is None:
        raise invalid_client("the key (kid) is not one of this client's")
    import jwt

    try:
        jwt.decode(
            assertion,
            jwt.PyJWK(key, algorithm=header["alg"]),
            algorithms=[header["alg"]],
            audience=list(endpoints),
            issuer=app.client,
            options={"require": ["iss", "sub", "aud", "exp", "jti"], "verify_iat": False,
                     "verify_exp": False, "verify_nbf": False},
        )  # fmt: skip
    except jwt.InvalidAudienceError as error:
        raise invalid_client("aud has to be the address of the token endpoint") from error
    except jwt.PyJWTError as error:
        raise invalid_client("the assertion's signature or claims are wrong") from error
    except (ValueError, TypeError, KeyError) as error:
        raise invalid_client("the key does not fit the algorithm") from error


def _check(claims: dict[str, Any], app: App) -> None:
    """The times by the district's clock, and who it is about."""
    if claims.get("sub") != app.client:
        raise invalid_client("iss and sub have to be the client_id")
    at, ends, begins = now().timestamp(), claims.get("exp"), claims.get("nbf", 0)
    if isinstance(ends, bool) or not isinstance(ends, int | float):
        raise invalid_client("exp has to be a number of seconds")
    if ends <= at - SLACK:
        raise invalid_client("the assertion has expired")
    if ends > at + LONGEST + SLACK:
        raise invalid_client("the assertion is good for more than five minutes")
    if not isinstance(begins, int | float) or begins > at + SLACK:
        raise invalid_client("the assertion is not good yet")


def _once(claims: dict[str, Any], app: App) -> None:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 512:
        raise invalid_client("jti has to be a text of at most 512 letters")
    Assertion.objects.filter(expires__lt=now() - timedelta(minutes=1)).delete()
    # Kept a little beyond its end, since that much is forgiven.
    ends = datetime.fromtimestamp(claims["exp"] + SLACK, UTC)
    try:
        with transaction.atomic():
            Assertion.objects.create(app=app.pk, digest=digest_of(jti), expires=ends)
    except IntegrityError as error:
        raise invalid_client("this assertion (jti) was shown before") from error
