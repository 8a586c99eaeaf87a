"""Where the inboxes are."""

from django.urls import path

from onesystem.care.requests import inbox_act_pages, inbox_overview, inbox_pages

app_name = "inbox"
urlpatterns = [
    path("inbox/", inbox_pages.inboxes, name="inboxes"),
    path("inbox/overview/", inbox_overview.overview, name="overview"),
    path("inbox/<slug:service>/", inbox_pages.show, name="inbox"),
    path("inbox/<slug:service>/act/", inbox_act_pages.act, name="act"),
    path("inbox/<slug:service>/services/", inbox_act_pages.search, name="services"),
    path("inbox/<slug:service>/filters/", inbox_pages.keep, name="keep"),
    path("inbox/<slug:service>/filters/<int:number>/drop/", inbox_pages.drop, name="drop"),
]
