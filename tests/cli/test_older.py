"""A district that the first whole version wrote is opened by this one, and everything answers."""

import csv
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onesystem.cli import backups

PAGES = ["/", "/people/1/", "/feeds/pas/", "/measures/"]
# What it says of itself after its store was brought up to date, in a process of its own.
SCRIPT = """
import json, sys
from onesystem.cli.opened import open_district
open_district()
from django.contrib.auth import authenticate
from django.test import Client as Browser
from fhir_asking import Client
from onesystem import access, contacts, feeds
from onesystem.access.models import User
from onesystem.cli import root
from onesystem.feeds.models import Message

root.main(["contacts", "export", "--csv", sys.argv[2]], standalone_mode=False)
officer = authenticate(username="officer", password="an older long password")
User.objects.filter(pk=officer.pk).update(
    roles="administrator analyst integration-engineer records-officer", organisation="hospital")
browser = Browser(SERVER_NAME="localhost")
browser.force_login(User.objects.get(pk=officer.pk), "django.contrib.auth.backends.ModelBackend")
fhir = Client()
again = [feeds.Arrival(source=m.source, data=feeds.landing_of(
             open_district(migrate=False).path).read(m.address), format=m.format)
         for m in Message.objects.order_by("id")]
print(json.dumps({
    "signs in": officer.username,
    "pages": {page: browser.get(page, follow=True).status_code for page in json.loads(sys.argv[1])},
    "trail": access.verify_trail(),
    "log": contacts.verify().problems,
    "messages sent again": sorted({each.state for each in feeds.take_messages(again)}),
    "found": [fhir.get(f"{what}&_summary=count").json["total"] for what in (
        "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018",
        "Observation?code=http://loinc.org|8480-6&value-quantity=gt125",
        "Condition?code=13645005")],
}))
"""


@pytest.fixture
def older(tmp_path, data):
    """The older district, restored from its backup."""
    file = tmp_path / "older.tar"
    file.write_bytes(lzma.decompress((data / "older" / "district.tar.xz").read_bytes()))
    backups.read(file, tmp_path / "older", progress=lambda *_: None)
    return tmp_path / "older"


def run(folder, *args):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ONESYSTEM", "DATABASE"))}
    helpers = Path(__file__).resolve().parents[1] / "record"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *args],
        env=kept | {"ONESYSTEM_DISTRICT": str(folder), "PYTHONPATH": str(helpers)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(file):
    """Contacts by their number; a newer version may say more of each."""
    with file.open(encoding="utf-8") as lines:
        return {row["contact"]: row for row in csv.DictReader(lines)}


def test_everything_of_an_older_district_still_answers(older, data, tmp_path):
    """Sign-in, pages, the trail, the log, the landing, and searches of records that came before
    anything was indexed.
    """
    said = json.loads(run(older, "-c", SCRIPT, json.dumps(PAGES), str(tmp_path / "now.csv")))
    assert said == {
        "signs in": "officer",
        "pages": dict.fromkeys(PAGES, 200),
        "trail": [],
        "log": [],
        "messages sent again": ["duplicate"],
        "found": [1, 6, 6],
    }
    then = rows(data / "older" / "contacts.csv")
    now = rows(tmp_path / "now.csv")
    assert {key: {name: row[name] for name in then[key]} for key, row in now.items()} == then
