"""Where the care page of a person is."""

from django.urls import path

from onesystem.care.plans import pages

app_name = "plans"
urlpatterns = [
    path("people/<int:person>/care/", pages.care, name="care"),
    path("people/<int:person>/care/print/", pages.printed, name="print"),
    path("people/<int:person>/care/act/", pages.act, name="act"),
]
