"""Where the pages of pathways are."""

from django.urls import path

from onesystem.care.pathways import editor_pages, pages, person_pages, review_pages

app_name = "pathways"
urlpatterns = [
    path("pathways/", pages.pathways, name="pathways"),
    path("pathways/search/", pages.search, name="search"),
    path("pathways/new/", editor_pages.new, name="new"),
    path("pathways/new/starters/", editor_pages.starters, name="starters"),
    path("pathways/<slug:slug>/", pages.pathway, name="pathway"),
    path("pathways/<slug:slug>/information/", pages.information, name="information"),
    path("pathways/<slug:slug>/export.<str:form>", pages.export, name="export"),
    path("pathways/<slug:slug>/versions/", review_pages.history, name="history"),
    path("pathways/<slug:slug>/versions/<int:number>/", pages.older, name="version"),
    path("pathways/<slug:slug>/compare/", review_pages.compare, name="compare"),
    path("pathways/<slug:slug>/edit/", editor_pages.edit, name="edit"),
    path("pathways/<slug:slug>/review/", review_pages.review, name="review"),
    path("pathways/<slug:slug>/act/", review_pages.act, name="act"),
    path("people/<int:person>/pathways/", person_pages.fitting, name="fitting"),
    path("people/<int:person>/pathways/<slug:slug>/", person_pages.beside, name="beside"),
    path("people/<int:person>/pathways/<slug:slug>/act/", person_pages.act, name="beside_act"),
]
