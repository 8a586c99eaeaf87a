"""Every file of the shared data is read, or set aside with a reason that a person can act on."""

from collections import Counter

import pytest

from onesystem.feeds.extract import dry_run
from onesystem.vocabulary import BadInput

pytestmark = pytest.mark.django_db

ROWS = {
    "mimic_iii_demo/patients.parquet": 100,
    "mimic_iii_demo/admissions.parquet": 129,
    "mimic_iii_demo/transfers.parquet": 524,
    "mimic_iii_demo/callout.parquet": 77,
    "mimic_iii_demo/labevents.parquet": 76_074,
    "mimic_iii_demo/prescriptions.parquet": 10_398,
    "mimic_iii_demo/diagnoses_icd.parquet": 1_761,
    "mimic_iii_demo/microbiologyevents.parquet": 2_003,
    "sepsis/sepsis_events.parquet": 15_214,
    "hospital_gynaecology/hospital_events.parquet": 150_291,
    "ed_visits_patientflow/ed_visit_snapshots.parquet": 79_713,
    "ed_visits_patientflow/inpatient_arrivals.parquet": 12_636,
}


def _tried(file, district, **more):
    return dry_run(file, source=district.source("shared"), district=district, limit=5, **more)


def _tried_or_refused(file, district):
    try:
        return _tried(file, district)
    except BadInput as refusal:
        return refusal


def test_every_file_is_read_or_set_aside_with_a_cure(shared_data, district):
    files = [
        file
        for folder in ("event_logs", "linkage")
        for file in sorted((shared_data / folder).rglob("*"))
        if file.is_file()
    ]
    assert len(files) > 40
    for file in files:
        name = f"{file.parent.name}/{file.name}"
        done = _tried_or_refused(file, district)
        if isinstance(done, BadInput):
            assert name not in ROWS, f"{name}: {done}"
            assert done.rule.startswith("extract."), name
            assert done.rule != "extract.no-mapping", f"{name} deserves its own reason"
            assert done.cure, name
            continue
        assert done.rows_refused == 0, name
        assert done.rows_read == ROWS.get(name, done.rows_read), name


def test_the_sepsis_log_keeps_its_published_counts(shared_data, district):
    """1,050 cases, one of them called NA; the events by activity as published."""
    file = shared_data / "event_logs" / "sepsis" / "sepsis_events.parquet"
    done = dry_run(file, source=district.source("s"), district=district, limit=100_000)

    entries = Counter(each["code"] for each in done.entries)
    acts = Counter(each["act"] for each in done.events)
    assert entries == {
        "Leucocytes": 3383, "CRP": 3262, "LacticAcid": 1466, "IV Antibiotics": 823,
        "IV Liquid": 753,
    }  # fmt: skip
    assert acts == {
        "start": 1050 + 294,
        "move": 1182 + 117,
        "note": 1053 + 1049,
        "end": 671 + 56 + 25 + 24 + 6,
    }
    cases = {each["visit"] for each in (*done.events, *done.entries)}
    assert len(cases) == 1050
    assert "NA" in cases


def test_a_dry_run_shows_contacts_in_words_and_keeps_nothing(district, data):
    from onesystem import people

    file = data / "extract" / "ed" / "ed_visit_snapshots.parquet"
    done = _tried(file, district)

    assert done.rows_read == 120
    assert len(done.contacts) == 5
    assert done.contacts[0]["started"] == "2031-03-01 00:18:25"
    assert done.contacts[0]["service"] == "shared/ED"
    assert {"extract.future", "unmapped-place"} == {r.rule for r in done.remarks}
    assert people.people_count() == 0
    lines = "\n".join(done)
    assert "rows: 120 would be read, 0 refused" in lines
    assert "service shared/ED" in lines


def test_a_dry_run_of_a_text_and_of_a_name(district, data):
    from onesystem.feeds.extract.library import SHIPPED

    file = data / "extract" / "febrl" / "febrl_cut.csv.gz"
    by_name = _tried(file, district, mapping="febrl")
    by_text = _tried(file, district, mapping=(SHIPPED / "febrl.toml").read_text())

    assert by_name.people == by_text.people
    assert by_name.people[0]["family"]
    assert by_name.as_dict()["mapping"] == "febrl"
