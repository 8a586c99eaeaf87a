"""Where the pages of journeys are."""

from django.urls import path

from onesystem.flow.journeys import pages

app_name = "journeys"
urlpatterns = [
    path("journeys/", pages.journeys, name="journeys"),
    path("journeys/cancel/<str:digest>/", pages.cancel, name="cancel"),
]
