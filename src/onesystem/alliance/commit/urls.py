"""Where the pages of committing together are."""

from django.urls import path

from onesystem.alliance.commit import pages

app_name = "commit"
urlpatterns = [
    path("alliance/money/", pages.waiting, name="waiting"),
    path("alliance/decisions/<int:number>/money/", pages.decision, name="decision"),
    path("alliance/decisions/<int:number>/money/confirm/", pages.confirm, name="confirm"),
    path("alliance/decisions/<int:number>/money/withdraw/", pages.withdraw, name="withdraw"),
    path("alliance/decisions/<int:number>/money/again/", pages.again, name="again"),
]
