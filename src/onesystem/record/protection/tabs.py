"""The parts of data protection, as tabs above its lists."""

from django.http import HttpRequest
from django.urls import reverse

_TABS = (
    ("Corrections", "protection:corrections"),
    ("Retention", "protection:retention"),
    ("Legal holds", "protection:holds"),
)


def tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this page)."""
    first = reverse(_TABS[0][1])
    return [
        (name, href, request.path == href if href == first else request.path.startswith(href))
        for name, view in _TABS
        for href in [reverse(view)]
    ]
