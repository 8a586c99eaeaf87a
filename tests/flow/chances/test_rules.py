"""What each kind of opportunity counts, and what it does not: the cases at its edges."""

from datetime import date

import pytest
from tellings import DAY, Finding, moment, table

from onesystem.flow.chances.question import Period
from onesystem.flow.journeys.agreed import ways
from onesystem.flow.measures import history, library, reference
from onesystem.flow.measures.days import clock
from onesystem.flow.measures.world import Somebody, World


class TestReadyAndStillThere:
    """From ready to ended, beyond four hours on a ward, one in the ED, a quarter of an hour."""

    def test_time_beyond_what_going_takes(self):
        found = Finding("ready-not-gone", """
            person | service   | started | ready   | ended   | outcome
            1      | ward      | 1 10:00 | 3 10:00 | 3 14:00 | discharged home
            2      | ward      | 1 10:00 | 3 10:00 | 3 14:01 | discharged home
            3      | ward      | 1 10:00 | 3 10:00 | 5 14:00 | to rehabilitation
            4      | ED        | 1 10:00 | 1 11:00 | 1 14:00 | admitted
            5      | ambulance | 1 10:00 | 1 11:00 | 1 11:15 | taken to hospital
            6      | ambulance | 1 10:00 | 1 11:00 | 1 12:00 | taken to hospital
            7      | ward      | 1 10:00 |         | 9 14:00 | discharged home
        """)  # fmt: skip
        assert found.hours() == {2: pytest.approx(1 / 60), 3: 48, 4: 2, 6: 0.75}
        assert found.looked.out_of == 6

    def test_only_nights_in_beds_have_a_price(self):
        found = Finding("ready-not-gone", """
            person | service | started | ready   | ended
            1      | ward    | 1 10:00 | 3 10:00 | 5 14:00
            2      | ED      | 1 10:00 | 1 11:00 | 1 14:00
        """)  # fmt: skip
        assert found.by("money") == {1: 160_000, 2: 0}

    def test_days_of_the_period_alone_count_and_open_stays_to_its_end(self):
        found = Finding("ready-not-gone", """
            person | service | started  | ready    | ended
            1      | ward    | -9 10:00 | -5 10:00 | 2 00:00
            2      | ward    | 28 10:00 | 30 20:00 |
            3      | ward    | 28 10:00 | 30 20:00 | 33 00:00
            4      | ward    | -9 10:00 | -5 10:00 | -4 00:00
        """)  # fmt: skip
        assert found.hours() == {1: 24, 2: 24, 3: 24}
        assert found.by("cause")[2] == "still there"

    def test_by_next_step_as_told_and_by_what_came_next(self):
        found = Finding("ready-not-gone", """
            person | service       | setting       | started | ready   | ended   | outcome
            1      | older         | ward          | 1 10:00 | 3 10:00 | 5 14:00 | to rehabilitation
            1      | rehab         | rehabilitation| 5 13:00 |         |         |
            2      | older         | ward          | 1 10:00 | 3 10:00 | 5 14:00 |
            2      | shop          | pharmacy      | 5 15:00 |         | 5 15:10 |
            2      | nursing       | community     | 6 09:00 |         | 6 10:00 |
            3      | older         | ward          | 1 10:00 | 3 10:00 | 5 14:00 | discharged home
            3      | nursing       | community     | 9 09:00 |         | 9 10:00 |
        """)  # fmt: skip
        assert found.by("cause") == {1: "to rehabilitation", 3: "not told", 6: "discharged home"}
        assert found.by("other") == {1: "rehabilitation", 3: "community", 6: "nothing soon after"}


class TestTakenToHospitalForSomethingMinor:
    CASES = """
        person | service   | started | ready   | ended   | outcome           | urgency | reason
        1      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        1      | ED        | 1 11:10 |         | 1 15:10 | discharged home   | 4       |
        2      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        2      | ED        | 1 11:10 |         | 1 15:11 | discharged home   | 4       |
        3      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        3      | ED        | 1 11:10 |         | 1 13:00 | discharged home   | 2       |
        4      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        4      | ED        | 1 11:10 |         | 1 13:00 | discharged home   |         |
        5      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        5      | ED        | 1 11:10 |         | 1 13:00 | admitted          | 5       |
        6      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
        6      | ED        | 1 11:10 |         | 1 13:00 | sent on           | 5       |
        6      | ward      | 1 19:00 |         |         |                   |         |
        7      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | not conveyed      |         | Fall
        7      | ED        | 1 12:10 |         | 1 13:00 | discharged home   | 5       |
        8      | ambulance | 1 10:00 | 1 11:00 | 1 11:10 | taken to hospital |         | Fall
    """  # fmt: skip

    def test_short_not_urgent_and_home_again(self):
        """Four hours count, a minute more does not; where no urgency is told, the time decides."""
        found = Finding("conveyed-minor", self.CASES)
        assert found.contacts == [1, 7]
        assert found.looked.out_of == 6  # of person 8 no ED is known, person 7 was not conveyed

    def test_time_is_from_reaching_hospital_and_money_the_ed(self):
        found = Finding("conveyed-minor", self.CASES)
        assert found.hours()[1] == pytest.approx(4 + 10 / 60)
        assert set(found.by("money").values()) == {28000}
        assert found.by("cause")[1] == "Fall"
        assert found.by("other")[1] == "discharged home"

    def test_the_ed_that_names_the_ambulance_as_its_cause_comes_before_another(self):
        found = Finding("conveyed-minor", """
            person | service   | started | ended   | outcome           | urgency | cause
            1      | ambulance | 1 10:00 | 1 11:10 | taken to hospital |         |
            1      | ED        | 1 11:00 | 1 12:00 | discharged home   | 1       |
            1      | ED        | 1 11:10 | 1 12:10 | discharged home   | 5       | 1
        """)  # fmt: skip
        assert found.contacts == [1]


class TestTestsDoneAgainElsewhere:
    CASES = """
        person | service | setting     | organisation | requested | started | reason
        1      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | X-ray
        1      | b       | diagnostics | two          | 9 10:00   | 10 10:00| X-ray
        2      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | X-ray
        2      | b       | diagnostics | two          | 29 10:00  | 29 10:01| X-ray
        3      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | X-ray
        3      | a       | diagnostics | one          | 3 10:00   | 3 12:00 | X-ray
        4      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | X-ray
        4      | b       | diagnostics | two          | 3 10:00   | 3 12:00 | CT scan
        5      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | Blood tests
        5      | b       | diagnostics | two          | 4 10:00   | 4 10:00 | Blood tests
        5      | b       | diagnostics | two          | 5 10:00   | 5 10:00 | Blood tests
        6      | a       | diagnostics | one          | 1 08:00   | 1 10:00 | Blood tests
        6      | b       | diagnostics | two          | 4 10:00   | 4 10:01 | Blood tests
    """  # fmt: skip

    def test_the_same_test_within_its_window_by_somebody_else(self):
        """28 days, three for blood; what an organisation does again itself is not counted."""
        found = Finding("repeated-tests", self.CASES)
        assert found.contacts == [2, 10]
        assert found.hours()[2] == 24
        assert found.by("other")[2] == "one"
        assert set(found.by("money").values()) == {13000}
        assert (found.looked.out_of, found.looked.more) == (13, {"alike": 2})

    def test_a_district_may_count_those_of_the_same_organisation_too(self):
        found = Finding("repeated-tests", self.CASES, {"elsewhere_only": False})
        assert found.contacts == [2, 6, 10, 11]

    def test_a_window_of_the_district(self):
        assert Finding("repeated-tests", self.CASES, {"window_days": 8, "windows": {}}).contacts \
            == [10, 13]  # fmt: skip


class TestFollowUpsAfterWhichNothingChanged:
    ONE = """
        person | service | setting     | urgency   | started | ended   | outcome | mode
        1      | heart   | outpatient  | follow-up | 5 10:00 | 5 10:20 | {}      | in person
    """

    def of(self, outcome="follow-up", more="", **how):
        return Finding("follow-ups-unchanged", self.ONE.format(outcome).rstrip() + more, **how)

    def test_a_follow_up_that_led_to_another_one(self):
        found = self.of()
        assert found.hours() == {1: pytest.approx(1 / 3)}
        assert found.by("money") == {1: 14000}
        assert (found.by("cause"), found.by("other")) == ({1: "in person"}, {1: "first"})

    @pytest.mark.parametrize("outcome", ["discharged to practice", "put on the list for surgery"])
    def test_another_outcome_is_a_change(self, outcome):
        found = self.of(outcome)
        assert (found.contacts, found.looked.out_of) == ([], 1)

    @pytest.mark.parametrize("what", ["asked", "medicine"])
    @pytest.mark.parametrize(
        ("at", "changed"),
        [("5 09:59", False), ("5 10:00", True), ("8 10:20", True), ("8 10:21", False)],
    )
    def test_a_request_or_a_medicine_within_three_days_is_a_change(self, what, at, changed):
        assert self.of(**{what: [(1, at)]}).contacts == ([] if changed else [1])
        assert self.of(**{what: [(2, at)]}).contacts == [1]

    def test_a_test_that_was_asked_for_is_a_change(self):
        head = "person|service|setting|urgency|started|ended|outcome|mode|requested|cause\n"
        follow = "1|heart|outpatient|follow-up|5 10:00|5 10:20||in person||\n"
        a_test = head + follow + "1|lab|diagnostics||9 10:00||||5 10:10|"
        caused = head + follow + "1|nursing|community||9 10:00|||||1"
        the_next = head + follow + "1|heart|outpatient|follow-up|25 10:00||||5 10:20|1"
        new = head + follow + "1|shop|pharmacy||5 12:00|||new prescription|5 11:00|"
        again = head + follow + "1|shop|pharmacy||5 12:00|||repeat prescription|5 11:00|"
        contacts = [Finding("follow-ups-unchanged", text).contacts
                    for text in (a_test, caused, the_next, new, again)]  # fmt: skip
        assert contacts == [[], [], [1], [], [1]]


class TestWaitsBeyondTheirTarget:
    def test_days_beyond_the_target_of_the_step(self):
        found = Finding("waits-by-step", """
            person | service | setting          | urgency   | requested | started
            1      | gp      | general practice |           | 1 10:00   | 15 10:00
            2      | gp      | general practice |           | 1 10:00   | 16 10:00
            3      | gp      | general practice |           | 1 10:00   |
            4      | clinic  | outpatient       | two weeks | 1 10:00   | 17 10:00
            5      | clinic  | outpatient       | follow-up | -99 10:00 | 17 10:00
            6      | clinic  | outpatient       | routine   | 1 10:00   | 17 10:00
        """)  # fmt: skip
        assert found.hours() == {2: 24, 3: 24 * 17 - 10, 4: 48}
        assert found.by("cause")[4] == "outpatient, two weeks"
        assert found.by("other")[2] == "target of 14 days"
        assert found.looked.out_of == 5

    def test_only_days_of_the_period_count(self):
        found = Finding("waits-by-step", """
            person | service | setting          | requested  | started
            1      | gp      | general practice | -40 10:00  | 2 00:00
            2      | gp      | general practice | 10 00:00   | 40 00:00
            3      | gp      | general practice | -40 10:00  | -1 00:00
        """)  # fmt: skip
        assert found.hours() == {1: 24, 2: 24 * 8}

    def test_a_step_without_a_target_is_held_against_its_median(self):
        found = Finding("waits-by-step", """
            person | service | setting   | requested | started
            1      | nurses  | community | 1 10:00   | 2 10:00
            2      | nurses  | community | 1 10:00   | 4 10:00
            3      | nurses  | community | 1 10:00   | 9 10:00
        """)  # fmt: skip
        assert found.hours() == {3: 24 * 5}
        assert found.by("other")[3] == "median of 3 days"


class TestMoreIntensiveThanTheAgreedWay:
    """From the ED to a ward, then seen near home within two weeks; or advised by telephone."""

    @pytest.fixture
    def agreed(self, tmp_path):
        return ways(tmp_path)

    def test_back_in_hospital_before_being_seen_near_home(self, agreed):
        found = Finding("more-intensive", """
            person | service | setting          | started | ended
            1      | ED      | ED               | 1 10:00 | 1 13:00
            1      | ward a  | ward             | 1 13:00 | 3 10:00
            1      | ward b  | ward             | 3 11:00 | 5 10:00
            1      | ED      | ED               | 8 10:00 | 8 12:00
            1      | gp      | general practice | 9 10:00 | 9 10:10
            1      | ED      | ED               | 10 10:00| 10 12:00
        """, ways=agreed)  # fmt: skip
        assert found.contacts == [4]
        assert found.by("cause")[4].endswith("Seen again near home")
        assert found.by("other")[4] == "ED"
        assert found.by("money")[4] == 28000 - 1500  # a telephone call is the cheapest asked for
        assert found.looked.out_of == 1  # entries closer than the window are one journey

    def test_care_of_the_rank_that_is_asked_for_is_no_opportunity(self, agreed):
        found = Finding("more-intensive", """
            person | service | setting        | started | ended
            1      | ED      | ED             | 1 10:00 | 1 13:00
            1      | ward a  | ward           | 1 13:00 | 3 10:00
            1      | clinic  | outpatient     | 4 10:00 | 4 10:20
            1      | rehab   | rehabilitation | 5 10:00 | 9 10:00
        """, ways=agreed)  # fmt: skip
        assert found.contacts == []

    def test_advised_by_telephone_and_then_by_ambulance(self, agreed):
        found = Finding("more-intensive", """
            person | service   | setting          | started | ended   | outcome
            1      | calls     | telephone        | 1 10:00 | 1 10:10 | see practice
            1      | ambulance | ambulance        | 2 10:00 | 2 11:00 | taken to hospital
            1      | ED        | ED               | 2 11:00 | 2 13:00 | discharged home
            2      | calls     | telephone        | 1 10:00 | 1 10:10 | see practice
            2      | gp        | general practice | 1 16:00 | 1 16:10 |
            2      | ED        | ED               | 2 11:00 | 2 13:00 | discharged home
            3      | calls     | telephone        | 1 10:00 | 1 10:10 | ambulance sent
            3      | ambulance | ambulance        | 1 10:20 | 1 11:00 | taken to hospital
            4      | calls     | telephone        | 1 10:00 | 1 10:10 | self care
            4      | ED        | ED               | 8 10:00 | 8 11:00 | discharged home
        """, ways=agreed)  # fmt: skip
        assert found.contacts == [2, 3]

    def test_a_way_that_is_not_there_is_told(self):
        found = Finding("more-intensive", "person | service | started\n1 | ED | 1 10:00", ways={})
        assert found.contacts == []
        assert found.looked.more["unknown"] == [
            "advised-to-be-seen-near-home", "admission-through-ed",
        ]  # fmt: skip


class TestAmbulatorySensitiveAdmissions:
    PEOPLE = {
        n: Somebody(person=n, born=-9000, practice="P1" if n <= 100 else "P2")
        for n in range(1, 201)
    }

    def rows(self, first, second, reason="Cellulitis", mode="from ED"):
        """So many admissions of people of the first practice, and of the second."""
        persons = [*range(1, first + 1), *range(101, 101 + second)]
        return [
            {"person": str(n), "service": "ward", "started": "3 10:00", "ended": "6 10:00",
             "reason": reason, "mode": mode, "practice": "P1" if n <= 100 else "P2"}
            for n in persons
        ]  # fmt: skip

    def of(self, rows):
        born = dict.fromkeys(self.PEOPLE, -9000)
        return Finding("ambulatory-sensitive", rows, persons=self.PEOPLE, born=born)

    def test_only_what_lies_above_the_rate_and_is_no_chance(self):
        found = self.of(self.rows(60, 20))
        more = found.looked.more
        assert more["above"] == pytest.approx(20)  # forty each at the district's rate
        assert more["by_chance"] == pytest.approx(2 * 2.5, abs=0.1)  # about sqrt(40 / 2 pi), twice
        assert more["number"] == pytest.approx(15, abs=0.1)
        assert more["low"] < more["number"] < more["high"]
        assert more["best"] == pytest.approx(60 - 20, abs=0.1)
        assert set(found.by("practice").values()) == {"P1"}
        assert sum(found.by("share").values()) == pytest.approx(more["number"])
        assert sum(found.hours().values()) / 72 == pytest.approx(more["number"], abs=1e-3)

    def test_two_practices_that_are_alike_have_nothing_to_avoid(self):
        found = self.of(self.rows(21, 19))
        assert found.looked.more["number"] == 0
        assert sum(found.hours().values()) == 0

    def test_stretches_are_one_spell_and_planned_ones_none(self):
        rows = self.rows(1, 0)
        rows += [{**rows[0], "started": "6 12:00", "ended": "7 10:00"}]
        rows += self.rows(2, 0, mode="planned")[1:]
        rows += self.rows(3, 0, reason="Stroke")[2:]
        assert self.of(rows).looked.out_of == 1


def test_admissions_are_those_of_the_measure_of_the_same_name():
    """The rule counts the spells that the published measure counts, on the same rows."""
    text = """
        person | service | setting | started | ended   | mode             | reason    | practice
        1      | a       | ward    | 1 10:00 | 2 10:00 | from ED          | Cellulitis| P1
        1      | b       | ward    | 2 15:59 | 4 10:00 | transfer         | Stroke    | P1
        1      | b       | ward    | 4 16:01 | 5 10:00 | from ED          | J44.1     | P1
        2      | a       | ward    | 3 10:00 |         | 21               | E86       | P2
        3      | a       | ward    | 3 10:00 | 4 10:00 | planned          | E86       | P2
        4      | a       | ward    | 3 10:00 | 4 10:00 | direct admission | S72       | P2
        4      | a       | ward    | 9 10:00 | 9 11:00 | direct admission | I50.9     | P2
    """  # fmt: skip
    persons = {n: Somebody(person=n, practice="P1" if n == 1 else "P2") for n in range(1, 5)}
    found = Finding("ambulatory-sensitive", text, persons=persons)
    world = World(clock=clock("UTC"), horizon=31 * DAY + moment("1 00:00"), codes=library.codes())
    engine = reference.ready(library.shipped()["ambulatory-sensitive-admissions"], world)
    given = 0
    for person, somebody in persons.items():
        units = [
            history.unit(row[:-1], somebody, world) for row in as_units(text) if row[-1] == person
        ]
        given += sum(each.numerator for each in engine.gives(units, somebody))
    assert found.looked.out_of == given == 4


def as_units(text):
    """Rows of a table as `history.unit` takes them, with the person at the end."""
    return [
        (n, row["service"], "ward", "pas", None, moment(row["started"]), None, moment(row["ended"]),
         None, "", row["mode"], "", row["reason"], "", "", 0, False, int(row["person"]))
        for n, row in enumerate(table(text), 1)
    ]  # fmt: skip


def test_a_period_of_a_year_before_finds_nothing():
    """What lies outside is outside, for every kind."""
    period = Period(start=date(2025, 1, 1), end=date(2025, 2, 1))
    text = "person | service | started | ready | ended\n1 | ward | 3 10:00 | 4 10:00 | 9 10:00"
    assert Finding("ready-not-gone", text, period=period).contacts == []
    assert moment("2 00:00") - moment("1 00:00") == DAY
