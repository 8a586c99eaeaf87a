"""Where the pages of plans are."""

from django.urls import path, register_converter

from onesystem.plan.options import (
    act_pages,
    diagnosis_pages,
    option_pages,
    pages,
    review_pages,
    run_pages,
)
from onesystem.plan.options.actions import TAKEN


class PlanSlug:
    """A plan's address: no address of another part of the room."""

    regex = rf"(?!(?:{'|'.join(sorted(TAKEN))})/)[-a-z0-9]+"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(PlanSlug, "plan")

app_name = "options"
urlpatterns = [
    path("plan/", pages.plans, name="plans"),
    path("plan/new/", pages.new, name="new"),
    path("plan/library/", option_pages.library, name="library"),
    path("plan/library/<slug:key>/", option_pages.entry, name="entry"),
    path("plan/<plan:slug>/", pages.plan, name="plan"),
    path("plan/<plan:slug>/edit/", pages.edit, name="edit"),
    path("plan/<plan:slug>/move/", act_pages.move, name="move"),
    path("plan/<plan:slug>/back/", act_pages.back, name="back"),
    path("plan/<plan:slug>/diagnosis/", diagnosis_pages.diagnosis, name="diagnosis"),
    path("plan/<plan:slug>/diagnosis/keep/", diagnosis_pages.keep, name="keep"),
    path("plan/<plan:slug>/options/", option_pages.options, name="options"),
    path("plan/<plan:slug>/options/act/", act_pages.option, name="act"),
    path("plan/<plan:slug>/options/<slug:key>/", option_pages.option, name="option"),
    path("plan/<plan:slug>/run/", run_pages.ask, name="ask"),
    path("plan/<plan:slug>/runs/<int:number>/", run_pages.run, name="run"),
    path("plan/<plan:slug>/runs/<int:number>/stop/", run_pages.stop, name="stop"),
    path("plan/<plan:slug>/review/", review_pages.review, name="review"),
    path("plan/<plan:slug>/actions/", review_pages.actions, name="actions"),
]
