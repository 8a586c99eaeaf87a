"""Where the intake of FHIR is."""

from django.urls import path, re_path

from onesystem.feeds.fhir import intake

urlpatterns = [
    path("fhir", intake.whole, name="fhir"),
    path("fhir/", intake.whole),
    re_path(r"^fhir/(?P<kind>[A-Z][A-Za-z]{2,63})/?$", intake.created, name="fhir-create"),
    re_path(
        r"^fhir/(?P<kind>[A-Z][A-Za-z]{2,63})/(?P<key>[A-Za-z0-9.-]{1,64})$",
        intake.updated,
        name="fhir-update",
    ),
]
