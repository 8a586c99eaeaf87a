"""What journeys cost: exact whole pence, at the same prices as the measure of cost per person."""

import csv
import io
import json
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from onesystem import contacts
from onesystem.cli.journeys import journeys as command
from onesystem.flow import answers
from onesystem.flow.answers import working
from onesystem.flow.journeys import one, own, presenters
from onesystem.flow.journeys import working as journeys
from onesystem.flow.journeys.adherence import adherence
from onesystem.flow.journeys.costing import costs, each
from onesystem.flow.journeys.maps import process_map
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.stage import Stage
from onesystem.flow.journeys.steps import NOT_KNOWN, Steps
from onesystem.flow.measures import library
from onesystem.flow.measures.days import clock
from onesystem.vocabulary import Act, Contact, ContactEvent, Setting

NAMES = ("ED", "ward", "meals")
CONTACT, NIGHT = {"ED": 28017}, {"ward": 82586}
LONDON = clock("Europe/London")


def micros(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


COSTS = """
what                                  | setting | started          | ended            | pence
a contact costs its price             | ED      | 2026-01-05T10:00 | 2026-01-05T14:00 | 28017
three nights                          | ward    | 2026-01-05T10:00 | 2026-01-08T09:00 | 247758
a day case costs a night              | ward    | 2026-01-05T10:00 | 2026-01-05T18:00 | 82586
midnight is the district's in summer  | ward    | 2026-07-05T22:30 | 2026-07-06T23:30 | 165172
what goes on costs the nights to now  | ward    | 2026-02-27T10:00 |                  | 165172
what never started costs nothing      | ED      |                  |                  | 0
a setting without a price             | meals   | 2026-01-05T10:00 | 2026-01-05T11:00 | 0
an end before its start is one night  | ward    | 2026-01-05T10:00 | 2026-01-03T10:00 | 82586
"""


@pytest.mark.parametrize("line", COSTS.strip().splitlines()[1:])
def test_a_contact_costs(line):
    _, setting, started, ended, pence = (part.strip() for part in line.split("|"))
    found = costs(
        np.array([NAMES.index(setting)], np.int32), NAMES,
        np.array([micros(started) if started else NOT_KNOWN]),
        np.array([micros(ended) if ended else NOT_KNOWN]),
        now=micros("2026-03-01T12:00"), clock=LONDON, contact=CONTACT, night=NIGHT,
    )  # fmt: skip
    assert found.tolist() == [int(pence)]


def test_a_contact_has_one_price_on_the_map_and_in_one_journey():
    """Three midnights of the district lie between, of which the clocks change in one."""
    rows = [("ED", 0, 5), ("ward", 3, 80), ("home care", 1, 26), ("telephone", 2, 2.5)]
    start = datetime(2026, 3, 27, 8, tzinfo=UTC)
    settings = [setting for setting, _, _ in rows]
    at = [(start + timedelta(hours=a), start + timedelta(hours=b)) for _, a, b in rows]
    found = costs(
        np.arange(len(rows), dtype=np.int32), settings,
        np.array([a.timestamp() * 1e6 for a, _ in at], np.int64),
        np.array([b.timestamp() * 1e6 for _, b in at], np.int64),
        now=0, clock=LONDON,
        contact=library.prices()["unit-costs"], night=library.prices()["night-costs"],
    )  # fmt: skip
    here = SimpleNamespace(zone="Europe/London")
    asked = Question(start=start.date(), end=start.date() + timedelta(days=9), setting="ED")
    mine = own.journeys(
        [
            Contact(contact=i, source="s", key=str(i), identity=1, service=str(i),
                    setting=Setting(setting), started=a, ended=b)
            for i, (setting, (a, b)) in enumerate(zip(settings, at, strict=True))
        ],
        asked,
        district=SimpleNamespace(zone=here.zone, services={}, service_name=lambda code: code),
        at=start + timedelta(days=9),
    )  # fmt: skip
    by_contact = {step.contact: step.cost for step in mine[0].steps}
    assert [by_contact[i] for i in range(len(rows))] == found.tolist()
    assert found.tolist() == [28017, 82586 * 3, 2500, 1500]


def test_totals_are_exact_and_means_go_up_at_half():
    steps = Steps.of(
        journey=np.array([0, 0, 1, 1]), kind=np.array([0, 1, 0, 1]), names=["ED", "ward"],
        start=np.array([0, 5, 0, 7]), cost=np.array([1, 10, 2, 13]),
    )  # fmt: skip
    made = process_map(steps)
    assert (made.cost, made.cost_each) == (26, 13)
    assert {n.name: (n.cost, n.cost_each) for n in made.nodes} == {"ED": (3, 2), "ward": (23, 12)}
    assert [(a.cost, a.cost_each) for a in made.arrows] == [(23, 12)]
    assert (each(5, 2), each(4, 3), each(0, 0)) == (3, 1, 0)
    assert presenters.money(28017) == "£280"
    assert presenters.money(9999) == "£99.99"
    assert presenters.money(123_456_750) == "£1,234,568"


ways = st.lists(
    st.builds(
        Stage, name=st.just(""), kinds=st.frozensets(st.sampled_from("ABCD"), min_size=1),
        within=st.none() | st.integers(0, 8), optional=st.booleans(),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
walks = st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 30)), min_size=1, max_size=7)


@given(walk=walks, way=ways)
def test_one_journey_is_held_by_the_rules_for_many(walk, way):
    """Where one journey left a way, and whether it was late, is what the count of many says."""
    named = [
        Stage(name=str(i), kinds=s.kinds, within=s.within, optional=s.optional)
        for i, s in enumerate(way)
    ]
    walk = sorted(walk, key=lambda pair: pair[1])
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    steps = [one.Step(kind=k, service=k, start=zero + timedelta(microseconds=at)) for k, at in walk]
    many = adherence(
        Steps.of(
            journey=np.zeros(len(walk)), kind=np.array(["ABCD".index(k) for k, _ in walk]),
            names=list("ABCD"), start=np.array([at for _, at in walk]),
        ),
        named,
    )  # fmt: skip
    mine = one.held(steps, named)
    left = [i for i, kept in enumerate(mine) if kept.left]
    assert (left or [len(way)])[0] == many.left_at[0]
    assert any(kept.late for kept in mine) == bool(many.late[0])
    assert [kept.step is not None for kept in mine] == [bool(s.reached) for s in many.stages]
    if left and left[0]:
        instead = mine[left[0]].instead
        assert [[instead.kind if instead else "", 1]] == [
            list(pair) for pair in many.stages[left[0]].instead
        ]


def test_anchors_close_together_are_one_journey():
    day = [datetime(2026, 1, d, tzinfo=UTC) for d in (1, 20, 31)]
    found = one.journeys([day[2], day[0], day[1]], before=2, after=15)
    assert [(first.day, opens.day, closes.day) for first, opens, closes in found] == [
        (1, 30, 16), (20, 18, 15),
    ]  # fmt: skip


def went(visit, person, service, hours, **more):
    """Somebody was in a service, so many hours ago, for an hour."""
    start = datetime.now(UTC) - timedelta(hours=hours)
    event = ContactEvent(
        visit=visit, subject=person, act=Act.STATE, at=start, recorded=start, service=service,
        started=start, ended=start + timedelta(hours=1), **more,
    )  # fmt: skip
    return ("pas", int(person[1:]), 1, event)


@pytest.fixture
def walked(signed_in, monkeypatch):
    """Nine people from the ED to ward A, one, who fell, from the ED to nobody."""
    from onesystem import people, wiring

    wiring.connect()
    monkeypatch.setattr(working, "_begun", threading.Event())
    journeys.connect()
    now = datetime.now(UTC)
    with transaction.atomic():
        ids = people.identify([("pas", f"p{i}") for i in range(1, 71)], known_at=now)
        who = {i: ids["pas", f"p{i + 60}"] for i in range(1, 11)}
        rows = [
            went(f"J-E{i}", f"p{who[i]}", "ed", 210 - i, reason="Fall" if i == 10 else "Cough")
            for i in who
        ]
        rows += [went(f"J-W{i}", f"p{who[i]}", "ward-a", 200 - i) for i in who if i < 10]
        rows.append(went("J-N10", f"p{who[10]}", "nursing", 150, reason="Wound", outcome="Dressed"))
        contacts.take(rows, known_at=now)
    return signed_in, who


DAYS = [f"{datetime.now(UTC) - timedelta(days=n):%Y-%m-%d}" for n in (12, 5)]
ASKED = f"/journeys/?setting=ED&start={DAYS[0]}&end={DAYS[1]}"
OWN = f"/people/{{}}/journey/?start={DAYS[0]}&end={DAYS[1]}&way=admission-through-ed"


def answered(client, address):
    client.get(address)
    while answers.work():
        pass
    return client.get(address).content.decode()


def test_costs_stand_on_the_map_in_the_table_and_in_the_files(walked):
    signed_in, _ = walked
    client = signed_in("ed-nurse")
    shown = answered(client, ASKED)
    assert "£280" in shown
    assert "not what anybody paid" in shown
    written = client.get(f"{ASKED}&format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert rows[0]["cost in pence"] == str(9 * 82586)
    assert rows[0]["cost each in pence"] == "82586"
    steps = client.get(f"{ASKED}&format=steps").content.decode("utf-8-sig")
    assert f"ED,10,10,10,0,3600,{280170},28017" in steps
    picture = client.get(f"{ASKED}&format=svg")
    assert picture["Content-Type"] == "image/svg+xml"
    text = picture.content.decode()
    assert text.startswith("<svg")
    assert "£826" in text
    assert "href" not in text
    assert "National Cost Collection" in text


def test_whoever_may_not_see_people_gets_no_small_arrow_in_a_file(walked):
    signed_in, _ = walked
    client = signed_in("planner")
    answered(client, ASKED)
    for form in ("csv", "steps", "svg"):
        assert "community" not in client.get(f"{ASKED}&format={form}").content.decode()
    assert client.get(ASKED.replace("/?", "/people/?")).status_code == 403


def test_a_group_is_asked_by_condition_and_place(walked):
    signed_in, _ = walked
    client = signed_in("ed-nurse")
    assert "1 journeys" in answered(client, f"{ASKED}&condition=falls")
    assert "10 journeys" in answered(client, f"{ASKED}&place=site")
    assert "Nobody went this way" in answered(client, f"{ASKED}&deprivation=1")


def test_a_person_is_held_against_the_map_and_the_agreed_way(walked):
    signed_in, who = walked
    client = signed_in("ed-nurse")
    get_user_model().objects.update(organisation="community")  # it has them on its own list
    address = OWN.format(who[10])
    assert "left here" not in client.get(address).content.decode()
    client.post(
        f"/purpose/{who[10]}/",
        {"purpose": "direct care", "reason": "looking after them", "to": address},
    )
    shown = answered(client, address)
    assert "left here" in shown
    assert "District nursing: Wound, Dressed" in shown
    assert "nobody else went so" in shown  # the map has that arrow from this journey alone
    assert 'class="box mine"' in shown
    assert "2 contacts in" in shown


def test_a_path_leads_to_whose_it_was_and_the_list_is_in_the_trail(walked):
    from onesystem.access.models import Audit

    signed_in, who = walked
    client = signed_in("ed-nurse")
    address = f"/journeys/people/?start={DAYS[0]}&end={DAYS[1]}&along=ED+%3E+community"
    shown = answered(client, address)
    assert f"/people/{who[10]}/journey/?" in shown
    assert "1 journeys around ED" in shown
    assert Audit.objects.filter(act="journeys.listed").count() == 1


def test_a_log_has_its_own_costs(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case,activity,timestamp,pence\n1,A,2026-01-01,100\n1,B,2026-01-02,\n")
    found = json.loads(CliRunner().invoke(command, [str(log), "--json"]).output)
    assert found["map"]["cost"] == 100
    assert found["paths"]["top"][0]["cost"] == 100
    log.write_text("case,activity,timestamp,pence\n1,A,2026-01-01,1.50\n")
    told = CliRunner().invoke(command, [str(log), "--json"])
    assert "12.50 is 1250" in str(told.exception.__dict__) + str(told.exception)


def test_a_district_is_asked_from_the_command_line(walked, monkeypatch):
    from onesystem import district
    from onesystem.cli import journeys as module

    monkeypatch.setattr(module, "open_district", district.current)
    asked = [x for key in (f"start={DAYS[0]}", f"end={DAYS[1]}") for x in ("--ask", key)]
    told = CliRunner().invoke(command, [*asked, "--json", "--way", "admission-through-ed"])
    found = json.loads(told.output)
    assert found["map"]["journeys"] == 10
    assert found["map"]["cost"] == 10 * 28017 + 9 * 82586 + 8873
    assert found["adherence"]["entered"] == 10
    between = json.loads(CliRunner().invoke(command, ["--settings", "--json"]).output)
    assert between == []  # what is recent has not been carried to the log yet
    wrong = CliRunner().invoke(command, ["--ask", "seting=ED"])
    assert "setting" in str(wrong.exception) + str(getattr(wrong.exception, "cure", ""))
