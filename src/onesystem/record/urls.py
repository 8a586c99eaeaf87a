"""Where the pages of the record are."""

from django.urls import path, re_path

from onesystem.record import pages
from onesystem.record.fhir.doors.views import fhir
from onesystem.record.summary import pages as summary_pages

app_name = "record"
urlpatterns = [
    re_path(r"^fhir(?:/(?P<path>.*))?$", fhir, name="fhir"),
    path("people/<int:person>/record/", summary_pages.summary, name="summary"),
    path("people/<int:person>/record/print/", summary_pages.printed, name="summary_print"),
    path("people/<int:person>/record/summary.json", summary_pages.document, name="summary_ips"),
    path("people/<int:person>/record/summary.pdf", summary_pages.paper, name="summary_pdf"),
    path("people/<int:person>/timeline/", pages.timeline, name="timeline"),
    path("people/<int:person>/timeline/print/", pages.printed, name="print"),
    path("people/<int:person>/timeline/contacts.csv", pages.exported, name="export"),
    path("people/<int:person>/timeline/contacts/<int:contact>/", pages.versions, name="versions"),
    path("people/<int:person>/entries/<slug:kind>/", pages.entries, name="entries"),
]
