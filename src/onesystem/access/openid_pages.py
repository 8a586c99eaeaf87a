"""The two addresses of signing in at an organisation: there, and back."""

import hmac
import time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from onesystem.access import openid
from onesystem.district import SignIn, current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_KEY = "openid"
_SECONDS = 600
fetch: openid.Fetch = openid.fetched


@require_safe
@never_cache
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Send the browser to the organisation."""
    at = _known(code)
    try:
        begun = openid.begin(at, back=_back(request, code), fetch=fetch)
    except UserError as error:
        return _shown(request, at, error)
    request.session[_KEY] = {
        "code": code, "state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier,
        "next": _local(request, request.GET.get("next", "")), "until": time.time() + _SECONDS,
    }  # fmt: skip
    return HttpResponseRedirect(begun.address)


@require_safe
@never_cache
def back(request: HttpRequest, code: str) -> HttpResponse:
    """The browser comes back with a code, which is good for this session's sign-in only."""
    at = _known(code)
    begun = request.session.pop(_KEY, None) or {}
    try:
        user = openid.finish(
            at, code=_code(request, at, begun), back=_back(request, code), nonce=begun["nonce"],
            verifier=begun["verifier"], fetch=fetch,
        )  # fmt: skip
    except UserError as error:
        return _shown(request, at, error)
    from allauth.account.utils import perform_login

    # The second factor is asked for as after a password, where the user has one here.
    answer: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=begun["next"]
    )
    return answer


def _code(request: HttpRequest, at: SignIn, begun: dict[str, Any]) -> str:
    """The code, where it belongs to the sign-in that this session began. Raises UserError."""
    state = request.GET.get("state", "")
    fits = hmac.compare_digest(state.encode(), begun.get("state", "").encode()) and state
    if not fits or begun["code"] != at.code or begun["until"] < time.time():
        raise UserError("This sign-in is over, or was begun elsewhere", "Begin again")
    code = request.GET.get("code", "")
    if request.GET.get("error") or not code:
        raise UserError(say("{name} did not sign you in", name=at.name), "Begin again")
    if request.GET.get("iss", at.issuer).rstrip("/") != at.issuer:
        raise UserError("The answer is another organisation's", "Begin again")
    return code


def _known(code: str) -> SignIn:
    try:
        return current().sign_ins[code]
    except KeyError:
        raise Http404(f"nobody signs in at {code}") from None


def _back(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("access:openid_back", kwargs={"code": code}))


def _local(request: HttpRequest, to: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        to, {request.get_host()}, require_https=request.is_secure()
    )
    return to if safe else "/"


def _shown(request: HttpRequest, at: SignIn, error: UserError) -> HttpResponse:
    return render(request, "access/openid.html", {"at": at, "problem": error}, status=403)
