"""Work done in a process of its own gives its result, or says that it came to nothing."""

import os
import subprocess
import sys

import pytest

from onesystem import feeds

VISITS = """
name = "visits"
version = 1
[applies_to]
columns = ["id", "who"]
[contact]
key = "id"
subject = "who"
service = "ward"
setting = { fixed = "ward" }
started = "in"
ended = "out"
"""
# As a worker of a served district: it has no thread, and answers an engineer.
_WORKER = """
import sys
from onesystem.cli import warming
warming.prepare()
from onesystem.cli.opened import open_district
warming.warm(open_district())
from django.test import Client
from onesystem.access.models import User
from onesystem.feeds.models import Message
client = Client(SERVER_NAME="localhost")
who = User.objects.get(username="officer")
client.force_login(who, "django.contrib.auth.backends.ModelBackend")
number = Message.objects.get().id
pages = ["/", "/people/", "/people/matches/", "/feeds/", "/settings/", "/measures/",
         f"/feeds/messages/{number}/"]
for path in pages:
    page = client.get(path, follow=True)
    assert page.status_code in {200, 403}, (path, page.status_code)
    assert not {"duckdb", "splink", "pandas", "statsmodels", "ibis"} & set(sys.modules), path
print(page.content.decode())
"""


def test_work_apart_gives_its_result_or_says_that_it_failed():
    """A process that dies is no result."""
    assert feeds.apart(lambda: {"a": 1}) == {"a": 1}
    with pytest.raises(ChildProcessError):
        feeds.apart(lambda: os._exit(3))


def test_a_page_of_an_extract_brings_no_engine_into_its_worker(tmp_path):
    """The page shows how the rows are read; what read them is gone."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("ONESYSTEM", "DATABASE", "DJ"))
    } | {"ONESYSTEM_PASSWORD": "a long enough password"}

    def run(*args):
        done = subprocess.run(
            [sys.executable, *map(str, args)],
            env=kept, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    cli = ("-m", "onesystem.cli")
    run(*cli, "new", tmp_path / "d")
    (tmp_path / "d" / "mappings" / "visits.toml").write_text(VISITS)
    (tmp_path / "visits.csv").write_text(
        "id,who,ward,in,out\n1,Q,RED,2026-03-01 08:00,2026-03-02 09:00\n"
    )
    district = ("-d", tmp_path / "d")
    run(*cli, *district, "ingest", tmp_path / "visits.csv", "--source", "pas")
    roles = "--role integration-engineer --role records-officer --role administrator"
    run(*cli, *district, *f"user add officer {roles}".split())
    kept["ONESYSTEM_DISTRICT"] = str(tmp_path / "d")
    page = run("-c", _WORKER)
    assert "read by the mapping visits" in page
    assert "contact.service" in page
