"""Where the pages of care at home are."""

from django.urls import path

from onesystem.care.episodes import act_pages, pages, person_pages

app_name = "episodes"
urlpatterns = [
    path("at-home/", pages.board, name="board"),
    path("at-home/packages/", pages.packages, name="packages"),
    path("at-home/<int:episode>/", pages.episode, name="episode"),
    path("at-home/<int:episode>/do/", act_pages.act, name="act"),
    path("people/<int:person>/at-home/", person_pages.person, name="person"),
    path("people/<int:person>/at-home/start/", person_pages.start, name="start"),
]
