"""The parts of data protection, as tabs above its lists."""

from django.http import HttpRequest
from django.urls import reverse

from onesystem.vocabulary.said import say

_TABS = (
    (say("Corrections"), "protection:corrections"),
    (say("Retention"), "protection:retention"),
    (say("Legal holds"), "protection:holds"),
)


def tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this page)."""
    first = reverse(_TABS[0][1])
    return [
        (name, href, request.path == href if href == first else request.path.startswith(href))
        for name, view in _TABS
        for href in [reverse(view)]
    ]
