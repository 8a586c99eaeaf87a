"""Where the pages of the feeds are."""

from django.urls import include, path

from onesystem.feeds import mappings, mending, pages

app_name = "feeds"
urlpatterns = [
    path("", include("onesystem.feeds.fhir.urls")),
    path("feeds/", pages.index, name="index"),
    path("feeds/quarantine/", pages.quarantine, name="quarantine"),
    path("feeds/replay/", mending.replay, name="replay"),
    path("feeds/replay/<int:number>/", mending.replaying, name="replaying"),
    path("feeds/replay/<int:number>/cancel/", mending.cancel, name="cancel"),
    path("feeds/mappings/", mappings.index, name="mappings"),
    path("feeds/mappings/<str:mapping>/", mappings.edit, name="mapping"),
    path("feeds/messages/<int:number>/", pages.message, name="message"),
    path("feeds/messages/<int:number>/bytes", pages.download, name="download"),
    path("feeds/messages/<int:number>/refused.csv", pages.refused, name="refused"),
    path("feeds/<str:code>/", pages.source, name="source"),
    path("feeds/<str:code>/places/", mending.places, name="places"),
    path("feeds/<str:code>/places/map/", mending.map_places, name="map"),
    path("feeds/<str:code>/places/<int:change>/undo/", mending.undo_place, name="undo-place"),
]
