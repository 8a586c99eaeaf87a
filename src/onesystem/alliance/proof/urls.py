"""Where the pages of proof are."""

from django.urls import path

from onesystem.alliance.proof import compare_pages, pages

app_name = "proof"
urlpatterns = [
    path("alliance/reviews/", pages.every, name="every"),
    path("alliance/decisions/<int:number>/review/", pages.decision, name="decision"),
    path("alliance/decisions/<int:number>/review/draw/", pages.draw, name="draw"),
    path("alliance/decisions/<int:number>/review/draw/", pages.work, name="work"),
    path(
        "alliance/decisions/<int:number>/review/<slug:measure>/compare/",
        compare_pages.compare,
        name="compare",
    ),
    path("alliance/decisions/<int:number>/review/close/", pages.close, name="close"),
]
