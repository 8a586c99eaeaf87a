"""Where the pages of costs are."""

from django.urls import path

from onesystem.budget.costing import pages, person_pages, posting_pages

app_name = "costing"
urlpatterns = [
    path("budget/costs/", pages.costs, name="costs"),
    path("budget/costs/rules/", pages.rules, name="rules"),
    path("budget/costs/pools/", pages.pools, name="pools"),
    path("budget/costs/pathways/", pages.of_pathways, name="pathways"),
    path("budget/costs/months/", posting_pages.months, name="months"),
    path("budget/costs/months/<str:month>/", posting_pages.month, name="month"),
    path("budget/costs/months/<str:month>/post/", posting_pages.post, name="post"),
    path("budget/costs/services/<str:service>/", pages.service, name="service"),
    path("people/<int:person>/costs/", person_pages.person, name="person"),
]
