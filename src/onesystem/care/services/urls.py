"""Where the pages of the directory are."""

from django.urls import path

from onesystem.care.services import edit_pages, pages, slot_pages, whom_pages

app_name = "services"
urlpatterns = [
    path("services/", pages.services, name="services"),
    path("services/due/", pages.due, name="due"),
    path("services/export/<str:form>/", pages.export, name="export"),
    path("services/<str:service>/", pages.service, name="service"),
    path("services/<str:service>/edit/", edit_pages.edit, name="edit"),
    path("services/<str:service>/confirm/", pages.confirm, name="confirm"),
    path("services/<str:service>/undo/", pages.undo, name="undo"),
    path("services/<str:service>/history/", pages.history, name="history"),
    path("services/<str:service>/for/", whom_pages.whom, name="whom"),
    path("services/<str:service>/slots/", slot_pages.slots, name="slots"),
]
