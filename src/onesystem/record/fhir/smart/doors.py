"""The addresses for programs: token, introspect, revoke, keys, and what can be discovered."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from onesystem.access.models import User
from onesystem.district import now
from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.doors.bodies import shared
from onesystem.record.fhir.smart import discovery, grants, keys, limits, proving, tokens
from onesystem.record.fhir.smart.errors import OAuthError
from onesystem.record.fhir.smart.models import App
from onesystem.record.fhir.smart.places import bases_of, issuer_of, origin_of

_FORM = "application/x-www-form-urlencoded"
_MOST = 64 << 10  # bytes of a form
Form = dict[str, str]


def origin(request: HttpRequest) -> str:
    """The origin that the request came to."""
    return origin_of(request.build_absolute_uri("/fhir"))


def _answered(
    request: HttpRequest, status: int, said: Any, headers: dict[str, str]
) -> HttpResponse:
    body = orjson.dumps(said) if said is not None else b""
    made = Answer(status, body, {"Cache-Control": "no-store", "Pragma": "no-cache", **headers})
    made = shared(made, request.headers.get("Origin", ""))
    response = HttpResponse(made.body, status=status, content_type="application/json")
    for name, value in made.headers.items():
        response[name] = value
    return response


def _post(view: Callable[[HttpRequest, Form, App], Any]) -> Callable[..., HttpResponse]:
    """A form from a client that proves who it is; wrong proofs are counted."""

    @csrf_exempt
    @wraps(view)
    def taken(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _answered(request, 204, None, {"Allow": "POST, OPTIONS"})
        if request.method != "POST":
            said = {"error": "invalid_request", "error_description": "send it by POST"}
            return _answered(request, 405, said, {"Allow": "POST, OPTIONS"})
        try:
            return _answered(request, 200, _proved(request, view), {})
        except OAuthError as error:
            return _answered(request, error.status, error.as_json(), _headers(request, error))

    return taken


def _headers(request: HttpRequest, error: OAuthError) -> dict[str, str]:
    if error.status == 429:
        return {"Retry-After": str(limits.WAIT)}
    if error.status == 401 and "Authorization" in request.headers:
        return {"WWW-Authenticate": 'Basic realm="onesystem"'}
    return {}


def _proved(request: HttpRequest, view: Callable[[HttpRequest, Form, App], Any]) -> Any:
    form, authorization = _form(request), request.headers.get("Authorization", "")
    try:
        named = proving.named(authorization, form)
    except OAuthError:
        named = ""
    limits.check(request, named)
    try:
        at = issuer_of(origin(request))
        endpoints = (f"{at}/token", f"{at}{request.path.removeprefix('/oauth')}")
        app = proving.proved(authorization, form, endpoints=endpoints)
        return view(request, form, app)
    except OAuthError as error:
        if error.code in {"invalid_client", "invalid_grant"}:
            limits.wrong(request, named)
        raise


def _form(request: HttpRequest) -> Form:
    if request.content_type != _FORM:
        raise OAuthError("invalid_request", f"send {_FORM}")
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST:
        raise OAuthError("invalid_request", "that is too long", status=413)
    for name, values in request.POST.lists():
        if len(values) > 1:
            raise OAuthError("invalid_request", f"{name[:40]} is there twice")
    return {name: str(value) for name, value in request.POST.items()}


def _token(request: HttpRequest, form: Form, app: App) -> dict[str, Any]:
    match form.get("grant_type"):
        case "authorization_code":
            if app.kind == "backend":
                raise OAuthError("unauthorized_client", "a backend service has no codes")
            given = grants.redeem(
                app=app, code=_need(form, "code"), redirect=_need(form, "redirect_uri"),
                verifier=_need(form, "code_verifier"),
            )  # fmt: skip
        case "refresh_token":
            given = grants.refresh(
                app=app, token=_need(form, "refresh_token"), wished=form.get("scope", "")
            )
        case "client_credentials":
            if app.kind != "backend":
                raise OAuthError("unauthorized_client", "this client asks for a user")
            given = grants.for_backend(app=app, wished=_need(form, "scope"))
        case None | "":
            raise OAuthError("invalid_request", "grant_type is missing")
        case _:
            raise OAuthError(
                "unsupported_grant_type",
                "grant_type is authorization_code, refresh_token or client_credentials",
            )
    return _said(request, app, given)


def _need(form: Form, name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"{name} is missing")
    return form[name]


def _said(request: HttpRequest, app: App, given: grants.Given) -> dict[str, Any]:
    """The token response: what was granted, and the context of the launch."""
    made: dict[str, Any] = {
        "access_token": given.access,
        "token_type": "Bearer",
        "expires_in": given.seconds,
        "scope": given.scopes,
    }
    if given.refresh:
        made["refresh_token"] = given.refresh
    if given.grant.patient:
        made |= {"patient": given.grant.patient, "need_patient_banner": True}
    if "openid" in given.scopes.split():
        made["id_token"] = _identity(origin(request), app, given)
    return made


def _identity(at: str, app: App, given: grants.Given) -> str:
    """The identity token: who signed in, for this client, good for as long as the access token."""
    grant, words, user = given.grant, given.scopes.split(), _user(given.grant.username)
    issued = now()
    claims: dict[str, Any] = {
        "iss": issuer_of(at),
        "sub": str(user.pk),
        "aud": app.client,
        "iat": int(issued.timestamp()),
        "exp": int((issued + timedelta(seconds=given.seconds)).timestamp()),
    }
    if grant.signed_in:
        claims["auth_time"] = int(grant.signed_in.timestamp())
    if grant.nonce:
        claims["nonce"] = grant.nonce
    if grant.user and "fhirUser" in words:
        claims["fhirUser"] = f"{bases_of(at)[0]}/{grant.user}"
    if "profile" in words:
        claims["name"] = user.get_full_name()
    return keys.sign(claims)


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _introspect(request: HttpRequest, form: Form, app: App) -> dict[str, Any]:
    if app.kind == "public":
        raise OAuthError(
            "invalid_client", "introspection takes a client that proves itself", status=401
        )
    at = origin(request)
    return tokens.introspected(_need(form, "token"), issuer=issuer_of(at), base=bases_of(at)[0])


def _revoke(_: HttpRequest, form: Form, app: App) -> dict[str, Any]:
    tokens.revoke(_need(form, "token"), app=app)
    return {}


token, introspect, revoke = _post(_token), _post(_introspect), _post(_revoke)


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The public key that identity tokens are checked with."""
    return _answered(request, 200, keys.published(), {"Cache-Control": "max-age=300"})


@require_safe
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery."""
    said = discovery.openid(origin(request))
    return _answered(request, 200, said, {"Cache-Control": "max-age=300"})
