"""Where the pages of practices and of the rota are."""

from django.urls import path

from onesystem.care.practice import pages, rota_pages

app_name = "practice"
urlpatterns = [
    path("practice/", pages.elsewhere, name="elsewhere"),
    path("practice/seen/", pages.see, name="see"),
    path("people/<int:person>/lead/", pages.lead, name="lead"),
    path("rota/", rota_pages.overview, name="rotas"),
    path("rota/<slug:service>/", rota_pages.rota, name="rota"),
    path("rota/<slug:service>/needs/", rota_pages.needs, name="needs"),
    path("rota/<slug:service>/do/", rota_pages.do, name="do"),
]
