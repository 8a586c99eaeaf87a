"""Where specialty budgets are."""

from django.urls import path

from onesystem.budget.specialty import edit_pages, pages

app_name = "specialty"
urlpatterns = [
    path("budget/specialties/", pages.specialties, name="list"),
    path("budget/specialties/new/", edit_pages.begin, name="begin"),
    path("budget/specialties/start/", edit_pages.start, name="start"),
    path("budget/specialties/<slug:slug>/", pages.specialty, name="budget"),
    path("budget/specialties/<slug:slug>/edit/", edit_pages.edit, name="edit"),
    path("budget/specialties/<slug:slug>/history/", pages.history, name="history"),
    path("budget/specialties/<slug:slug>/act/", pages.act, name="act"),
]
