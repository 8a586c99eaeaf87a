"""Where the pages of journeys are."""

from django.urls import path

from onesystem.flow.journeys import pages, person

app_name = "journeys"
urlpatterns = [
    path("journeys/", pages.journeys, name="journeys"),
    path("journeys/people/", person.behind, name="people"),
    path("people/<int:person>/journey/", person.one, name="one"),
    path("journeys/cancel/<str:digest>/", pages.cancel, name="cancel"),
]
