"""Where shocks are."""

from django.urls import path

from onesystem.plan.shocks import pages

app_name = "shocks"
urlpatterns = [
    path("plan/shocks/", pages.index, name="index"),
    path("plan/shocks/stop/<str:digest>/", pages.stop, name="stop"),
    path("plan/shocks/<slug:key>/", pages.one, name="one"),
]
