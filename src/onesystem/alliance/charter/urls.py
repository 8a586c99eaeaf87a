"""Where the pages of the alliance are."""

from django.urls import path

from onesystem.alliance.charter import (
    buying_pages,
    charter_pages,
    group_pages,
    interest_pages,
    ladder_pages,
    member_pages,
    pages,
)

app_name = "alliance"
urlpatterns = [
    path("alliance/", pages.home, name="home"),
    path("alliance/new/", pages.begin, name="begin"),
    path("alliance/history/", pages.history, name="history"),
    path("alliance/competences/", pages.competences, name="competences"),
    path("alliance/parties/", pages.parties, name="parties"),
    path("alliance/parties/join/", pages.join, name="join"),
    path("alliance/parties/act/", pages.party_act, name="party_act"),
    path("alliance/members/", member_pages.members, name="members"),
    path("alliance/members/new/", member_pages.seat, name="seat"),
    path("alliance/members/<int:key>/", member_pages.member, name="member"),
    path("alliance/members/<int:key>/edit/", member_pages.change, name="change"),
    path("alliance/members/<int:key>/act/", member_pages.member_act, name="member_act"),
    path("alliance/charter/", charter_pages.charter, name="charter"),
    path("alliance/charter/edit/", charter_pages.edit, name="edit"),
    path("alliance/charter/act/", charter_pages.act, name="act"),
    path("alliance/charter/lists/", charter_pages.lists, name="lists"),
    path("alliance/interests/", interest_pages.register, name="interests"),
    path("alliance/interests/declare/", interest_pages.declare, name="declare"),
    path("alliance/interests/confirm/", interest_pages.confirm, name="confirm_interests"),
    path("alliance/interests/end/", interest_pages.end, name="end_interest"),
    path("alliance/groups/", group_pages.listed, name="groups"),
    path("alliance/groups/new/", group_pages.form, name="form_group"),
    path("alliance/groups/<slug:slug>/", group_pages.group, name="group"),
    path("alliance/groups/<slug:slug>/edit/", group_pages.form, name="edit_group"),
    path("alliance/groups/<slug:slug>/seat/", group_pages.seat, name="seat_group"),
    path("alliance/groups/<slug:slug>/act/", group_pages.group_act, name="group_act"),
    path("alliance/disagreements/", ladder_pages.listed, name="disagreements"),
    path("alliance/disagreements/new/", ladder_pages.raised, name="raise"),
    path("alliance/disagreements/<int:number>/", ladder_pages.disagreement, name="disagreement"),
    path("alliance/disagreements/<int:number>/act/", ladder_pages.act, name="disagreement_act"),
    path("alliance/procurements/", buying_pages.listed, name="procurements"),
    path("alliance/procurements/new/", buying_pages.opened, name="open_procurement"),
    path("alliance/procurements/<int:number>/", buying_pages.procurement, name="procurement"),
    path("alliance/procurements/<int:number>/add/", buying_pages.add, name="add_procurement"),
]
