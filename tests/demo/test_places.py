"""The real map of the demo: what was cut from open data, and the district made of it."""

from datetime import date

import numpy as np
import pytest

from onesystem.demo.beds import Beds
from onesystem.demo.district import plan
from onesystem.demo.frames import DATA, DISTRICTS, frame
from onesystem.demo.layouts import layouts, mapping
from onesystem.demo.targets import targets
from onesystem.demo.world import make_world
from onesystem.demo.writing import write_district
from onesystem.district import load
from onesystem.vocabulary import BadConfig


def test_the_population_is_the_published_one():
    """Mid-2020 estimates of the 611 areas of the board sum to 1,032,661 (ONS)."""
    here = frame("norfolk-waveney")
    assert here.areas.people == 1_032_661
    assert len(here.areas.codes) == 611
    assert set(here.areas.decile.tolist()) <= set(range(1, 11))


def test_canterbury_is_the_published_one():
    """593,000 women and men in contact with the health system in 2022 (Ministry of Health)."""
    assert frame("canterbury").areas.people == pytest.approx(593_000, abs=10)


def test_an_unknown_district_names_the_nearest():
    with pytest.raises(BadConfig, match="norfolk-waveney"):
        frame("norfolk-wavney")


def test_package_data_is_small_and_licensed():
    size = sum(file.stat().st_size for file in DATA.rglob("*") if file.is_file())
    assert size < 3_000_000
    for district in DISTRICTS:
        assert (DATA / district / "LICENCE").exists()


def test_targets_are_the_published_figures_scaled():
    """Norfolk and Norwich, September 2023 to August 2024: 914.7 beds in the year before; 96.7 % of
    its patients live here."""
    here = frame("norfolk-waveney")
    rows = [r for r in here.published if r["trust"] == "RM1"][-12:]
    occupied = sum(r["beds_occupied"] for r in rows) / 12
    goal = targets(here, here.areas.people)
    assert goal.beds_occupied[0] == pytest.approx(occupied * 0.966657)
    assert targets(here, here.areas.people // 2).beds_occupied[0] == pytest.approx(
        goal.beds_occupied[0] / 2, rel=1e-5
    )


def test_the_waiting_list_is_the_published_one():
    """Norfolk and Waveney in August 2024: 175,543 pathways from referral to treatment."""
    here = frame("norfolk-waveney")
    assert here.waiting[-1] == {
        "month": "2024-08", "waiting": 175_543, "referred": 28_360,
        "england_over_18_weeks": None, "england_over_52_weeks": None,
    }  # fmt: skip
    goal = targets(here, here.areas.people)
    assert goal.waiting / here.areas.people == pytest.approx(0.171, abs=0.001)
    assert targets(frame("canterbury"), 10_000).waiting == pytest.approx(1_710, rel=0.01)


@pytest.mark.parametrize("district", DISTRICTS)
@pytest.mark.parametrize("people", [500, 50_000])
def test_the_written_district_loads(district, people, tmp_path, imagined):
    """What is written is checked as any district's file, and every setting has a service."""
    here = frame(district)
    from onesystem.demo import keeping
    from onesystem.demo.progress import Made

    world = keeping.fresh(Made(district, people, 1, 1, 1_790_000_000))
    write_district(world, tmp_path)
    loaded = load(tmp_path)
    assert loaded.name == here.facts["district"]["name"]
    settings = {s.setting.value for s in loaded.services.values()}
    assert settings >= {
        "general practice", "out of hours", "ambulance", "ED", "ward", "outpatient", "diagnostics",
        "community", "rehabilitation", "home care", "care home", "pharmacy", "telephone",
    }  # fmt: skip
    assert any(o.succeeds for o in loaded.organisations.values())
    assert any(c.since for s in loaded.services.values() for c in s.capacity)


@pytest.mark.parametrize("district", DISTRICTS)
def test_the_mappings_are_mappings(district):
    from onesystem.feeds.extract.mapping import parse

    here = frame(district)
    for layout in layouts(here).values():
        for kind in ("contacts", "people"):
            assert parse(mapping(layout, kind, "nhs")).name == f"{layout.code}-{kind}"


def test_more_people_have_more_practices():
    here = frame("norfolk-waveney")

    def count(people):
        return len(plan(here, targets(here, people), people, date(2026, 11, 20)).practices)

    assert 12 <= count(50_000) <= 20
    assert count(here.areas.people) == len(here.practices)


def test_care_homes_have_the_places_that_are_published():
    """10.1 for each hundred of 75 and more (England, 2018), by authority; small, as one."""
    here = frame("norfolk-waveney")
    old = here.areas.counts[:, 75:].sum()

    def homes(people):
        services = plan(here, targets(here, people), people, date(2026, 11, 23)).services
        return [s["capacity"][0]["amount"] for s in services if s["setting"] == "care home"]

    assert sum(homes(here.areas.people)) == pytest.approx(0.101 * old, abs=4)
    assert len(homes(50_000)) == len(here.authorities)
    assert homes(3_000) == [round(0.101 * old * 3_000 / here.areas.people)]


def test_who_finds_no_place_waits_for_one():
    """Two places: the third comes the day after the first has gone; the fourth dies before."""
    day, home = 86_400, np.zeros(4, dtype=int)
    wished = np.array([0, 1, 2, 3]) * day
    ended, gone = wished + np.array([10, 30, 30, 30]) * day, np.array([99, 99, 99, 12]) * day
    begun = Beds().wait(home, wished, ended, gone, {0: 2})
    assert (begun // day).tolist()[:3] == [0, 1, 11]
    assert begun[3] > gone[3]


def test_every_postcode_has_a_council_and_a_fifth(tmp_path):
    """A sector says how deprived it is, a district which council it is of."""
    world = make_world(district="norfolk-waveney", people=600, today=date(2026, 3, 2), years=1,
                       seed=1)  # fmt: skip
    write_district(world, tmp_path)
    rows = (tmp_path / "areas.csv").read_text("utf-8").splitlines()
    assert rows[0] == "postcode,deprivation,council"
    assert 'NR1,,"Norwich"' in rows
    assert 'NR1 0,1,"Norwich"' in rows
    assert 'NR1 9,5,"Norwich"' in rows
    adult = world.people.age(20_000) >= 18
    assert (world.people.inward // 36 + 1 == world.people.decile)[adult].mean() > 0.99
