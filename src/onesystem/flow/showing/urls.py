"""Where the pages of measures are."""

from django.urls import path

from onesystem.flow.showing import drilling, marking, pages

urlpatterns = [
    path("measures/", pages.grid, name="measures"),
    path("measures/standing/", pages.standing, name="standing"),
    path("measures/views/", marking.keep, name="keep_view"),
    path("measures/views/<int:view>/remove/", marking.drop, name="drop_view"),
    path("measures/<slug:name>/", pages.measure, name="measure"),
    path("measures/<slug:name>/marks/", marking.mark, name="mark"),
    path("measures/<slug:name>/marks/<int:mark>/undo/", marking.unmark, name="unmark"),
    path("measures/<slug:name>/<slug:every>/<str:period>/", drilling.behind, name="behind"),
]
