"""Pages for what went wrong: each says what happened, and what to do next."""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.shortcuts import render
from django.utils.crypto import get_random_string

from onesystem.vocabulary import Busy, NotFound, NotPermitted, UserError
from onesystem.vocabulary.said import say, say_each

log = structlog.get_logger()
_METHODS = ("GET", "HEAD", "POST")
_NOT_ALLOWED = 405
_STATUS = ((NotFound, 404), (NotPermitted, 403), (Busy, 503))


def show(request: HttpRequest, status: int, title: str, what: str, cure: str) -> HttpResponse:
    """An error page in the frame; a short text where a part of a page was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(f"{title}. {what}", status=status, content_type="text/plain")
    try:
        return _page(request, status, title, what, cure)
    except Exception:  # noqa: BLE001  # the frame itself may be what failed
        text = f"{title}. {what} {cure}\n"
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, status: int, title: str, what: str, cure: str) -> HttpResponse:
    context = {"status": status, "title": title, "what": what, "cure": cure}
    return render(request, "web/error.html", context, status=status)


def of_user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    """The page of one of our own errors, with its own cure."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    titles = say_each(
        {
            404: "This is not here",
            403: "You may not see this",
            503: "This is in use",
            400: "This cannot be done as asked",
        }
    )
    what = error.what[:1].upper() + error.what[1:]
    return show(request, status, titles[status], f"{what}.", error.cure)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return show(
        request,
        400,
        say("This request could not be understood"),
        say("The address or the form was not what this page expects."),
        say("Go back, check what you entered, and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return show(
        request,
        403,
        say("You may not see this"),
        say("Your roles do not allow it."),
        say("Ask your administrator for the role that you need."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return show(
        request,
        404,
        say("There is no such page"),
        say("The address may be mistyped, or what it showed has moved."),
        say("Check the address, or start again from the menu above."),
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form came without its token, mostly because the page was open overnight."""
    log.warning("csrf", path=request.path, reason=reason)
    return show(
        request,
        403,
        say("This form is out of date"),
        say("The page was open for long, or you signed in again in another window since."),
        say("Go back, load the page again, and send the form once more. Nothing was changed."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The reference is in the log beside the error, so that support can find it."""
    reference = get_random_string(8).lower()
    log.error("page failed", path=request.path, reference=reference)
    what = say("Something here failed. It is our fault, not yours, and nothing was half saved.")
    cure = say(
        "Try again in a minute. If it goes on, tell your administrator: reference {reference}.",
        reference=reference,
    )
    return show(request, 500, say("This page failed"), what, cure)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: the address is there, and this is not what is done with it."""
    answer = show(
        request,
        405,
        say("This cannot be done at this address"),
        say(
            "It takes {allowed}, and was sent {method}.",
            allowed=allowed.replace(", ", " and "),
            method=request.method,
        ),
        say("Go to the page that it belongs to, and use its form."),
    )
    answer["Allow"] = allowed
    return answer


class Troubles:
    """Middleware: our own errors become pages, and each page gets its last headers.

    Pages are read and their forms are sent: whatever else somebody asks of one is refused here,
    for all of them. The doors of programs, which take no form, have methods of their own.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102
        from onesystem.web.headers import finish

        response = self.get_response(request)
        if response.status_code == _NOT_ALLOWED and not getattr(response, "content", b"-"):
            response = not_allowed(request, response.get("Allow", "GET"))
        return finish(request, response)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse the methods that no page has."""
        if request.method in _METHODS or getattr(view, "csrf_exempt", False):
            return None
        return not_allowed(request, ", ".join(_METHODS))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a UserError; anything else goes on to `server_error`."""
        if isinstance(error, RawPostDataException):  # a form where JSON is taken
            return bad_request(request)
        return of_user_error(request, error) if isinstance(error, UserError) else None
