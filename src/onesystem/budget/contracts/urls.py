"""Where the pages of contracts are."""

from django.urls import path

from onesystem.budget.contracts import (
    act_pages,
    edit_pages,
    fact_pages,
    pages,
    settle_pages,
    stress_pages,
)

app_name = "contracts"
urlpatterns = [
    path("contracts/", pages.contracts, name="contracts"),
    path("contracts/new/", edit_pages.new, name="new"),
    path("contracts/import/", edit_pages.import_, name="import"),
    path("contracts/<slug:slug>/", pages.contract, name="contract"),
    path("contracts/<slug:slug>/edit/", edit_pages.edit, name="edit"),
    path("contracts/<slug:slug>/versions/", pages.versions, name="versions"),
    path("contracts/<slug:slug>/file/<str:form>/", pages.file, name="file"),
    path("contracts/<slug:slug>/sign/", act_pages.sign, name="sign"),
    path("contracts/<slug:slug>/publish/", act_pages.publish, name="publish"),
    path("contracts/<slug:slug>/withdraw/", act_pages.withdraw, name="withdraw"),
    path("contracts/<slug:slug>/settle/", settle_pages.settle, name="settle"),
    path("contracts/<slug:slug>/stress/", stress_pages.stress, name="stress"),
    path("contracts/<slug:slug>/stress/<str:digest>/stop/", stress_pages.stop, name="stop"),
    path("contracts/<slug:slug>/settlements/<int:settlement>/", settle_pages.settlement,
         name="settlement"),
    path("contracts/<slug:slug>/settlements/<int:settlement>/<str:act>/do/", settle_pages.act,
         name="act"),
    path("contracts/<slug:slug>/settlements/<int:settlement>/file/", settle_pages.file,
         name="settled_file"),
    path("contracts/<slug:slug>/settlements/<int:settlement>/facts/<str:fact>/", fact_pages.fact,
         name="fact"),
    path("contracts/<slug:slug>/settlements/<int:settlement>/facts/<str:fact>/contacts/",
         fact_pages.behind, name="behind"),
]  # fmt: skip
