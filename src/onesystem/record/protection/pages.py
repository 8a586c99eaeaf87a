"""The page that answers a subject access request with a zip."""

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.record.protection.gathered import PURPOSE
from onesystem.record.protection.packing import answer
from onesystem.vocabulary import NotPermitted


@access.opens_person
def everything(request: HttpRequest, person: int) -> HttpResponse:
    """Everything held, as a file; the export itself is in the trail."""
    if request.purpose != PURPOSE:
        raise NotPermitted(
            "this is for answering a person who asks what is held about them",
            "Open the person again, for subject access.",
        )
    packed, _ = answer(person, by=request.actor)
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="person-{person}.zip"'
    return response
