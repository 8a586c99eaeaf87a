"""Where the pages of the room are."""

from django.urls import path

from onesystem.evidence import pages

app_name = "evidence"
urlpatterns = [
    path("evidence/", pages.index, name="index"),
    path("evidence/new/", pages.new, name="new"),
    path("evidence/<int:evaluation>/", pages.one, name="one"),
    path("evidence/<int:evaluation>/change/", pages.change, name="change"),
    path("evidence/<int:evaluation>/run/", pages.begin, name="begin"),
    path("evidence/run/<int:number>/", pages.working, name="working"),
    path("evidence/run/<int:number>/sign/", pages.sign, name="sign"),
    path("evidence/run/<int:number>/result.<slug:form>", pages.file, name="file"),
]
