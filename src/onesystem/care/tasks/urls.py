"""Where the pages of tasks are."""

from django.urls import path

from onesystem.care.tasks import offline_pages, pages, task_pages

app_name = "tasks"
urlpatterns = [
    path("tasks/", pages.tasks, name="tasks"),
    path("tasks/worker.js", offline_pages.worker, name="worker"),
    path("tasks/offline/", offline_pages.shell, name="offline"),
    path("tasks/snapshot/", offline_pages.snapshot, name="snapshot"),
    path("tasks/queue/", offline_pages.queue, name="queue"),
    path("tasks/give/", pages.bulk, name="bulk"),
    path("tasks/<int:person>/<str:key>/", task_pages.task, name="task"),
    path("tasks/<int:person>/<str:key>/act/", task_pages.act, name="act"),
]
