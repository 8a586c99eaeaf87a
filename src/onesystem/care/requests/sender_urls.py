"""Where the pages of those who send requests are."""

from django.urls import path

from onesystem.care.requests import new_pages, pages

app_name = "requests"
urlpatterns = [
    path("requests/", pages.sent, name="sent"),
    path("requests/find/", pages.find, name="find"),
    path("requests/<int:number>/", pages.one, name="one"),
    path("requests/<int:number>/act/", pages.act, name="act"),
    path("requests/<int:number>/print/", pages.printed, name="print"),
    path("people/<int:person>/requests/", pages.of_person, name="of_person"),
    path("people/<int:person>/requests/new/", new_pages.new, name="new"),
]
