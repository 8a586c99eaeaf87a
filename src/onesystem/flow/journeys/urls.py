"""Where the pages of journeys are."""

from django.urls import path

from onesystem.flow.journeys import pages, person
from onesystem.flow.journeys.edtime import pages as edtime

app_name = "journeys"
urlpatterns = [
    path("journeys/", pages.journeys, name="journeys"),
    path("journeys/ed/", edtime.ed_time, name="ed_time"),
    path("journeys/people/", person.behind, name="people"),
    path("people/<int:person>/journey/", person.one, name="one"),
    path("journeys/cancel/<str:digest>/", pages.cancel, name="cancel"),
]
