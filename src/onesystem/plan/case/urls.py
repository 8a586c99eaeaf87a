"""Where cases for change are; those under `public` are open without signing in."""

from django.urls import path

from onesystem.plan.case import pages, public_pages

app_name = "plan_case"
urlpatterns = [
    path("plan/case/", pages.cases, name="cases"),
    path("plan/case/public/", public_pages.cases, name="public"),
    path("plan/case/public/<slug:code>/", public_pages.case, name="public_case"),
    path("plan/case/<slug:code>/", pages.case, name="case"),
    path("plan/case/<slug:code>/print/", pages.printed, name="printed"),
    path("plan/case/<slug:code>/places/", pages.places, name="places"),
    path("plan/case/<slug:code>/publish/", pages.publish, name="publish"),
    path("plan/case/<slug:code>/figure/<slug:key>/", pages.figure, name="figure"),
]
