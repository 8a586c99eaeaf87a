"""Where the pages of the record are."""

from django.urls import path, re_path

from onesystem.record import pages
from onesystem.record.fhir.doors.views import fhir
from onesystem.record.fhir.smart import consent, doors
from onesystem.record.fhir.smart import pages as smart_pages
from onesystem.record.protection import pages as protection_pages
from onesystem.record.summary import pages as summary_pages

app_name = "record"
urlpatterns = [
    re_path(r"^fhir(?:/(?P<path>.*))?$", fhir, name="fhir"),
    path("oauth/authorize", consent.authorize, name="smart_authorize"),
    path("oauth/consent", consent.consent, name="smart_consent"),
    path("oauth/token", doors.token, name="smart_token"),
    path("oauth/introspect", doors.introspect, name="smart_introspect"),
    path("oauth/revoke", doors.revoke, name="smart_revoke"),
    path("oauth/jwks.json", doors.jwks, name="smart_jwks"),
    path("oauth/.well-known/openid-configuration", doors.openid_configuration),
    path("settings/apps/", smart_pages.apps, name="apps"),
    path("account/apps/", smart_pages.mine, name="smart_mine"),
    path("people/<int:person>/apps/", smart_pages.launch, name="smart_launch"),
    path("people/<int:person>/record/", summary_pages.summary, name="summary"),
    path("people/<int:person>/record/newest/", summary_pages.newest, name="newest"),
    path("people/<int:person>/record/print/", summary_pages.printed, name="summary_print"),
    path("people/<int:person>/record/summary.json", summary_pages.document, name="summary_ips"),
    path("people/<int:person>/record/summary.pdf", summary_pages.paper, name="summary_pdf"),
    path("people/<int:person>/everything.zip", protection_pages.everything, name="everything"),
    path("people/<int:person>/timeline/", pages.timeline, name="timeline"),
    path("people/<int:person>/timeline/print/", pages.printed, name="print"),
    path("people/<int:person>/timeline/contacts.csv", pages.exported, name="export"),
    path("people/<int:person>/timeline/contacts/<int:contact>/", pages.versions, name="versions"),
    path("people/<int:person>/entries/<slug:kind>/", pages.entries, name="entries"),
]
