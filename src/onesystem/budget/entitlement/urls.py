"""Where the pages of charges are: the rules, a person's tab, and one's own."""

from django.urls import URLPattern, path

from onesystem.budget.entitlement import letter_pages, pages, person_pages

app_name = "entitlement"
_PERSON = "people/<int:person>/charges/"
urlpatterns: list[URLPattern] = [
    path("charges/", pages.rules, name="rules"),
    path("charges/calculator/", pages.calculator, name="calculator"),
    path("charges/waiting/", pages.waiting, name="waiting"),
    path(_PERSON, person_pages.person, name="person"),
    *(
        path(f"{_PERSON}{name}/", getattr(person_pages, name), name=name)
        for name in ("need", "means", "sign", "settle", "dispute", "undo")
    ),
    path(f"{_PERSON}letter/<int:version>/", letter_pages.letter, name="letter"),
    path("me/charges/", letter_pages.mine, name="mine"),
    path("me/for/<int:person>/charges/", letter_pages.mine, name="mine"),
]
