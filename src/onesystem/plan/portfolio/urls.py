"""Where portfolios are."""

from django.urls import path

from onesystem.plan.portfolio import pages

app_name = "portfolio"
urlpatterns = [
    path("plan/portfolio/", pages.index, name="index"),
    path("plan/portfolio/<slug:slug>/", pages.plan, name="plan"),
    path("plan/portfolio/<slug:slug>/ask/", pages.ask, name="ask"),
    path("plan/portfolio/<slug:slug>/<int:number>/stop/", pages.cancel, name="cancel"),
    path("plan/portfolio/<slug:slug>/<int:number>/together/", pages.run_together, name="together"),
    path(
        "plan/portfolio/<slug:slug>/<int:number>/together/stop/",
        pages.stop_together,
        name="stop-together",
    ),
    path("plan/portfolio/<slug:slug>/<int:number>/staff/", pages.lay, name="lay"),
    path("plan/portfolio/<slug:slug>/<int:number>/decide/", pages.decide, name="decide"),
]
