"""Where pooled funds are."""

from django.urls import path, re_path

from onesystem.budget.pooled import edit_pages, money_pages, pages, return_pages

app_name = "pooled"
urlpatterns = [
    path("pooled/", pages.funds, name="funds"),
    path("pooled/new/", edit_pages.begin, name="begin"),
    path("pooled/start/", edit_pages.start, name="start"),
    path("pooled/<slug:fund>/", pages.fund, name="fund"),
    path("pooled/<slug:fund>/edit/", edit_pages.edit, name="edit"),
    path("pooled/<slug:fund>/undo/", edit_pages.undo, name="undo"),
    path("pooled/<slug:fund>/measures/", pages.measures, name="measures"),
    path("pooled/<slug:fund>/money/", money_pages.money, name="money"),
    path("pooled/<slug:fund>/sharing/", pages.sharing, name="sharing"),
    path("pooled/<slug:fund>/settle/", money_pages.settle, name="settle"),
    path("pooled/<slug:fund>/returns/", return_pages.returns, name="returns"),
    path("pooled/<slug:fund>/returns/<int:quarter>/", return_pages.quarter, name="return"),
    path("pooled/<slug:fund>/returns/<int:quarter>/sign/", return_pages.sign, name="sign"),
    re_path(
        r"^pooled/(?P<fund>[-\w]+)/returns/(?P<quarter>\d)\.(?P<form>xlsx|csv|json)$",
        return_pages.file_of_quarter,
        name="file",
    ),
    path("pooled/<slug:fund>/history/", pages.history, name="history"),
    path("pooled/<slug:fund>/schemes/<slug:scheme>/", pages.scheme, name="scheme"),
]
