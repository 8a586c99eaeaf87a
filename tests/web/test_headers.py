"""What each answer tells the browser about copies, and about what the page may reach."""

import pytest
from django.http import HttpResponse, HttpResponseNotModified

from onesystem.web.headers import finish

STREAM = "http://testserver:8001"


class SomeoneSignedIn:
    """A user as the pages see one."""

    is_authenticated = True


@pytest.fixture
def request_of_a_user(rf, monkeypatch):
    monkeypatch.setenv("ONESYSTEM_STREAM_PORT", "8001")
    monkeypatch.delenv("ONESYSTEM_STREAM_URL", raising=False)
    request = rf.get("/", SERVER_PORT="8000", HTTP_HOST="testserver:8000")
    request.user = SomeoneSignedIn()
    return request


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.mark.parametrize("answer", [HttpResponse("<p>"), HttpResponseNotModified()])
def test_a_page_and_its_unchanged_copy_may_reach_the_live_stream(request_of_a_user, answer):
    """A browser takes the headers of a 304 for the copy that it keeps."""
    assert finish(request_of_a_user, answer)._csp_update == {"connect-src": [STREAM]}


def test_what_is_no_page_reaches_nothing(request_of_a_user):
    answer = finish(request_of_a_user, HttpResponse("a,b", content_type="text/csv"))
    assert not hasattr(answer, "_csp_update")


def test_a_persons_record_is_never_kept(request_of_a_user):
    request_of_a_user.opened = True
    assert finish(request_of_a_user, HttpResponse("<p>"))["Cache-Control"] == "no-store"
