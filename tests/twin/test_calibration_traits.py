"""Who comes, by what else is known of people: read from the store, learnt by service."""

from datetime import UTC, datetime

import numpy as np
import pytest

from onesystem import people, record
from onesystem.access.models import Audit
from onesystem.flow.measures import store
from onesystem.record import burden
from onesystem.twin.calibration.building import model_of
from onesystem.twin.calibration.calibrating import calibrated
from onesystem.twin.calibration.log import made, since
from onesystem.twin.calibration.traits import homes, of_person, traits_of
from onesystem.twin.network.checks import checked
from onesystem.vocabulary import Code, Entry, PersonSeen

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def log(seed=5, count=4000):
    """Contacts of two services over sixty days; women come to one twice as often as men."""
    rng = np.random.default_rng(seed)
    service = rng.integers(0, 2, count)
    woman = rng.random(count) < np.where(service == 0, 2 / 3, 1 / 2)
    came = np.sort(rng.random(count) * 60 * 24)
    return made(
        person=np.arange(count), service=service, kind=rng.integers(0, 2, count), asked=came,
        begun=came, ready=came + 1, ended=came + 1, services=("Clinic", "Practice"),
        classes=("young", "old"), zero=datetime(2026, 1, 5, tzinfo=UTC),
        traits={"sex": np.where(woman, 0, 1)}, levels={"sex": ("female", "male", "not known")},
    )  # fmt: skip


def test_shares_are_recovered():
    """Within three standard errors, by service; and the model can be run."""
    model, _ = model_of(calibrated(log()), start=0.0, horizon=100.0)
    checked(model)
    for service, truth in (("Clinic", 2 / 3), ("Practice", 1 / 2)):
        said = model.arrivals[service].attributes["sex"].options
        for kind in ("young", "old"):
            assert said[kind]["female"] == pytest.approx(truth, abs=3 * 0.5 / 1000**0.5)
            assert sum(said[kind].values()) == pytest.approx(1)


def test_traits_go_with_their_rows():
    """A log that is cut keeps who is who."""
    whole = log(count=500)
    cut = since(whole, 720.0)
    assert len(cut.traits["sex"]) == len(cut)
    assert (cut.traits["sex"] == whole.traits["sex"][whole.came >= 720.0]).all()


def test_numbers_of_identities_are_those_of_the_person():
    """Two sources of one person are added up, or the worse of both is taken."""
    ids, persons = np.array([1, 2, 3]), np.array([7, 7, 8])
    assert of_person({1: 2, 2: 1}, ids, persons, sum) == {1: 3, 2: 3}
    assert of_person({1: 2, 2: 1}, ids, persons, max) == {1: 2, 2: 2}


def test_where_people_live_is_the_council_where_it_is_known():
    """Else the postcode district; the places with the fewest people are one."""
    areas = {1: "NR1", 2: "NR2", 3: "IP1", 4: ""}
    councils = {"NR1": "Norwich", "NR2": "Norwich"}
    assert homes(areas, councils) == {1: "Norwich", 2: "Norwich", 3: "IP1", 4: ""}
    many = {n: f"P{n // 2}" for n in range(26)} | {99: "lone"}
    found = homes(many, {})
    assert found[99] == "other places"
    assert len(set(found.values())) == 13


def _condition(key, subject, code, status="active"):
    said = Code("http://snomed.info/sct", code, f"Condition {code}")
    return Entry(kind="Condition", key=key, subject=subject, at=AT, recorded=AT, code=said,
                 status=status)  # fmt: skip


@pytest.mark.store
def test_what_the_district_knows(db, district):
    """Conditions that are active, each once; frailty by its codes; sex where somebody said it."""
    seen = [("gp", n, PersonSeen(subject=name, at=AT, family="Tester", given=name))
            for n, name in enumerate(("Ffion", "Aled", "Nia"))]  # fmt: skip
    ids = people.meet(seen, known_at=AT)
    ffion, aled, nia = (ids["gp", name] for name in ("Ffion", "Aled", "Nia"))
    record.take_entries([
        ("gp", ffion, 1, _condition("1", "Ffion", "38341003")),
        ("gp", ffion, 2, _condition("2", "Ffion", "38341003")),
        ("gp", ffion, 3, _condition("3", "Ffion", "44054006")),
        ("gp", ffion, 4, _condition("4", "Ffion", "925831000000107")),
        ("gp", aled, 5, _condition("5", "Aled", "233604007", "resolved")),
    ], AT)  # fmt: skip
    assert burden.conditions() == {ffion: 2}
    assert burden.frailty() == {ffion: 2}
    assert burden.living_with("44054006") == {ffion}
    assert burden.living_with("233604007") == set()  # it is over
    store.write_who([(each, each, None, None, sex, "", "", "")
                     for each, sex in ((ffion, "female"), (aled, "male"), (nia, ""))])  # fmt: skip
    every = np.array(sorted((ffion, aled, nia)))
    found = traits_of(every, every)
    trail = Audit.objects.latest("id")
    assert (trail.act, trail.purpose) == ("records.summed", "calibrating the twin")
    assert set(found) == {"sex", "conditions", "frailty"}  # deprivation is not known of anybody

    def level(name, who):
        levels, (keys, codes) = found[name]
        return levels[codes[keys.tolist().index(who)]]

    assert [level("sex", who) for who in (ffion, aled, nia)] == ["female", "male", "not known"]
    assert [level("conditions", who) for who in (ffion, aled)] == ["two", "none known"]
    assert level("frailty", ffion) == "moderate"
