"""Where drafts are kept."""

from django.urls import path

from onesystem.care.drafts import pages

app_name = "drafts"
urlpatterns = [
    path("drafts/", pages.drafts, name="drafts"),
    path("drafts/discard/", pages.discard, name="discard"),
    path("drafts/token/", pages.token, name="token"),
    path("drafts/back/", pages.back, name="back"),
    path("drafts/mine/", pages.mine, name="mine"),
]
