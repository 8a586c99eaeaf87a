"""When a flag is raised and when not: tables that a clinician can read, boundaries included.

Times are how long ago: `10d 3h` is ten days and three hours before the list is worked out.
"""


class TestManyOrganisations:
    """Four organisations or more in 90 days, and no care plan."""

    SEEN = """
        person | setting          | organisation | from
        1      | general practice | practice     | 80d
        1      | ward             | hospital     | 60d
        1      | community        | community    | 30d
        1      | home care        | council      | 10d
        2      | general practice | practice     | 91d
        2      | ward             | hospital     | 60d
        2      | community        | community    | 30d
        2      | home care        | council      | 10d
        3      | general practice | practice     | 80d
        3      | ward             | hospital     | 60d
        3      | community        | community    | 30d
        3      | pharmacy         | chemist      | 10d
    """

    def test_four_within_90_days_raise_it(self, contacts, flagged):
        """The second's first is 91 days ago; the third's fourth is a pharmacy."""
        contacts(self.SEEN)
        assert flagged("many-organisations") == {1: 4}

    def test_nobody_with_a_care_plan_is_flagged(self, duck, contacts, flagged):
        contacts(self.SEEN)
        duck.execute("INSERT INTO plan VALUES (1)")
        assert flagged("many-organisations") == {}

    def test_a_service_of_no_known_organisation_counts_as_none(self, contacts, flagged):
        contacts(self.SEEN.replace("council  ", "         "))
        assert flagged("many-organisations") == {}


class TestMissedHandOver:
    """Left a ward or an ED with a follow-up expected, and none began in time."""

    def test_who_is_met_in_time_is_not_missed(self, contacts, flagged):
        """Two days for care at home: to the second."""
        contacts("""
            person | setting   | from | to     | outcome
            1      | ward      | 20d  | 10d    | discharged home with care
            1      | community | 8d   | 8d     |
            2      | ward      | 20d  | 10d    | discharged home with care
            2      | community | 7d 23h | 7d 23h |
            3      | ward      | 20d  | 10d    | discharged home with care
        """)
        assert flagged("missed-hand-over") == {2: 1, 3: 1}

    def test_a_time_that_is_not_over_is_not_missed(self, contacts, flagged):
        contacts("""
            person | setting | from | to  | outcome
            1      | ED      | 13d 5h | 13d | referred to practice
            2      | ED      | 14d 5h | 14d | referred to practice
        """)
        assert flagged("missed-hand-over") == {2: 1}

    def test_who_is_back_in_a_ward_or_in_such_care_already_is_not_missed(self, contacts, flagged):
        contacts("""
            person | setting   | from | to  | outcome
            1      | ward      | 20d  | 10d | discharged home with care
            1      | ward      | 9d   | 5d  |
            2      | home care | 90d  |     |
            2      | ward      | 20d  | 10d | discharged home with care
        """)
        assert flagged("missed-hand-over") == {}

    def test_other_outcomes_expect_nothing_and_the_wrong_service_is_no_follow_up(
        self, contacts, flagged
    ):
        contacts("""
            person | setting    | from | to  | outcome
            1      | ward       | 20d  | 10d | discharged home
            2      | ED         | 50d  | 49d | Referred to clinic
            2      | pharmacy   | 40d  | 40d |
            3      | ED         | 50d  | 49d | referred to clinic
            3      | outpatient | 7d   | 7d  |
        """)
        assert flagged("missed-hand-over") == {2: 1}

    def test_a_request_of_the_stay_that_nobody_answered(self, duck, contacts, flagged):
        """Made during the stay or a day after; 14 days without a contact there are too many."""
        contacts("""
            person | setting   | service | from | to  | outcome
            1      | ward      | ward-a  | 30d  | 20d | discharged home
            2      | ward      | ward-a  | 30d  | 20d | discharged home
            2      | community | nursing | 7d   | 7d  |
            3      | ward      | ward-a  | 20d  | 13d | discharged home
        """)
        for person, ago in ((1, 21), (2, 21), (3, 14)):
            duck.execute(
                "INSERT INTO request VALUES (?, 'nursing', 'pas',"
                " TIMESTAMPTZ '2026-11-22 12:00:00+00' - to_days(?))",
                [person, ago],
            )
        assert flagged("missed-hand-over") == {1: 1}


class TestDuplicatedTests:
    """The same test again within 28 days of a normal result; blood tests within 3 days."""

    def test_by_test_result_and_interval(self, contacts, flagged):
        contacts("""
            person | setting     | reason      | outcome  | from
            1      | diagnostics | CT scan     | normal   | 60d
            1      | diagnostics | ct scan     |          | 32d
            2      | diagnostics | CT scan     | normal   | 61d
            2      | diagnostics | CT scan     |          | 32d
            3      | diagnostics | CT scan     | abnormal | 60d
            3      | diagnostics | CT scan     | normal   | 50d
            4      | diagnostics | CT scan     | normal   | 60d
            4      | diagnostics | MRI scan    | normal   | 50d
            5      | diagnostics | Blood tests | normal   | 60d
            5      | diagnostics | Blood tests | normal   | 56d
            6      | diagnostics | Blood tests | normal   | 60d
            6      | diagnostics | Blood tests | normal   | 57d
        """)
        assert flagged("duplicated-tests") == {1: 1, 6: 1}


class TestRepeatedAdmissions:
    """Three emergency admissions or more in 365 days."""

    def test_stretches_within_six_hours_are_one_admission(self, contacts, flagged):
        contacts("""
            person | setting | mode    | from | to
            1      | ward    | from ED | 300d | 290d
            1      | ward    | from ED | 200d | 190d
            1      | ward    | from ED | 100d | 90d
            2      | ward    | from ED | 300d | 290d
            2      | ward    | from ED | 200d | 190d
            2      | ward    | from ED | 189d 18h | 180d
            3      | ward    | from ED | 300d | 290d
            3      | ward    | from ED | 200d | 190d
            3      | ward    | from ED | 189d 17h | 180d
        """)
        assert flagged("repeated-admissions") == {1: 3, 3: 3}

    def test_planned_ones_and_those_of_last_year_do_not_count(self, contacts, flagged):
        contacts("""
            person | setting | mode    | from | to
            1      | ward    | from ED | 365d | 350d
            1      | ward    | 21      | 200d | 190d
            1      | ward    | 28      | 100d | 90d
            2      | ward    | from ED | 364d | 350d
            2      | ward    | planned | 200d | 190d
            2      | ward    | from ED | 100d | 90d
            3      | ward    | from ED | 364d | 350d
            3      | ward    | 21      | 200d | 190d
            3      | ward    | direct admission | 100d |
        """)
        assert flagged("repeated-admissions") == {3: 3}


class TestPolypharmacy:
    """Ten different medicines that stand, by two prescribers or more."""

    def test_the_least_of_medicines_and_of_prescribers(self, duck, flagged):
        for person, many, prescribers in ((1, 10, 2), (2, 9, 2), (3, 12, 1)):
            for number in range(many):
                duck.execute(
                    "INSERT INTO medicine VALUES (?, ?, ?, 'gp', TIMESTAMPTZ '2026-10-01')",
                    [person, f"medicine {number}", f"prescriber {number % prescribers}"],
                )
        assert flagged("polypharmacy") == {1: 10}


class TestHighIntensity:
    """Five contacts with an ED in 12 months; the ambulance's two windows; the top tenth."""

    def test_five_times_to_an_ed(self, contacts, flagged):
        rows = ["person | setting | from"]
        rows += [f"1 | ED | {ago}d" for ago in (364, 200, 100, 50, 1)]
        rows += [f"2 | ED | {ago}d" for ago in (365, 200, 100, 50, 1)]
        contacts("\n".join(rows))
        assert flagged("high-intensity-ed") == {1: 5}

    def test_the_ambulance_five_in_a_month_or_twelve_in_three(self, contacts, flagged):
        """Of adults alone: the fourth is 17."""
        rows = ["person | setting | age | from"]
        rows += [f"1 | ambulance | 18 | {ago}d" for ago in (30, 20, 10, 5, 1)]
        rows += [f"2 | ambulance | 40 | {ago}d" for ago in (31, 20, 10, 5, 1)]
        rows += [f"3 | ambulance | 40 | {ago}d" for ago in range(80, 20, -5)]
        rows += [f"4 | ambulance | 17 | {ago}d" for ago in (30, 20, 10, 5, 1)]
        contacts("\n".join(rows))
        assert flagged("high-intensity-ambulance") == {1: 5, 3: 12}

    def test_a_frequent_attender_is_over_the_ninth_decile_of_their_like(self, contacts, flagged):
        rows = ["person | setting | from"]
        rows += [f"{p} | general practice | {p + 1}d" for p in range(2, 21)]
        rows += [f"1 | general practice | {ago * 20}d" for ago in range(1, 13)]
        rows += [f"30 | general practice | {ago * 20}d" for ago in range(1, 12)]
        contacts("\n".join(rows))
        assert flagged("high-intensity-practice") == {1: 12}


class TestFewDaysAtHome:
    """Thirty nights or more in wards and rehabilitation beds."""

    def test_a_night_in_two_places_is_one(self, contacts, flagged):
        contacts("""
            person | setting        | from | to
            1      | ward           | 100d | 90d
            1      | rehabilitation | 90d  | 70d
            2      | ward           | 100d | 85d
            2      | rehabilitation | 90d  | 71d
            3      | care home      | 300d |
            4      | ward           | 30d  |
        """)
        assert flagged("few-days-at-home") == {1: 30, 4: 30}

    def test_nights_before_the_year_do_not_count(self, contacts, flagged):
        contacts("""
            person | setting | from | to
            1      | ward    | 390d | 336d
            2      | ward    | 390d | 335d
        """)
        assert flagged("few-days-at-home") == {2: 30}
