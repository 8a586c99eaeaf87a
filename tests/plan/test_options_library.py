"""The library of options: published figures first, then that every entry runs in any twin."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from options_tried import MODEL

from onesystem.flow.chances.library import kinds
from onesystem.plan.options import library
from onesystem.plan.options.expressing import expressed
from onesystem.plan.options.option import STRENGTHS, again, plain, read
from onesystem.plan.options.pricing import priced
from onesystem.plan.options.selecting import ages, rate, services
from onesystem.twin.network.reading import model_of
from onesystem.twin.scenarios.applying import applied
from onesystem.vocabulary import BadConfig, NotFound

ASKED_FOR = {  # the options that the issue names
    "acute-demand-home", "enablement", "ambulance-to-practice", "direct-diagnostics",
    "advice-before-referral", "procedures-in-practice", "out-of-hours", "discharge-package",
    "care-home-support", "beds", "theatre-lists", "shared-staff",
}  # fmt: skip
SMALL = model_of(json.dumps(MODEL), "small")
EVERY = sorted(ASKED_FOR)


def said(*keys, strength="central", people=100_000, **more):
    return expressed(
        [(library.option(key), strength) for key in keys], SMALL, people=people, **more
    )


def changes(made, word):
    return [each for each in made.plain["changes"] if each["change"] == word]


def test_every_option_that_was_asked_for_is_there():
    assert set(library.options()) == ASKED_FOR


def test_acute_demand_at_its_most_is_what_canterbury_published():
    """676 of 4,035 admissions did not happen in December 2014 (BMJ Open 2016;6:e010709)."""
    effect = library.option("acute-demand-home").effect("kept")
    assert effect.high == pytest.approx(676 / 4035, abs=5e-4)


def test_ambulance_to_practice_is_what_england_published():
    """321 referred, 4,219 conveyed, 22.4% of those came after all (BMC Emerg Med 2020;20:48)."""
    effect = library.option("ambulance-to-practice").effect("practice")
    assert effect.central == pytest.approx(321 / (321 + 4219) * (1 - 0.224), abs=5e-4)
    assert not effect.assumed


def test_enablement_is_what_canterbury_published():
    """Stays over 14 days of people of 75 and over: 14% shorter (Future Hospital Journal 2015).
    Up to 190 clients at a time in a district of about half a million (HealthInfo, 2016)."""
    option = library.option("enablement")
    assert option.effect("shorter").central == 0.14
    opened = changes(said("enablement", people=500_000), "open")[0]
    assert opened["places"] == 190


def test_care_home_support_is_what_was_published():
    """29% fewer A&E attendances (Rushcliffe, Improvement Analytics Unit 2017) of the 6.5% that
    come from care homes (July 2019); none in Nottingham City."""
    effect = library.option("care-home-support").effect("fewer")
    assert effect.high == pytest.approx(0.29 * 0.065, abs=5e-4)
    assert effect.low == 0


def test_evidence_against_is_told_as_well():
    """Referral management lowered no group's attendances (Br J Gen Pract 2013, PMC3662455)."""
    found = [each for each in library.option("advice-before-referral").evidence
             if each.says == "against"]  # fmt: skip
    assert "PMC3662455" in found[0].source


@pytest.mark.parametrize("key", EVERY)
def test_an_option_says_all_that_a_plan_needs(key):
    option = library.option(key)
    assert all((option.evidence, option.effects, option.costs, option.staff, option.limits))
    assert all(each.source for each in (*option.evidence, *option.effects))
    assert option.strength in ("strong", "moderate", "weak", "very weak", "none")
    assert priced(option, 100_000).running > 0


def test_options_are_answers_to_opportunities_that_there_are(tmp_path):
    known = kinds(tmp_path)
    for option in library.options().values():
        assert set(option.helps) <= set(known)
    named = {kind for option in library.options().values() for kind in option.helps}
    assert named == set(known)  # each has an answer


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("key", EVERY)
def test_an_option_runs_at_every_strength(key, strength):
    made = said(key, strength=strength)
    applied(SMALL, made.scenario)
    assert made.plain["changes"] or strength == "low"


def test_all_options_together_contradict_nothing():
    made = said(*EVERY)
    applied(SMALL, made.scenario)
    assert not made.missing


@settings(max_examples=12)  # each applies a whole model
@given(st.sets(st.sampled_from(EVERY), min_size=1, max_size=5), st.integers(500, 2_000_000))
def test_any_combination_for_any_district_is_a_scenario(keys, people):
    applied(SMALL, said(*sorted(keys), people=people).scenario)


def test_two_that_shorten_the_same_stays_are_multiplied():
    """14% and 8% less leave 0.86 x 0.92 of the stay, not 78%."""
    both = changes(said("enablement", "discharge-package"), "stays")
    old = [c for c in both if c.get("who") == {"class": ["75 and more"]} and "over" in c]
    assert [each["times"] for each in old] == pytest.approx([0.86 * 0.92] * 2)
    young = [c for c in both if c.get("who") == {"class": ["under 18"]}]
    assert [each["times"] for each in young] == pytest.approx([0.92] * 2)


def test_people_who_are_moved_arrive_elsewhere():
    """As many as leave the clinics come to practices: 1.5% of 1.5 an hour over 8 an hour."""
    made = changes(said("procedures-in-practice"), "arrivals")
    times = {each["inflow"]: each["times"] for each in made}
    assert times["Clinics"] == pytest.approx(0.985)
    assert times["Practices"] == pytest.approx(1 + 0.015 * 1.5 / 8)


def test_only_the_hours_that_are_named_are_moved():
    """A tenth of those between 18 and 8 o'clock, 14 of 24 hours."""
    moved = 0.1 * 14 / 24 * (0.2 + 0.12)
    made = changes(said("out-of-hours"), "arrivals")
    times = {each["inflow"]: each for each in made}
    assert times["ED one"]["hours"] == "18-8"
    assert times["Out of hours"]["times"] == pytest.approx(1 + moved / 0.4)
    assert rate(SMALL, "ED one", (18, 8)) == pytest.approx(0.2 * 14 / 24)


def test_a_date_is_said_where_one_is_asked_for():
    made = said("beds", since="2027-04-01")
    assert {each["from"] for each in made.plain["changes"]} == {"2027-04-01"}


def test_what_a_model_has_no_words_for_is_told():
    """A model without home care or community services cannot open acute demand at home."""
    bare = model_of(json.dumps(
        {"name": "bare", "horizon": 100, "nodes": {"ED": {"setting": "ED", "service": 1}},
         "arrivals": {"in": {"node": "ED", "rate": 1}}}), "bare")  # fmt: skip
    made = expressed([(library.option("acute-demand-home"), "central")], bare, people=1000)
    assert len(made.missing) == 2
    assert "Acute demand at home: the model has no service" in made.missing[0]
    assert not made.plain["changes"]


def test_beds_go_to_the_busiest_ward():
    assert services(SMALL, {"setting": "ward", "pick": "busiest"}) == ["Ward one"]
    made = changes(said("beds"), "places")[0]
    assert (made["service"], made["times"]) == ("Ward one", pytest.approx(40 / 30, abs=1e-6))


def test_ages_are_those_of_the_model():
    assert ages(SMALL, "old") == ["75 and more"]
    assert ages(SMALL, "adults") == ["18 to 74", "75 and more"]
    assert ages(SMALL, "") == []


def test_cost_is_pay_with_what_employers_pay_and_all_else():
    """Band 6, middle: 40,823 pounds, national insurance 15% above 5,000, pension 23.78%."""
    option = library.option("ambulance-to-practice")
    cost = priced(option, 100_000)
    line = next(each for each in cost.lines if each.words.startswith("Clinicians"))
    pay = 40_823 * 1.5
    assert line.amount == pytest.approx(
        100 * (pay + 0.15 * (pay - 5_000 * 1.5) + 0.2378 * pay), abs=3
    )
    assert cost.set_up == 6_000_000
    assert sum(cost.by_funder().values()) == cost.running
    assert cost.by_group() == {"paramedic": 1.5, "doctor": 0.5}


@given(st.sampled_from(EVERY), st.integers(1, 3_000_000))
def test_cost_grows_with_the_people(key, people):
    one, two = priced(library.option(key), people), priced(library.option(key), 2 * people)
    lines = len(one.lines)
    assert abs(two.running - 2 * one.running) <= 6 * lines
    assert sum(one.by_funder("set-up").values()) == one.set_up


def test_a_sum_of_the_plan_takes_the_place_of_the_librarys():
    cost = priced(library.option("beds"), 3000, changed={"running": 1_234_567})
    assert cost.running == 1_234_567
    assert cost.set_up == priced(library.option("beds"), 3000).set_up


@pytest.mark.parametrize("key", EVERY)
def test_an_option_comes_back_from_what_is_kept(key):
    option = library.option(key)
    assert again(json.loads(json.dumps(plain(option)))) == option
    assert option.since >= date(2026, 11, 1)


def test_a_wrong_name_names_the_nearest():
    with pytest.raises(NotFound, match="enablement"):
        library.option("enablment")


BASE = """title = "A"
what = "B"
limits = "C"
since = 2026-11-01
delivers = "council"
[[evidence]]
words = "D"
source = "E"
year = 2020
quality = "trials"
says = "for"
[[effect]]
name = "x"
words = "y"
low = 0.1
central = 0.2
high = 0.3
source = "z"
"""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('title = "A"\n', "", "has no title"),
        ("low = 0.1", "low = 0.25", "0.2 is not between 0.25 and 0.3"),
        ('"trials"', '"trial"', "'trial'"),
        ('"council"', '"nobody"', "'nobody'"),
        ("since = 2026-11-01\n", "", "has no since"),
        ("year = 2020", "yeer = 2020", "no key 'yeer'"),
        ('source = "z"\n', "", "missing"),
    ],
)
def test_an_entry_with_a_slip_is_refused_with_the_cure(old, new, what):
    assert read(BASE, "a").strength == "strong"
    with pytest.raises(BadConfig, match=what):
        read(BASE.replace(old, new), "a")
