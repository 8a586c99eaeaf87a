"""Where the pages of opportunities are."""

from django.urls import path

from onesystem.flow.chances import pages

app_name = "opportunities"
urlpatterns = [
    path("opportunities/", pages.opportunities, name="opportunities"),
    path("opportunities/anew/", pages.anew, name="anew"),
    path("opportunities/cancel/<str:digest>/", pages.cancel, name="cancel"),
    path("opportunities/<slug:name>/", pages.opportunity, name="opportunity"),
    path("opportunities/<slug:name>/contacts/", pages.contacts, name="contacts"),
]
