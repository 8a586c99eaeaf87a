"""Where the pages of data protection are: the officer's lists, and those about one person."""

from django.urls import URLPattern, path

from onesystem.record.corrections import pages as corrections
from onesystem.record.keeping import pages as keeping

app_name = "protection"
urlpatterns: list[URLPattern] = [
    path("protection/", corrections.worklist, name="corrections"),
    path("protection/holds/", keeping.holds_page, name="holds"),
    path("protection/holds/<int:hold>/", keeping.hold_page, name="hold"),
    path("protection/retention/", keeping.retention, name="retention"),
    path("protection/retention/stop/", keeping.stop, name="stop"),
    path("protection/retention/<int:due>/", keeping.due_page, name="due"),
    path("people/<int:person>/corrections/", corrections.of_person, name="of_person"),
    path("people/<int:person>/corrections/ask/", corrections.ask, name="ask"),
    path("people/<int:person>/corrections/<int:correction>/", corrections.one, name="correction"),
]
