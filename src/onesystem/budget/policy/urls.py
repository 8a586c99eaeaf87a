"""Where the policy model is."""

from django.urls import path

from onesystem.budget.policy import pages

app_name = "policy"
urlpatterns = [
    path("policy/", pages.policy, name="policy"),
    path("policy/save/", pages.save, name="save"),
    path("policy/<int:plan>/", pages.plan, name="plan"),
    path("policy/<int:plan>/remove/", pages.remove, name="remove"),
    path("policy/<int:plan>/restore/", pages.restore, name="restore"),
]
