"""Where the pages of the room are."""

from django.urls import path

from onesystem.flow import pages
from onesystem.flow.boards import board_pages
from onesystem.flow.showing.urls import urlpatterns as measures

app_name = "flow"
urlpatterns = [
    path("", pages.now, name="now"),
    path("now/rows/", pages.rows, name="rows"),
    path("now/board/<slug:board>/", board_pages.show, name="board"),
    path("now/board/<slug:board>/parts/", board_pages.parts, name="parts"),
    path("now/parts/", board_pages.service_parts, name="service_parts"),
    path("now/stay/<int:contact>/", board_pages.stay, name="stay"),
    path("now/stay/<int:contact>/say/", board_pages.say, name="say"),
    path("now/<path:service>/", pages.service, name="service"),
    *measures,
]
