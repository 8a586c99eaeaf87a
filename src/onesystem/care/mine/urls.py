"""Where the page is: under /me/, and under /me/for/ for whom one acts."""

from django.urls import path

from onesystem.care.mine import pages

app_name = "mycare"
urlpatterns = [
    path("me/care/", pages.care, name="care"),
    path("me/for/<int:person>/care/", pages.care, name="care"),
]
