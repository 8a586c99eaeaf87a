"""Where the pages of comparing are."""

from django.urls import path

from onesystem.alliance.comparing import nation_pages, pages

app_name = "compare"
urlpatterns = [
    path("compare/", pages.compare, name="compare"),
    path("compare/nation/", nation_pages.board, name="nation"),
    path("compare/published/", nation_pages.own, name="published"),
    path("compare/published/act/", nation_pages.act, name="act"),
    path("compare/published/<int:number>/", nation_pages.file, name="file"),
]
