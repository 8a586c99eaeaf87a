"""Where the pages of the record are."""

from django.urls import path

from onesystem.record import pages

app_name = "record"
urlpatterns = [
    path("people/<int:person>/timeline/", pages.timeline, name="timeline"),
    path("people/<int:person>/timeline/print/", pages.printed, name="print"),
    path("people/<int:person>/timeline/contacts.csv", pages.exported, name="export"),
    path("people/<int:person>/timeline/contacts/<int:contact>/", pages.versions, name="versions"),
    path("people/<int:person>/entries/<slug:kind>/", pages.entries, name="entries"),
]
