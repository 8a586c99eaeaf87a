"""Seeing the system in a real browser: one person beside the map, and what the district sets."""

from datetime import UTC, datetime, timedelta

import pytest
from page_data import adt, person_of
from test_journeys import add, journey  # noqa: F401

from onesystem.flow import answers, queries
from onesystem.flow.journeys import working
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def moment(district, *, hours):
    """So many hours ago, as the hospital writes it: local time."""
    at = to_local(datetime.now(UTC) - timedelta(hours=hours), district.zone)
    return f"{at:%Y%m%d%H%M}"


def visit(district, number, *, hours, ward="WARDA", **person):
    """An ED for three hours, then a ward for a day, then home."""
    same = {"person": f"P{number}", "visit": f"V{number}", **person}
    return [
        adt(f"{number}1", at=moment(district, hours=hours), **same),
        adt(f"{number}2", act="A02", place=ward, at=moment(district, hours=hours - 3), **same),
        adt(f"{number}3", act="A03", place=ward, at=moment(district, hours=hours - 27), **same),
    ]


def test_one_person_goes_beside_the_map(journey, add, send, district, monkeypatch):  # noqa: F811
    """A clinician asks how somebody went, and where that differs from everybody else."""
    working.connect()
    for number, name in enumerate(("Ada", "Bryn", "Cai", "Dilys", "Eira", "Ffion"), 1):
        home = f"{number * 7} {name} Road^^Lynn^^PE30 {number}AA||"
        other = {"name": (f"{name}son", name), "born": f"19{number}0031{number}", "home": home}
        send(*visit(district, number, hours=100 + number, nhs="", **other))
    send(*visit(district, 9, hours=110, ward="WARDB"))
    page = journey.page
    journey.given_i_signed_in_as(add("hospital-doctor"))
    journey.go(f"/people/{person_of('P9')}/journey/?setting=ED&level=service")
    journey.when_i_say_why()
    journey.then_i_see("beside the others?")
    answers.work()
    journey.then_i_see("Step by step")
    journey.then_i_see("The map is of the 7 journeys")
    steps = page.get_by_role("region", name="The steps of this journey").locator("tbody tr")
    assert [row.locator("th").inner_text().split("  ")[0] for row in steps.all()] == [
        "Emergency department", "Ward B",
    ]  # fmt: skip
    journey.then_i_see("nobody else went so")
    journey.and_the_page_is_for_everybody()


def test_a_district_sets_its_own_threshold(journey, add, send, district):  # noqa: F811
    """Two people in an ED are no matter to us; the district that says otherwise sees a sign."""
    send(adt("1", at=moment(district, hours=1)), adt("2", person="P2", visit="V2", nhs="",
         at=moment(district, hours=2)))  # fmt: skip
    queries.forget_board()
    page = journey.page
    journey.given_i_signed_in_as(add("ed-nurse"))
    journey.go("/now/board/ed/")
    row = page.get_by_role("row", name="Emergency department").first
    assert row.locator(".sign").count() == 0
    (district.path / "boards.toml").write_text(
        '[threshold]\nhere = { look = 1, act = 2 }\n[words]\nhere = "In our ED"\n', encoding="utf-8"
    )
    page.reload()
    assert row.locator(".sign-act").count() == 1
    journey.then_i_see("In our ED")
    journey.and_the_page_is_for_everybody()
