"""Where the pages of coordination are."""

from django.urls import path

from onesystem.flow.coordination import cycle, pages, person_pages, places

app_name = "coordination"
urlpatterns = [
    path("coordination/", pages.coordination, name="coordination"),
    path("coordination/tasks/", person_pages.tasks, name="tasks"),
    path("coordination/places/", places.places, name="places"),
    path("coordination/cycle/", cycle.cycle, name="cycle"),
    path("coordination/purpose/", pages.purpose, name="purpose"),
    path("coordination/close/", pages.close, name="close"),
    path("coordination/refresh/", pages.refresh, name="refresh"),
    path("coordination/stop/<str:digest>/", pages.stop, name="stop"),
    path("coordination/people/<int:person>/", person_pages.person, name="person"),
    path("coordination/people/<int:person>/act/", person_pages.act, name="act"),
]
