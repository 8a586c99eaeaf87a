"""Where every page is: each room names its own pages, in full, in its `urls` module."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from onesystem.web import pages

# A room without pages yet has no `urls` module.
ROOMS = (
    "flow",
    "flow.boards",
    "flow.journeys",
    "flow.coordination",
    "flow.chances",
    "evidence",
    "twin",
    "people",
    "record",
    "record.mine",
    "record.protection",
    "feeds",
    "care.requests",
    "care.services",
    "care.pathways",
    "care.drafts",
    "care.tasks",
    "care.plans",
    "care.episodes",
    "care.triage",
    "care.practice",
    "care.mine",
    "budget.ledger",
    "budget.funds",
    "budget.costing",
    "budget.specialty",
    "budget.capitation",
    "budget.comparing",
    "budget.contracts",
    "budget.pooled",
    "budget.entitlement",
    "budget.personal",
    "budget.policy",
    "plan.areas",
    "plan.case",
    "plan.portfolio",
    "plan.workforce",
    "plan.money",
    "plan.shocks",
    "plan.options",  # last: it takes any /plan/<slug>/
    "alliance.charter",
    "alliance.meeting",
    "alliance.commit",
    "alliance.proof",
    "alliance.learning",
    "alliance.comparing",
    "access",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("onesystem.web.account")),
    path("robots.txt", pages.robots),
    *(
        path("", include(f"onesystem.{room}.urls"))
        for room in ROOMS
        if find_spec(f"onesystem.{room}.urls")
    ),
]

handler400 = "onesystem.web.errors.bad_request"
handler403 = "onesystem.web.errors.forbidden"
handler404 = "onesystem.web.errors.not_found"
handler500 = "onesystem.web.errors.server_error"
