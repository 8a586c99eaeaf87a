"""Where the pages of tasks are."""

from django.urls import path

from onesystem.care.tasks import pages, task_pages

app_name = "tasks"
urlpatterns = [
    path("tasks/", pages.tasks, name="tasks"),
    path("tasks/give/", pages.bulk, name="bulk"),
    path("people/<int:person>/tasks/<str:key>/", task_pages.task, name="task"),
    path("people/<int:person>/tasks/<str:key>/act/", task_pages.act, name="act"),
]
