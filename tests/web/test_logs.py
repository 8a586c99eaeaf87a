"""A log names no one."""

import json
import os
import subprocess
import sys

import pytest

from onesystem.web import logs

SCRIPT = """
import structlog
import pytest

from onesystem.web import logs
logs.configure()
def read(family):
    born = "-".join(["1950", "02", "03"])
    raise ValueError("the record cannot be read")
try:
    read("Fitzwilliam")
except ValueError:
    structlog.get_logger("x").exception("a page failed", person=17)
"""


def test_a_traceback_in_the_log_shows_no_values():
    """The values of variables are people's names: only files and lines are told."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert "the record cannot be read" in done.stderr
    assert "person=17" in done.stderr
    assert "1950-02-03" not in done.stderr
    assert done.stdout == ""


AS_JSON = (
    SCRIPT
    + """
import logging, logging.config
from onesystem.web import settings
logging.config.dictConfig(settings.LOGGING)
logging.getLogger("django.request").warning("Not Found: %s", "/people/4711/timeline/")
"""
)


def test_a_log_of_json_is_one_object_an_event_and_names_no_one_either():
    """What libraries log as well as our own."""
    done = subprocess.run(
        [sys.executable, "-c", AS_JSON],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ONESYSTEM_LOG": "json"},
    )
    failed, warned = map(json.loads, done.stderr.splitlines())
    assert (failed["event"], failed["level"], failed["person"]) == ("a page failed", "error", 17)
    assert "the record cannot be read" in failed["exception"]
    assert "1950-02-03" not in done.stderr
    assert warned["event"] == "Not Found: /people/-/timeline/"
    assert (warned["level"], warned["logger"]) == ("warning", "django.request")


class TestAddresses:
    """What may be the number or the id of somebody is cut out of an address."""

    @pytest.mark.parametrize(("path", "said"), [
        ("/fhir/Patient/9434765919", "/fhir/Patient/-"),
        ("/fhir/Patient/aroha/_history/2", "/fhir/Patient/-/_history/-"),
        ("/fhir/Patient/x/$everything", "/fhir/Patient/-/$everything"),
        ("/people/4711/timeline/", "/people/-/timeline/"), ("/feeds/", "/feeds/"),
        ("/people/?q=ngapuhi", "/people/"),
    ])  # fmt: skip
    def test_as_it_is_logged(self, path, said):
        assert logs.address(path) == said
