"""Where the pages of people are."""

from django.urls import path

from onesystem.people import pages

app_name = "people"
urlpatterns = [
    path("people/", pages.index, name="index"),
    path("people/matches/", pages.matches, name="matches"),
    path("people/matches/again/", pages.later_again, name="later-again"),
    path("people/matches/<int:a>-<int:b>/", pages.match, name="match"),
    path("people/decisions/<int:decision>/undo/", pages.undo, name="undo"),
    path("people/<int:person>/", pages.person, name="person"),
    path("people/<int:person>/unmerge/", pages.unmerge, name="unmerge"),
]
