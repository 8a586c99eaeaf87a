"""Where the privacy officer's pages are; part of the room's addresses."""

from django.urls import path

from onesystem.access.privacy import pages

urlpatterns = [
    path("privacy/", pages.looks, name="worklist"),
    path("privacy/looks/<int:review>/", pages.look, name="look"),
    path("privacy/agreements/", pages.agreements, name="agreements"),
    path("privacy/agreements/add/", pages.add_agreement, name="add_agreement"),
    path("privacy/agreements/<int:agreement>/end/", pages.end_agreement, name="end_agreement"),
    path("privacy/well-known/", pages.well_known, name="well_known"),
    path("privacy/well-known/<int:row>/end/", pages.end_well_known, name="end_well_known"),
    path("privacy/figures/", pages.board, name="privacy_figures"),
]
