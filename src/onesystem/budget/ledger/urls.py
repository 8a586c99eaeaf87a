"""Where the pages of the ledger are."""

from django.urls import path

from onesystem.budget.ledger import act_pages, pages

app_name = "ledger"
urlpatterns = [
    path("budget/ledger/", pages.entries, name="entries"),
    path("budget/ledger/postings/<int:number>/", pages.posting, name="posting"),
    path("budget/ledger/postings/<int:number>/correct/", act_pages.correct, name="correct"),
    path("budget/ledger/months/", act_pages.months, name="months"),
    path("budget/ledger/months/<str:month>/close/", act_pages.close, name="close"),
    path("budget/ledger/verify/", act_pages.check, name="check"),
]
