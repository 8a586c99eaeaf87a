"""Where a person's own pages are: under /me/, and under /me/for/ for whom they act."""

from django.urls import URLPattern, path

from onesystem.record.mine import corrections, pages

app_name = "mine"
_PAGES = (
    ("", pages.record, "record"),
    ("looks/", pages.looks, "looks"),
    ("ask/", pages.ask, "ask"),
    ("choices/", pages.choices, "choices"),
    ("change/", pages.change, "change"),
    ("corrections/", corrections.listed, "corrections"),
    ("correct/", corrections.ask, "correct"),
)
urlpatterns: list[URLPattern] = [
    path(f"{root}{address}", view, name=name)
    for root in ("me/", "me/for/<int:person>/")
    for address, view, name in _PAGES
]
