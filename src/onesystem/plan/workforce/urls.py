"""Where plans of staff are."""

from django.urls import path

from onesystem.plan.workforce import edit_pages, pages, posts_pages

app_name = "plan_workforce"
urlpatterns = [
    path("plan/workforce/", pages.plans, name="list"),
    path("plan/workforce/new/", edit_pages.begin, name="begin"),
    path("plan/workforce/examples/", posts_pages.examples, name="examples"),
    path("plan/workforce/vacancies/", posts_pages.vacancies, name="vacancies"),
    path("plan/workforce/vacancies/count/", posts_pages.count, name="count"),
    path("plan/workforce/<slug:slug>/", pages.plan, name="plan"),
    path("plan/workforce/<slug:slug>/edit/", edit_pages.edit, name="edit"),
    path("plan/workforce/<slug:slug>/history/", pages.history, name="history"),
    path("plan/workforce/<slug:slug>/act/", pages.act, name="act"),
]
