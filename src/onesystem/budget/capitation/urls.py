"""Where the pages of capitation are."""

from django.urls import path

from onesystem.budget.capitation import pages

app_name = "capitation"
urlpatterns = [
    path("budget/capitation/", pages.practices, name="practices"),
    path("budget/capitation/practices/<str:code>/", pages.practice, name="practice"),
    path("budget/capitation/calculator/", pages.calculator, name="calculator"),
]
