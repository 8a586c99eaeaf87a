"""The same way in New Zealand: need, then the residential care subsidy, in dollars."""

import pytest
from django.urls import reverse
from page_data import give_purpose

from onesystem.budget.entitlement import queries


@pytest.fixture
def district(district):
    """The small district with dollars."""
    from onesystem.district import current

    path = district.path / "district.toml"
    text = path.read_text(encoding="utf-8").replace('currency = "GBP"', 'currency = "NZD"')
    path.write_text(text, encoding="utf-8")
    return current()


def test_the_subsidy_from_need_to_letter(sign_in, somebody, district):
    client = sign_in("finance-assessor")
    give_purpose(client, somebody, "financial assessment")

    def at(name, **more):
        return reverse(f"entitlement:{name}", kwargs={"person": somebody, **more})

    shown = client.get(at("person")).content.decode()
    assert "Assessed as needing long-term residential care" in shown
    client.post(at("need"), {"scheme": "assessed", "assessed": "1", "seen": "0"})
    means = {
        "day": "2025-08-01", "setting": "care home", "cost": "1800", "age": "82", "seen": "1",
        "resident": "single", "household": "single", "maximum": "1500",
        "income-kind-1": "state pension", "income-amount-1": "520", "kept": "50",
        "capital-kind-1": "savings", "capital-amount-1": "291,825",
    }  # fmt: skip
    client.post(at("means"), means)
    client.post(at("sign"), {"seen": "2"})
    result = queries.stands(somebody).letter.said["result"]
    assert (result["rules"], result["pays"], result["nhs"]) == ("nz", 470_00, 1_330_00)
    shown = client.get(at("letter", version=1)).content.decode()
    assert "$470.00" in shown
    assert "asset thresholds" not in shown  # words, not names of tables
    settle = {"seen": "3", "share-person": "470", "share-nhs": "1330", "words": "As assessed"}
    shown = client.get(at("person")).content.decode()
    assert "The health service" in shown
    assert "The NHS" not in shown
    assert client.post(at("settle"), settle).status_code == 302
    assert queries.stands(somebody).state == "settled"
    rates = client.get(reverse("entitlement:rules") + "?day=2025-08-01").content.decode()
    assert "$291,825.00" in rates
