"""The demo's directory: every service of a district gets an entry that can be kept."""

import tomllib
from fnmatch import fnmatch

import pytest

from onesystem.care.services import queries
from onesystem.care.services.actions import around
from onesystem.care.services.checks import problems
from onesystem.care.services.conditions import wrong
from onesystem.care.services.rows import SlotRow
from onesystem.demo.delivering import services
from onesystem.district import current
from onesystem.vocabulary import Setting

SAID = tomllib.loads(services._FILE.read_text(encoding="utf-8"))
# Whom nobody asks by a request: an ambulance is called.
UNASKED = {Setting.AMBULANCE, Setting.OUTPATIENT, Setting.DIAGNOSTICS, Setting.COMMUNITY,
           Setting.HOME_CARE, Setting.MEALS, Setting.ED}  # fmt: skip  # or told by their codes


def test_the_small_district_gets_its_entries(joined):
    told = []
    services.deliver(told.append)
    assert told[0].startswith("5 services in the directory")
    ward = queries.entry("ward-a")
    assert ward.takes("referral")
    assert ward.hours
    assert ward.form[0].required
    near = around()
    assert [p for each in queries.entries().values() for p in problems(each, near)] == []
    services.deliver(told.append)
    assert len(told) == 1  # it is there already


def test_a_clinic_has_slots_of_which_some_are_taken(joined):
    path = current().path / "district.toml"
    path.write_text(
        path.read_text(encoding="utf-8") + '[services.falls]\nname = "Falls"\n'
        'setting = "community"\norganisation = "community"\n',
        encoding="utf-8",
    )
    services.deliver(lambda _: None)
    states = set(SlotRow.objects.filter(service="falls").values_list("state", flat=True))
    assert {"free", "booked"} <= states
    room = queries.capacity("falls")
    assert (room.how, 0 < room.free < room.of) == ("slots", True)


@pytest.mark.parametrize("setting", [s for s in Setting if s not in UNASKED])
def test_every_other_setting_has_an_entry_of_its_own(setting):
    assert any(each.get("setting") == setting for each in SAID["entry"])


@pytest.mark.parametrize("each", SAID["entry"], ids=lambda e: e.get("match") or e["setting"])
def test_what_an_entry_names_is_there(each):
    assert set(each["fields"]) <= set(SAID["fields"])
    assert not each.get("condition") or wrong(each["condition"]) == ""
    for name in each["fields"]:
        known = SAID["fields"][name].get("known", "")
        assert known.isalnum() or not known or wrong(known) == ""


def test_what_the_demo_lacks_of_its_own_services_is_none():
    from datetime import date

    from onesystem.demo.district import plan
    from onesystem.demo.frames import frame
    from onesystem.demo.targets import targets

    here = frame("norfolk-waveney")
    made = plan(here, targets(here, 3000), 3000, date(2026, 11, 22))
    for each in made.services:
        told = any(
            fnmatch(each["code"], entry.get("match", "-")) or
            entry.get("setting") == each["setting"] for entry in SAID["entry"]
        )  # fmt: skip
        assert told or each["setting"] == "ambulance", each["code"]
