"""How long a session lasts: a shift from sign-in, and longer when somebody says that they stay."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST

from onesystem.access.actor import Actor
from onesystem.access.audit import record


def prolong(request: HttpRequest) -> int:
    """Let the session last a shift from now; gives when it ends, in seconds since 1970."""
    until = int(time.time()) + settings.SESSION_COOKIE_AGE
    request.session["until"] = until
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)
    return until


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Stay signed in: the answer to the warning before a session ends."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    until = prolong(request)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"until": until})
    return HttpResponseRedirect("/")


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    """A sign-in starts the clock and is in the trail."""
    if hasattr(request, "session"):
        prolong(request)
    record(by=Actor.of(user), act="session.started")


@receiver(user_logged_out)
def signed_out(user: Any, **_: Any) -> None:
    """So is a sign-out."""
    if user is not None:
        record(by=Actor.of(user), act="session.ended")


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], **_: Any) -> None:
    """So is a failed try: by the job that watches the door, for nobody signed in."""
    name = str(credentials.get("username") or "")
    record(by=Actor.job("sign-in"), act="session.refused", what=name)
