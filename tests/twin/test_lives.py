"""People who live in a model: as many come as before, and what was missed leads to more later."""

import json

import pytest
from click.testing import CliRunner

from onesystem.cli.twin import twin
from onesystem.twin import model_of, replications, result_of
from onesystem.twin.network.checks import checked
from onesystem.twin.network.writing import model_text
from onesystem.twin.people import known
from onesystem.twin.people.ageing import births
from onesystem.twin.people.lives import HOME, MISSED, FollowUp, lives
from onesystem.twin.people.passing import Passing, passing
from onesystem.twin.scenarios.comparing import compared
from onesystem.twin.scenarios.reading import read
from onesystem.vocabulary import BadConfig

SAID = {
    "horizon": 4000, "warm_up": 400, "replications": 6,
    "classes": ["under 75", "75 and more", "age not known"],
    "living": {"under 75": 4000, "75 and more": 1000},
    "nodes": {
        "Clinic": {"servers": 8, "service": {"exponential": 1}, "setting": "outpatient",
                   "next": {"Ward": 0.02, "out": 0.98}},
        "ED": {"servers": 12, "service": {"exponential": 2}, "setting": "ED",
               "next": {"Ward": 0.3, "out": 0.7}},
        "Ward": {"servers": 90, "service": {"exponential": 40}, "setting": "ward"},
    },
    "arrivals": {
        "referred": {"node": "Clinic", "class": {"under 75": 0.5, "75 and more": 0.5},
                     "rates": [0] * 8 + [4] * 10 + [0] * 6, "every": 24},
        "walk in": {"node": "ED", "rates": [1, 2, 3, 2], "every": 24,
                    "class": {"under 75": 0.5, "75 and more": 0.4, "age not known": 0.1}},
    },
}  # fmt: skip
MODEL = model_of(json.dumps(SAID))


def ran(model):
    """The figures of a model."""
    return result_of(model, replications(model))


def test_as_many_come_as_by_inflows():
    """By service and class; those who are inside cannot come again, which is a hundredth."""
    before, after = ran(MODEL), ran(lives(MODEL, {}, 0, FollowUp()))
    for node in MODEL.nodes:
        for kind in MODEL.classes:
            one, two = (each.nodes[node].classes[kind].arrived.mean for each in (before, after))
            assert two == pytest.approx(one, rel=0.05, abs=40), (node, kind)
    assert after.nodes[HOME].busy.mean == pytest.approx(5000, rel=0.03)


def test_they_come_at_the_same_hours():
    """Nobody comes to a clinic at night."""
    hours = [0] * 24
    for run in replications(lives(MODEL, {}, 0, FollowUp()), contacts=True):
        for asked in run.rows[run.rows[:, 1] == 0, 3]:
            hours[int(asked // 1_000_000_000) % 24] += 1
    assert sum(hours[:8]) == sum(hours[18:]) == 0
    assert min(hours[8:18]) > 0.9 * max(hours[8:18])


def test_a_missed_follow_up_leads_to_admissions():
    """Those who missed come to the ED twice as often until they are seen; some go on to a ward."""
    none, some = (ran(lives(MODEL, {}, 0, each)) for each in (
        FollowUp(), FollowUp({"Clinic": 0.3}, {"ED": 2.0})))  # fmt: skip
    clinic, ed = (some.nodes[n].classes["all"].arrived.mean for n in ("Clinic", "ED"))
    assert clinic == pytest.approx(0.7 * none.nodes["Clinic"].classes["all"].arrived.mean, rel=0.06)
    missing = some.nodes[MISSED].classes["all"].arrived.mean
    assert missing == pytest.approx(0.3 * (clinic + missing), rel=0.06)
    assert ed > 1.1 * none.nodes["ED"].classes["all"].arrived.mean
    ward, before = (each.nodes["Ward"].classes["all"] for each in (some, none))
    assert ward.arrived.low > before.arrived.high


def test_who_is_seen_again_is_as_before():
    """Ringing those who missed, so that they are seen after all, takes most of the harm away."""
    model = lives(MODEL, {}, 0, FollowUp({"Clinic": 0.3}, {"ED": 2.0}))
    ring = {"change": "send", "leaving": MISSED, "share": 0.8, "to": "Clinic"}
    found = compared(model, [read({"name": "ring them", "changes": [ring]})])
    row = next(r for r in found.rows if (r.figure, r.where, r.kind) == ("came", "ED", "all"))
    assert row.scenarios[0].difference.high < 0
    assert not any(row.where == HOME for row in found.rows)  # home is no service
    whole = {r.figure: r for r in found.rows if (r.where, r.kind) == ("", "all")}
    days = whole["days at home"].nothing.mean + whole["days in beds"].nothing.mean
    assert days == pytest.approx(5000 * 150, rel=0.03)
    assert whole["days at home"].scenarios[0].difference.low > 0


def test_years_pass():
    """People die, are born, move in and grow old at the rates that are said."""
    model = model_of(json.dumps(SAID | {"unit": "hour", "horizon": 17_532, "warm_up": 0}))
    year = {"under 75": Passing(dies=0.05, moves=0.02, grows=0.1),
            "75 and more": Passing(dies=0.2, moves=-0.1)}  # fmt: skip
    told = ran(lives(model, year, 120, FollowUp()))
    born = told.classes["under 75"].entered.mean - 4000
    assert born == pytest.approx(2 * (120 + 0.02 * 4000), rel=0.1)
    young, old = 4000.0, 1000.0  # by small steps of the same rates
    for _ in range(2000):
        grown = young * 0.1 / 1000
        young += (120 + 80) / 1000 - young * 0.05 / 1000 - grown
        old += grown - old * 0.3 / 1000
    assert told.inside.mean == pytest.approx(young + old, rel=0.03)


def test_rates_of_a_country():
    """More of the old die; who moves is young; births are those of all women who bear."""
    people, rates = known.people_of("United Kingdom"), known.rates_of("United Kingdom")(2026)
    found = passing({"under 18": 1.0, "18 to 74": 1.0, "75 and more": 1.0}, people, rates)
    assert found["under 18"].dies < found["18 to 74"].dies < 0.01 < found["75 and more"].dies
    assert found["under 18"].moves == 0 < found["18 to 74"].moves
    assert 1 / 20 < found["under 18"].grows < 1 / 16
    assert 550 < births(people, rates) < 800  # thousands


@pytest.mark.parametrize(("after", "words"), [
    (FollowUp({"Clinci": 0.1}), "Did you mean 'Clinic'"), (FollowUp({"Clinic": 1.2}), "below 1"),
    (FollowUp({"Clinic": 0.1}, {"ED": 0.5}), "1 or more"),
])  # fmt: skip
def test_what_cannot_be(after, words):
    """Said with the cure."""
    with pytest.raises(BadConfig, match=words):
        lives(MODEL, {}, 0, after)


def test_nobody_lives_there():
    """A model without people who live there, or with people who do not come at rates."""
    plain = json.loads(json.dumps(SAID))
    del plain["living"]
    with pytest.raises(BadConfig, match="how many people live there"):
        lives(model_of(json.dumps(plain)), {}, 0, FollowUp())
    once = json.loads(json.dumps(SAID))
    once["arrivals"]["walk in"] = {"node": "ED", "class": "under 75", "gaps": 1}
    with pytest.raises(BadConfig, match="do not come one by one at rates"):
        lives(model_of(json.dumps(once)), {}, 0, FollowUp())


def test_the_command(tmp_path):
    """A file that the other commands run; it is read back as it was written."""
    (file := tmp_path / "model.json").write_text(json.dumps(SAID))
    out = tmp_path / "lives.json"
    asked = ["lives", str(file), "--missed", "Clinic=30%", "--then", "ED=2", "--out", str(out)]
    told = CliRunner().invoke(twin, asked, catch_exceptions=False)
    assert "5,000 people live in" in told.stderr
    made = model_of(out.read_bytes())
    assert model_text(checked(made)) == out.read_text()
    run = ["run", str(out), "--replications", "1", "--horizon", "900", "--json"]
    told = CliRunner().invoke(twin, run, catch_exceptions=False)
    assert json.loads(told.stdout)["nodes"][HOME]["classes"]["all"]["arrived"]["mean"] > 0
