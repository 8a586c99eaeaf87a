"""Where the pages of the room are."""

from django.urls import path

from onesystem.flow import pages

app_name = "flow"
urlpatterns = [
    path("", pages.now, name="now"),
    path("now/rows/", pages.rows, name="rows"),
    path("now/<path:service>/", pages.service, name="service"),
]
