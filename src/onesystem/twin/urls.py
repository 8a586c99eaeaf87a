"""Where the pages of the room are."""

from django.urls import path

from onesystem.twin import pages, pages_asking
from onesystem.twin.forecast.pages import ahead

app_name = "twin"
urlpatterns = [
    path("twin/", pages.index, name="index"),
    path("twin/model.json", pages.model, name="model"),
    path("twin/compare/", pages.compare, name="compare"),
    path("twin/forecast/", ahead, name="forecast"),
    path("twin/sweep/", pages_asking.sweep, name="sweep"),
    path("twin/choose/", pages_asking.choose, name="choose"),
    path("twin/cancel/<str:digest>/", pages.cancel, name="cancel"),
    path("twin/scenarios/new/", pages.new, name="new"),
    path("twin/scenarios/<int:scenario>/", pages.one, name="one"),
    path("twin/scenarios/<int:scenario>/add/<slug:word>/", pages.add, name="add"),
    path("twin/scenarios/<int:scenario>/<slug:act>/", pages.act, name="act"),
]
