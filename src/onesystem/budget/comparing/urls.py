"""Where the pages of comparing are. They come before those of contracts, which have any name."""

from django.urls import path

from onesystem.budget.comparing import decompose_pages, pages, spend_pages

app_name = "comparing"
urlpatterns = [
    path("contracts/compare/", pages.compare, name="compare"),
    path("contracts/compare/save/", pages.save, name="save"),
    path("contracts/compare/<int:comparison>/", pages.opened, name="opened"),
    path("contracts/compare/<int:comparison>/remove/", pages.remove, name="remove"),
    path("contracts/compare/<int:comparison>/restore/", pages.restore, name="restore"),
    path("contracts/decompose/", decompose_pages.decompose, name="decompose"),
    path("contracts/spend/", spend_pages.spend, name="spend"),
]
