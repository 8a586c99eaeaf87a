"""The door of the directory's pages: for everybody who sends, works or keeps."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.access.doors import View

SEES = ("requests.send", "requests.work", "services.keep", "pathways.see")


def sees(view: View) -> View:
    """A page for those who may look at the directory. Sets `request.actor`."""

    @wraps(view)
    @access.page(right="now.see")
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if not any(access.may(actor, right) for right in SEES):
            access.require(actor, SEES[0])
        return view(request, *args, **kwargs)

    return guarded
