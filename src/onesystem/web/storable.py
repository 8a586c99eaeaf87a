r"""What no store can keep is refused at the door: the NUL character, for every page and program.

An address, a question, a form, a cookie or JSON with one is answered with 400 before a view sees
it (`vocabulary.storable` says why). Files may hold it, and messages of the feeds are landed as they
are and read there.
"""

from collections.abc import Iterator
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse

from onesystem.vocabulary.said import say
from onesystem.vocabulary.storable import NUL, json_holds_nul
from onesystem.web.errors import show

_FORM, _FORM_WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
_JSON, _TEXT = "application/json", "text/plain; charset=utf-8"


class Storable:
    """Middleware before the session, whose cookie may hold one: answers 400 to what holds a NUL."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102
        if any(NUL in text for text in _told(request)):
            return HttpResponse(f"{_what()} {_cure()}\n", status=400, content_type=_TEXT)
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Look at what is sent; doors of programs, which take much, look at it themselves."""
        kind, page = request.content_type, not getattr(view, "csrf_exempt", False)
        if request.method != "POST":
            return None
        if kind == _FORM or (page and kind == _FORM_WITH_FILES):
            fields = request.POST.lists()
            held = any(NUL in text for name, texts in fields for text in (name, *texts))
        else:
            held = page and kind == _JSON and json_holds_nul(request.body)
        return refused(request) if held else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """PostgreSQL's own word, where one came by another way."""
        return refused(request) if isinstance(error, DataError) and "NUL" in str(error) else None


def _told(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield request.META.get("QUERY_STRING", "").replace("%00", NUL)
    for name, value in request.META.items():
        if name.startswith("HTTP_"):
            yield value
    if "\\" in request.META.get("HTTP_COOKIE", ""):  # a quoted cookie may write it as \000
        yield from request.COOKIES.values()


def refused(request: HttpRequest) -> HttpResponse:
    """400, and what it is about."""
    return show(request, 400, say("This request could not be understood"), _what(), _cure())


def _what() -> str:
    return say("It holds a character that cannot be kept (NUL, code 0).")


def _cure() -> str:
    return say("Take the character out, and send it again. Nothing was changed.")
