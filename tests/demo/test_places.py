"""The real map of the demo: what was cut from open data, and the district made of it."""

from datetime import date

import pytest

from onesystem.demo.district import plan
from onesystem.demo.frames import DATA, DISTRICTS, frame
from onesystem.demo.layouts import layouts, mapping
from onesystem.demo.targets import targets
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
