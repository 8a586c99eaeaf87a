"""Where the pages of requests are: those of senders, and the inboxes of services."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include(f"{__package__}.{each}"))
    for each in ("sender_urls", "inbox_urls")
    if find_spec(f"{__package__}.{each}")
]
