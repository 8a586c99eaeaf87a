"""What comes to /oauth/authorize, checked before anybody is asked to agree to it.

Source: SMART App Launch 2.2, "Obtain authorization code"; RFC 6749, 7636, 8707 and 9700.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from onesystem.record.fhir.smart.errors import OAuthError
from onesystem.record.fhir.smart.granting import Asked
from onesystem.record.fhir.smart.models import App

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url
_LONGEST = 500


class Unsafe(Exception):
    """Nobody is sent anywhere: the application or the address to return to is not known."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what, self.cure = what, cure


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for a code that may be put to the user."""

    app: App
    redirect: str
    state: str
    asked: Asked
    challenge: str
    launch: str = ""
    nonce: str = ""


def app_of(params: Mapping[str, list[str]]) -> tuple[App, str]:
    """Who asks, and the address to return to: one that was registered, letter by letter.

    Raises Unsafe.
    """
    clients, redirects = params.get("client_id", []), params.get("redirect_uri", [])
    app = App.objects.filter(client=clients[0], removed=None).first() if len(clients) == 1 else None
    if app is None or app.kind == "backend":
        raise Unsafe(
            "This application is not known here", "Ask whoever runs it, or your administrator."
        )
    if len(redirects) != 1 or redirects[0] not in app.redirects.split("\n"):
        raise Unsafe(
            f"{app.name} asks to return to an address that was not registered for it",
            "You were not sent there. Tell whoever runs the application, or your administrator.",
        )
    return app, redirects[0]


def request_of(
    params: Mapping[str, list[str]], app: App, redirect: str, *, bases: list[str]
) -> Request:
    """The request. Raises OAuthError, which is told to the application."""
    said = {name: values[0] for name, values in params.items()}
    for name, values in params.items():
        if len(values) > 1:
            raise _bad(f"{name[:40]} is there twice")
    _check_form(said)
    if said.get("aud", "").rstrip("/") not in bases:
        raise _bad(f"aud has to be the FHIR base of this server: {bases[0]}")
    asked = Asked.of(said.get("scope", ""))
    if not asked.words and not asked.grains:
        raise OAuthError("invalid_scope", "no scope was asked for that is understood here")
    launch = said.get("launch", "")
    if ("launch" in asked.words) != bool(launch):
        raise _bad("the scope launch goes with the parameter launch, and neither without the other")
    return Request(
        app=app, redirect=redirect, state=said["state"], asked=asked, launch=launch,
        challenge=said["code_challenge"], nonce=said.get("nonce", ""),
    )  # fmt: skip


def _check_form(said: Mapping[str, str]) -> None:
    for name in ("state", "nonce", "launch"):
        if len(said.get(name, "")) > _LONGEST:
            raise _bad(f"{name} is longer than {_LONGEST} letters")
    if said.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type has to be code")
    if not said.get("state"):
        raise _bad("state is missing")
    if said.get("code_challenge_method") != "S256":
        raise _bad("code_challenge_method has to be S256")
    if not _CHALLENGE.fullmatch(said.get("code_challenge", "")):
        raise _bad("code_challenge is missing, or is no SHA-256 in base64url")


def answered(redirect: str, **said: str) -> str:
    """The address to return to with what is said to the application."""
    parts = urlsplit(redirect)
    query = "&".join(filter(None, (parts.query, urlencode(said))))
    return urlunsplit(parts._replace(query=query))


def _bad(words: str) -> OAuthError:
    return OAuthError("invalid_request", words)
