"""Where the pages of alerts and of the district call are."""

from django.urls import path

from onesystem.flow.boards import pages, setting_pages

app_name = "boards"
urlpatterns = [
    path("alerts/", pages.alerts, name="alerts"),
    path("alerts/<int:alert>/take/", pages.take, name="take"),
    path("alerts/<int:alert>/back/", pages.hand_back, name="hand_back"),
    path("alerts/<int:alert>/act/", pages.act, name="act"),
    path("call/", pages.call, name="call"),
    path("call/begin/", pages.begin, name="begin"),
    path("call/<int:call>/", pages.past_call, name="past"),
    path("call/<int:call>/minutes/", pages.write, name="write"),
    path("call/<int:call>/promise/", pages.promise, name="promise"),
    path("settings/boards/", setting_pages.settings, name="settings"),
    path("settings/boards/<slug:file>/", setting_pages.edit, name="edit"),
    path("call/action/<int:action>/", pages.finish, name="finish"),
]
