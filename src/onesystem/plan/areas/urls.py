"""Where areas are."""

from django.urls import path

from onesystem.plan.areas import pages

app_name = "plan_areas"
urlpatterns = [
    path("plan/areas/", pages.areas, name="areas"),
    path("plan/areas/new/", pages.new, name="new"),
    path("plan/areas/<slug:code>/", pages.area, name="area"),
    path("plan/areas/<slug:code>/act/", pages.act, name="act"),
]
