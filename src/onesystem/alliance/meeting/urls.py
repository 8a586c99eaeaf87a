"""Where the pages of meetings, proposals, decisions and the register are."""

from django.urls import path

from onesystem.alliance.meeting import decision_pages, pages, proposal_pages

app_name = "meeting"
urlpatterns = [
    path("alliance/meetings/", pages.meetings, name="meetings"),
    path("alliance/meetings/new/", pages.new, name="new"),
    path("alliance/meetings/<int:key>/", pages.meeting, name="meeting"),
    path("alliance/meetings/<int:key>/edit/", pages.edit, name="edit"),
    path("alliance/meetings/<int:key>/minutes/", pages.minutes, name="minutes"),
    path("alliance/meetings/<int:key>/<slug:act>/do/", pages.act, name="act"),
    path("alliance/items/<int:key>/<slug:act>/do/", pages.item_act, name="item_act"),
    path("alliance/proposals/", proposal_pages.proposals, name="proposals"),
    path("alliance/proposals/new/", proposal_pages.new, name="new_proposal"),
    path("alliance/proposals/<int:key>/", proposal_pages.proposal, name="proposal"),
    path("alliance/proposals/<int:key>/edit/", proposal_pages.edit, name="edit_proposal"),
    path("alliance/proposals/<int:key>/<slug:act>/do/", proposal_pages.act, name="proposal_act"),
    path("alliance/decisions/", decision_pages.decisions, name="decisions"),
    path("alliance/decisions/<int:number>/", decision_pages.decision, name="decision"),
    path("alliance/actions/", decision_pages.doings, name="actions"),
    path("alliance/actions/<int:key>/<slug:act>/do/", decision_pages.doing_act, name="doing"),
    path("alliance/register/", decision_pages.register, name="register"),
    path("alliance/register/public/", decision_pages.public, name="public"),
    path("alliance/register/correct/", decision_pages.correct, name="correct"),
]
