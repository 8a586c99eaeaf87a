"""Where the pages of personal budgets are: the keepers', a person's tab, and the holder's own."""

from django.urls import URLPattern, path

from onesystem.budget.personal import file_pages, mine_pages, pages, person_pages

app_name = "personal"
_MINE = (
    ("", mine_pages.mine, "mine"),
    ("do/", mine_pages.act, "mine_act"),
    ("<int:budget>/statement/", file_pages.mine_statement, "mine_statement"),
    ("receipts/<int:receipt>/", file_pages.mine_receipt, "mine_receipt"),
)
_PERSON = "people/<int:person>/budget/"
urlpatterns: list[URLPattern] = [
    path("personal-budgets/", pages.board, name="board"),
    path("personal-budgets/rules/", pages.rules_page, name="rules"),
    path("personal-budgets/uptake/", pages.uptake_page, name="uptake"),
    path(_PERSON, person_pages.person, name="person"),
    path(f"{_PERSON}assess/", person_pages.assess, name="assess"),
    path(f"{_PERSON}<int:budget>/do/", person_pages.act, name="act"),
    path(f"{_PERSON}<int:budget>/statement/", file_pages.statement, name="statement"),
    path(f"{_PERSON}receipts/<int:receipt>/", file_pages.receipt, name="receipt"),
    *(
        path(f"{root}budget/{address}", view, name=name)
        for root in ("me/", "me/for/<int:person>/")
        for address, view, name in _MINE
    ),
]
