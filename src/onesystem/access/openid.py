"""Signing in at an organisation's own OpenID Connect: the code flow with PKCE, checked in full.

Who signs in there is somebody who was added here. Nobody is made, and no role is given, unless
the district says so in `[sign_in.oidc.CODE]`. Source: OpenID Connect Core 1.0, section 3.1.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from onesystem.access.actor import Actor
from onesystem.access.audit import record
from onesystem.access.models import User
from onesystem.access.roles import ROLES
from onesystem.district import SignIn, now
from onesystem.vocabulary import BadConfig, UserError, nearest
from onesystem.vocabulary.said import say

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
_MOST = 1 << 20  # bytes of an answer
_SLACK = 60  # seconds by which clocks may differ
_ASK_AGAIN = say("Try again; if it stays, tell your administrator")

# Fetches an address: the form to post (None: GET), and user and password for HTTP Basic.
Fetch = Callable[[str, Mapping[str, str] | None, tuple[str, str] | None], Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: what the session keeps until the browser comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


def begin(at: SignIn, *, back: str, fetch: Fetch) -> Begun:
    """Where to send the browser. Raises UserError where the organisation does not answer."""
    found = _configuration(at, fetch)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code", "client_id": at.client_id, "redirect_uri": back,
        "scope": say("openid profile email"), "state": state, "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }  # fmt: skip
    start = found["authorization_endpoint"]
    mark = "&" if "?" in start else "?"
    return Begun(f"{start}{mark}{urlencode(asked)}", state, nonce, verifier)


def finish(at: SignIn, *, code: str, back: str, nonce: str, verifier: str, fetch: Fetch) -> User:
    """The user that signed in there. Raises UserError, and says why in the trail."""
    found = _configuration(at, fetch)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": verifier}  # fmt: skip
    secret = os.environ.get(at.secret_env, "")
    if not secret:
        raise BadConfig(
            say("{secret_env} is not set", secret_env=at.secret_env),
            "Set it where the district is served.",
        )
    answer = _fetched(fetch, found["token_endpoint"], form, (at.client_id, secret))
    claims = _claims(at, str(answer.get("id_token", "")), found, nonce, fetch)
    return user_of(at, claims)


def user_of(at: SignIn, claims: Mapping[str, Any]) -> User:
    """The user whom the claims name. Raises UserError for nobody, or for one of several."""
    said = claims.get(at.claim)
    if not isinstance(said, str) or not said.strip():
        raise _no(
            at,
            "claim",
            say(
                "{name} does not say who you are ({claim} is missing)", name=at.name, claim=at.claim
            ),
        )
    if at.claim == "email" and claims.get("email_verified") is not True:
        raise _no(
            at, "unverified", say("{name} has not verified your e-mail address", name=at.name)
        )
    named = said.strip()
    found = list(User.objects.filter(username__iexact=named)[:2])
    if at.claim == "email":
        found += User.objects.filter(email__iexact=named).exclude(pk__in=[u.pk for u in found])[:2]
    if len(found) > 1:
        raise _no(at, "several", "More than one account here goes by that name")
    if found:
        return found[0]
    if not at.roles:
        raise _no(
            at, "nobody", say("You signed in at {name}, and have no account here", name=at.name)
        )
    return _made(at, named, claims)


@transaction.atomic
def _made(at: SignIn, named: str, claims: Mapping[str, Any]) -> User:
    """Somebody new, as the district says: with those roles and no password."""
    for role in at.roles:
        if role not in ROLES:
            raise BadConfig(say("there is no role {role}", role=repr(role)), nearest(role, ROLES))
    user = User(
        username=named[:150], name=str(claims.get("name") or named)[:200],
        roles=" ".join(sorted(at.roles)), organisation=at.organisation,
        email=named if at.claim == "email" else "",
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    record(by=Actor.job("sign-in"), act="user.added", what=user.username,
           detail={"roles": sorted(at.roles), "at": at.code})  # fmt: skip
    return user


def _claims(
    at: SignIn, token: str, found: Mapping[str, Any], nonce: str, fetch: Fetch
) -> dict[str, Any]:
    """The claims of the identity token, once it is proved to be theirs, for us, and of now."""
    import jwt

    keys = _fetched(fetch, found["jwks_uri"], None, None).get("keys", [])
    try:
        header = jwt.get_unverified_header(token)
        able = [k for k in keys if "kid" not in header or k.get("kid") == header["kid"]]
        key = jwt.PyJWK(able[0], algorithm=header["alg"])
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=at.client_id, issuer=found["issuer"],
            options={"require": ["exp", "iat", "sub", "nonce"], "verify_exp": False,
                     "verify_iat": False, "verify_nbf": False},
        )  # fmt: skip
    except (jwt.PyJWTError, IndexError, KeyError, ValueError, TypeError) as error:
        raise _no(at, "token", say("What {name} said cannot be trusted", name=at.name)) from error
    moment = now().timestamp()
    if claims["nonce"] != nonce or claims.get("azp", at.client_id) != at.client_id:
        raise _no(at, "replayed", say("What {name} said is not about this sign-in", name=at.name))
    if not isinstance(claims["exp"], int | float) or claims["exp"] < moment - _SLACK:
        raise _no(at, "expired", say("What {name} said has expired", name=at.name))
    return claims


def _configuration(at: SignIn, fetch: Fetch) -> dict[str, Any]:
    found = _fetched(fetch, f"{at.issuer}/.well-known/openid-configuration", None, None)
    if str(found.get("issuer", "")).rstrip("/") != at.issuer:
        raise _no(at, "issuer", say("{name} says that it is somebody else", name=at.name))
    safe = "https://" if at.issuer.startswith("https://") else "http"
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(found.get(name, "")).startswith(safe):
            raise _no(at, "unsafe", say("{name} names no safe {name2}", name=at.name, name2=name))
    return dict(found)


def _fetched(
    fetch: Fetch, address: str, form: Mapping[str, str] | None, who: tuple[str, str] | None
) -> dict[str, Any]:
    try:
        answer = fetch(address, form, who)
    except (OSError, ValueError) as error:
        raise UserError("The organisation's sign-in does not answer", _ASK_AGAIN) from error
    if not isinstance(answer, dict):
        raise UserError("The organisation's sign-in answers nonsense", _ASK_AGAIN)
    return answer


def _no(at: SignIn, why: str, words: str) -> UserError:
    record(by=Actor.job("sign-in"), act="session.refused", what=at.code, detail={"why": why})
    return UserError(words, say("Ask your administrator"))


def fetched(
    address: str, form: Mapping[str, str] | None = None, who: tuple[str, str] | None = None
) -> Any:
    """What an address answers, from its JSON. Raises OSError or ValueError."""
    from urllib.parse import quote
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Stays(HTTPRedirectHandler):
        """What is asked with a secret is asked there and nowhere else: a redirect is an error."""

        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    headers = {"Accept": "application/json"}
    if who:
        both = ":".join(quote(part, safe="") for part in who)
        headers["Authorization"] = "Basic " + base64.b64encode(both.encode()).decode()
    data = urlencode(form).encode() if form is not None else None
    asked = Request(address, data=data, headers=headers)  # noqa: S310 - https, by `_configuration`
    with build_opener(Stays).open(asked, timeout=10) as answer:
        return json.loads(answer.read(_MOST))
