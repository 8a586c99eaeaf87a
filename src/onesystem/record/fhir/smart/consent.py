"""The pages of /oauth/authorize: choose the person, agree or not, and go back to the application.

What was asked for is checked once, and travels through the pages signed, bound to the session's
user and to ten minutes; what may be granted is worked out again from it at each step.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.access.roles import PURPOSES, purposes_of
from onesystem.district import now
from onesystem.record.fhir.smart import asking, grants
from onesystem.record.fhir.smart.asking import Request, Unsafe, answered
from onesystem.record.fhir.smart.choosing import Choice, Stopped, chosen, listed, opened
from onesystem.record.fhir.smart.doors import origin
from onesystem.record.fhir.smart.errors import OAuthError
from onesystem.record.fhir.smart.granting import Asked, granted, ticked
from onesystem.record.fhir.smart.naming import user_of
from onesystem.record.fhir.smart.places import bases_of
from onesystem.record.fhir.smart.roles import able_of
from onesystem.record.fhir.smart.wording import lines
from onesystem.vocabulary.said import say

_SALT = "onesystem.smart"
_SECONDS = 600
OWN = "own record"


@csrf_exempt
def authorize(request: HttpRequest) -> HttpResponse:
    """Take a request for a code, by GET or as a form, and put it to the user."""
    if request.method == "POST":
        # A form from elsewhere brings no session; the same as an address does.
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
    params = parse_qs(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    try:
        app, redirect = asking.app_of(params)
    except Unsafe as error:
        return _page(request, "stopped", status=400, what=error.what, cure=error.cure)
    try:
        asking.request_of(params, app, redirect, bases=bases_of(origin(request)))
    except OAuthError as error:
        return _back(redirect, error, params.get("state", [""])[0])
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    signed = signing.dumps(
        {"user": request.user.get_username(), "query": request.META["QUERY_STRING"]}, salt=_SALT
    )
    return _put(request, signed)


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """What the user chose: another person, to agree, or to refuse."""
    if not request.user.is_authenticated:
        return redirect_to_login("/")
    return _put(request, request.POST.get("asked", ""))


def _put(request: HttpRequest, signed: str) -> HttpResponse:
    try:
        asked = _asked(request, signed)
    except (signing.BadSignature, Unsafe):
        return _page(request, "stopped", status=400, what=say("This request is over"),
                     cure=say("Go back to the application and begin again."))  # fmt: skip
    except OAuthError:
        return _page(request, "stopped", status=400, what=say("This request cannot be used"),
                     cure=say("Go back to the application and begin again."))  # fmt: skip
    request.actor = access.Actor.of(request.user)  # type: ignore[attr-defined]
    try:
        return _step(request, asked, signed)
    except OAuthError as error:
        return _back(asked.redirect, error, asked.state)


def _asked(request: HttpRequest, signed: str) -> Request:
    said = signing.loads(signed, salt=_SALT, max_age=_SECONDS)
    if said["user"] != request.user.get_username():
        raise signing.BadSignature
    params = parse_qs(said["query"], keep_blank_values=True)
    app, redirect = asking.app_of(params)
    return asking.request_of(params, app, redirect, bases=bases_of(origin(request)))


def _step(request: HttpRequest, asked: Request, signed: str) -> HttpResponse:
    """The next page, or the way back."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("do") == "refuse":
        access.record(by=actor, act="app.refused", what=asked.app.name)
        raise OAuthError("access_denied", "the user did not agree")
    choice = chosen(request, asked)
    give = offered(asked, actor, choice.purpose)
    wants = give.needs_person
    if wants and choice.person is None:
        if not purposes_of(actor.roles, now().date()):
            raise OAuthError("access_denied", "the user's roles open nobody's record")
        return _pick(request, asked, signed, choice)
    if not give.words and not give.grains:
        raise OAuthError("invalid_scope", "the user's role allows none of it")
    problem = ""
    if request.method == "POST" and request.POST.get("do") == "agree":
        left = ticked(give, request.POST.getlist("scope"))
        try:
            return _agree(request, asked, choice, left)
        except Stopped as error:
            problem = str(error)
    return _consent(request, asked, signed, choice, give, problem)


def offered(asked: Request, actor: access.Actor, purpose: str) -> Asked:
    """What the application can be given for this user and purpose."""
    return granted(
        asked.asked, app=Asked.of(asked.app.scopes), able=able_of(actor.roles, purpose),
        levels=("patient", "user"),
    )  # fmt: skip


def _agree(request: HttpRequest, asked: Request, choice: Choice, left: Asked) -> HttpResponse:
    """Raises Stopped where the person may not be opened, or something is missing."""
    actor = request.actor  # type: ignore[attr-defined]
    if not left.words and not left.grains:
        raise Stopped("Leave something ticked, or refuse")
    patient, asker = "", access.asker_of(actor, choice.purpose, client=f"app:{asked.app.name}")
    if choice.person is not None:
        patient = opened(asker, choice)
    user = ""
    if "fhirUser" in left.words:
        user = user_of(request.user, asker.person if choice.purpose == OWN else None, asker)
    code = grants.agree(
        app=asked.app, scopes=left.text, redirect=asked.redirect, challenge=asked.challenge,
        purpose=choice.purpose, by=actor, person=choice.person, patient=patient,
        reason=choice.reason, nonce=asked.nonce, user=user, signed_in=_signed_in(request),
        launch_token=asked.launch,
    )  # fmt: skip
    return _to(answered(asked.redirect, code=code, state=asked.state))


def _signed_in(request: HttpRequest) -> datetime:
    """When the session began."""
    done = request.session.get("account_authentication_methods") or [{}]
    at = max((each.get("at", 0) for each in done), default=0)
    return datetime.fromtimestamp(at, UTC) if at else request.user.last_login or now()


def _consent(
    request: HttpRequest, asked: Request, signed: str, choice: Choice, give: Asked, problem: str
) -> HttpResponse:
    wished = lines(give)
    taken = {*request.POST.getlist("scope")} if request.POST.get("do") == "agree" else None
    answer = _page(
        request, "consent", status=422 if problem else 200, app=asked.app, asked=signed,
        lines=list(wished), taken=taken, choice=choice, problem=problem,
        cut=asked.asked.text != give.text, host=_host(asked.redirect),
        purposes=_purposes(request), fixed=bool(asked.launch), own=choice.purpose == OWN,
    )  # fmt: skip
    return _returning(answer, asked.redirect)


def _pick(request: HttpRequest, asked: Request, signed: str, choice: Choice) -> HttpResponse:
    text = request.POST.get("text", "").strip()
    found, told = listed(request, text, own=choice.purpose == OWN)
    answer = _page(
        request, "choose", app=asked.app, asked=signed, text=text, found=found, told=told,
        own=choice.purpose == OWN, host=_host(asked.redirect),
    )  # fmt: skip
    return _returning(answer, asked.redirect)


def _purposes(request: HttpRequest) -> list[tuple[str, str, str]]:
    able = purposes_of(request.actor.roles, now().date())  # type: ignore[attr-defined]
    return [(p, p[0].upper() + p[1:], PURPOSES[p]) for p in able]


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    answer = render(request, f"record/smart/{name}.html",
                    {"to": reverse("record:smart_consent"), **context}, status=status)  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _returning(answer: HttpResponse, redirect: str) -> HttpResponse:
    """Let the form's answer lead to the application, and to nothing else besides ourselves."""
    parts = urlsplit(redirect)
    where = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    if parts.scheme not in {"http", "https"}:
        where = f"{parts.scheme}:"
    answer._csp_update = {"form-action": [where]}  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


def _back(redirect: str, error: OAuthError, state: str) -> HttpResponse:
    said = error.as_json() | ({"state": state} if state else {})
    return _to(answered(redirect, **said))


def _to(address: str) -> HttpResponse:
    answer = HttpResponse(status=302)
    answer["Location"] = address
    answer["Cache-Control"] = "no-store"
    return answer


def _host(redirect: str) -> str:
    parts = urlsplit(redirect)
    return parts.netloc or parts.scheme
