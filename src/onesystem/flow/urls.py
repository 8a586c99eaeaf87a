"""Where the pages of the room are."""

from django.urls import path

from onesystem.flow import pages
from onesystem.flow.showing.urls import urlpatterns as measures

app_name = "flow"
urlpatterns = [
    path("", pages.now, name="now"),
    path("now/rows/", pages.rows, name="rows"),
    path("now/<path:service>/", pages.service, name="service"),
    *measures,
]
