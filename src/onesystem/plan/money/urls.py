"""Where plans of money are."""

from django.urls import path

from onesystem.plan.money import edit_pages, pages

app_name = "plan_money"
urlpatterns = [
    path("plan/money/", pages.plans, name="list"),
    path("plan/money/new/", edit_pages.begin, name="begin"),
    path("plan/money/<slug:slug>/", pages.plan, name="plan"),
    path("plan/money/<slug:slug>/bridge/", pages.bridge, name="bridge"),
    path("plan/money/<slug:slug>/edit/", edit_pages.edit, name="edit"),
    path("plan/money/<slug:slug>/history/", pages.history, name="history"),
    path("plan/money/<slug:slug>/comment/", pages.comment, name="comment"),
    path("plan/money/<slug:slug>/act/", pages.act, name="act"),
]
