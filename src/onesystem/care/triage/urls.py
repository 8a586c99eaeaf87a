"""Where the crew's screen is, and the pages of decision tables."""

from django.urls import path

from onesystem.care.triage import crew_acts, crew_pages, table_pages

app_name = "triage"
urlpatterns = [
    path("crew/", crew_pages.scene, name="crew"),
    path("crew/mine/", crew_pages.mine, name="mine"),
    path("crew/<int:person>/", crew_pages.person, name="person"),
    path("crew/<int:person>/score/<slug:key>/", crew_acts.score, name="score"),
    path("crew/<int:person>/decide/<slug:outcome>/", crew_acts.decide, name="decide"),
    path("triage/", table_pages.listed, name="tables"),
    path("triage/new/", table_pages.edit, name="new"),
    path("triage/<slug:key>/", table_pages.show, name="table"),
    path("triage/<slug:key>/edit/", table_pages.edit, name="edit"),
    path("triage/<slug:key>/switch/", table_pages.switch, name="switch"),
]
