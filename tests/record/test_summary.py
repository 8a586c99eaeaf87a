"""The summary: what sources say alike is one line, what they say differently is marked."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from onesystem.record.summary.assembling import assemble
from onesystem.record.summary.folding import fold
from onesystem.record.summary.presenters import answers, polylines
from onesystem.record.summary.statements import Statement, statement
from onesystem.record.summary.trends import numbers_of, trends
from onesystem.vocabulary.codes import LOINC, SNOMED

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(words="Penicillin", **more):
    """One source's statement; what a test does not name does not matter to it."""
    days = more.pop("days", 0)
    given = {
        "entry": 1, "kind": "AllergyIntolerance", "source": "practice", "words": words,
        "at": AT - timedelta(days=days), "recorded": AT, "known_at": AT,
    }  # fmt: skip
    return Statement(**(given | more))


def words_of(lines):
    """The leading words of lines."""
    return [line.first.words for line in lines]


class TestFolding:
    """The same thing said twice is one line; nothing is dropped."""

    def test_the_same_words_of_two_sources_are_one_line(self):
        """Accents, capitals and punctuation make no difference."""
        lines = fold([said("Penicillin", entry=1), said("PENICILLÍN.", entry=2, source="hospital")])
        assert len(lines) == 1
        assert lines[0].sources == ("hospital", "practice")

    def test_the_same_code_under_other_words_is_one_line(self):
        """A code is a code, however it is worded."""
        coded = {"system": SNOMED, "code": "91936005"}
        lines = fold([said("Allergy to penicillin", **coded), said("PENICILLIN", entry=2, **coded)])
        assert len(lines) == 1

    def test_a_third_statement_joins_two_lines(self):
        """It has the code of the one and the words of the other, in whatever order they come."""
        one = said("Penicillin", entry=1)
        two = said("Allergy to penicillin", entry=2, system=SNOMED, code="91936005")
        both = said("Penicillin", entry=3, system=SNOMED, code="91936005")
        for order in permutations([one, two, both]):
            lines = fold(order)
            assert len(lines) == 1
            assert {s.entry for s in lines[0].statements} == {1, 2, 3}

    def test_another_thing_stays_another_line(self):
        """Nothing is folded on a guess."""
        assert len(fold([said("Penicillin"), said("Amoxicillin", entry=2)])) == 2

    def test_a_conflict_is_marked_with_who_says_what(self):
        """The practice says that it holds, the hospital that it does not."""
        lines = fold([
            said(compared=(("State", "current"),), stands=True),
            said(entry=2, source="hospital", compared=(("State", "no longer"),), stands=False),
        ])  # fmt: skip
        (clash,) = lines[0].conflicts
        assert clash.about == "State"
        assert dict(clash.said) == {"current": ("practice",), "no longer": ("hospital",)}
        assert lines[0].stands is True, "to miss an illness is worse than to ask once more"

    def test_a_source_that_changed_its_mind_is_no_conflict(self):
        """It is held to what it said last."""
        lines = fold([
            said(days=900, compared=(("State", "current"),), stands=True),
            said(entry=2, days=10, compared=(("State", "no longer"),), stands=False),
        ])  # fmt: skip
        assert lines[0].conflicts == ()
        assert lines[0].stands is False

    def test_results_fold_only_at_the_same_moment(self):
        """Two blood pressures are two results, unless two sources send the same one."""
        pressure = {"kind": "Observation", "words": "Blood pressure", "value": "120/80"}
        lines = fold([
            said(**pressure), said(**pressure, entry=2, source="hospital"),
            said(**pressure, entry=3, days=1),
        ])  # fmt: skip
        assert len(lines) == 2

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2"])), max_size=8))
    def test_every_statement_is_kept_once_in_any_order(self, drawn):
        """Folding is a partition, and does not depend on who spoke first."""
        made = [
            said(words, entry=n, system="s" if code else "", code=code, days=n)
            for n, (words, code) in enumerate(drawn)
        ]
        forward = {frozenset(s.entry for s in line.statements) for line in fold(made)}
        backward = {frozenset(s.entry for s in line.statements) for line in fold(made[::-1])}
        assert forward == backward
        assert sorted(e for group in forward for e in group) == list(range(len(made)))


class TestSections:
    """What the page shows, and in what order."""

    def test_an_allergy_and_no_known_allergy_clash(self):
        """Both are shown: one of the two sources is wrong, and it matters which."""
        found = assemble(
            {"AllergyIntolerance": [
                said("Latex"), said("No known allergies", entry=2, source="hospital"),
            ]},
            at=AT,
        )  # fmt: skip
        assert found.allergies_clash
        assert words_of(found.allergies) == ["Latex"]

    def test_silence_is_not_no_allergy(self):
        """The first line says so in words."""
        assert "not the same as none" in answers(assemble({}, at=AT))["warnings"]

    def test_high_risk_comes_first(self):
        """Before newer ones of low risk."""
        found = assemble(
            {"AllergyIntolerance": [
                said("Plasters"),
                said("Peanut", entry=2, days=4000, details=(("Criticality", "high risk"),)),
            ]},
            at=AT,
        )  # fmt: skip
        assert words_of(found.allergies) == ["Peanut", "Plasters"]

    def test_what_is_over_is_apart(self):
        """Resolved problems are not in the way of those that hold."""
        problem = {"kind": "Condition"}
        found = assemble(
            {"Condition": [
                said("Asthma", stands=True, **problem),
                said("Pneumonia", entry=2, stands=False, **problem),
                said("Gout", entry=3, **problem),
            ]},
            at=AT,
        )  # fmt: skip
        assert words_of(found.problems) == ["Gout", "Asthma"] or words_of(found.problems) == [
            "Asthma",
            "Gout",
        ]
        assert words_of(found.past_problems) == ["Pneumonia"]

    def test_a_medicine_shows_who_prescribed_and_who_dispensed(self):
        """One line, from the practice's prescription and the pharmacy's hand-out."""
        handed_out = {"kind": "MedicationDispense", "source": "pharmacy"}
        found = assemble(
            {
                "MedicationRequest": [
                    said("Ramipril 5 mg", kind="MedicationRequest", stands=True, by="Dr A")
                ],
                "MedicationDispense": [
                    said("ramipril 5 mg", entry=2, days=40, **handed_out),
                    said("Ramipril 5 mg", entry=3, days=10, **handed_out),
                ],
            },
            at=AT,
        )  # fmt: skip
        (medicine,) = found.medicines
        assert medicine.prescribed.first.by == "Dr A"
        assert medicine.dispensed.first.entry == 3

    def test_a_medicine_handed_out_without_a_prescription_is_shown_for_a_while(self):
        """A pharmacy may know of one that no practice sent; after half a year it is over."""
        given_out = {"kind": "MedicationDispense", "source": "pharmacy"}
        found = assemble(
            {"MedicationDispense": [
                said("Codeine", days=20, **given_out), said("Iron", entry=2, days=300, **given_out),
            ]},
            at=AT,
        )  # fmt: skip
        assert [m.words for m in found.medicines] == ["Codeine"]
        assert [m.words for m in found.past_medicines] == ["Iron"]


class TestTrends:
    """Results over time: oldest left, newest right."""

    def results(self, *values, unit="mmol/L"):
        return [
            said("Potassium", kind="Observation", entry=n, days=30 - n, value=v, unit=unit,
                 system=LOINC, code="2823-3")
            for n, v in enumerate(values)
        ]  # fmt: skip

    def test_the_newest_leads_and_the_points_run_forward(self):
        """Whatever order they came in."""
        (trend,) = trends(reversed(self.results("4.1", "4.4", "5.9")))
        assert trend.latest.first.value == "5.9"
        assert [p.numbers for p in trend.points] == [(4.1,), (4.4,), (5.9,)]
        assert trend.change == "higher"

    def test_another_unit_is_not_drawn_on_the_same_line(self):
        """A line through mmol and mg would lie."""
        mixed = [*self.results("4.1", "4.2"), *self.results("16", unit="mg/dL")]
        (trend,) = trends(mixed)
        assert len({p.numbers for p in trend.points}) == len(trend.points)
        assert (16.0,) not in {p.numbers for p in trend.points} or len(trend.points) == 1

    def test_words_are_not_numbers(self):
        """ "Abnormal" has no place on a line; neither has a range."""
        assert numbers_of("abnormal") == numbers_of("3-4") == numbers_of("") == ()

    def test_a_pressure_draws_two_lines_on_one_scale(self):
        """Systolic and diastolic."""
        pressure = [
            said("Blood pressure", kind="Observation", entry=n, days=9 - n, value=v, unit="mmHg")
            for n, v in enumerate(["120/80", "150/90"])
        ]
        (trend,) = trends(pressure)
        assert len(polylines(trend)) == 2


def test_a_statement_reads_a_broken_resource():
    """What came may have any shape: a part that is not as FHIR says reads as empty."""
    row = (1, "MedicationRequest", "x", 0, 0, 0, "", "", "Iron", "active", "", "")
    broken = {"dosageInstruction": "twice", "note": [3], "reaction": {}, "requester": "me",
              "category": 7, "interpretation": ["H"], "referenceRange": [[]]}  # fmt: skip
    read = statement(row, broken)
    assert read.words == "Iron"
    assert read.stands is True
