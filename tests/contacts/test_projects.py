"""Pseudonyms by project: what leaves the district under them, and who turns one back."""

import csv
import io
import stat

import pytest
from stays import append, old, open_one, rows

from onesystem.access import Actor
from onesystem.access.models import Audit
from onesystem.contacts import masking
from onesystem.contacts.exporting import Asked
from onesystem.people import projects
from onesystem.people.models import Identity
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted

pytestmark = pytest.mark.django_db(transaction=True)
BY = Actor.job("command line")
OFFICER = Actor(name="olu", roles=frozenset({"privacy-officer"}), kind="person")
WHY = {"purpose": "safety recall", "reason": "an implant is called back"}


@pytest.fixture
def district(district):
    Identity.objects.create(id=7, source="pas", subject="p7", person=7, family="Ngata",
                            birth_date="1950-03-04", sex="female", postcode="NR2 4HG")  # fmt: skip
    append(rows(old(reason="Aroha Ngata fell", by="Dr Ward"), open_one()))
    for name in ("falls", "beds"):
        projects.new(name, by=BY)
    return district


def exported(name, form="csv"):
    out = io.BytesIO()
    masking.export(Asked(), by=BY, out=out, form=form, project=name)
    return out.getvalue()


def test_the_key_is_the_owners_alone_and_one_that_others_read_is_refused(district):
    path = projects._path("falls")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert repr(projects.project("falls")) == "Project('falls')"
    path.chmod(0o644)
    with pytest.raises(BadConfig, match="chmod 600"):
        projects.project("falls")


def test_a_project_is_made_once_and_named_simply(district):
    for name in ("falls", "../x", ""):
        with pytest.raises(BadConfig):
            projects.new(name, by=BY)
    with pytest.raises(NotFound):
        projects.project("fals")


def test_nothing_tells_who_somebody_is(district):
    text = exported("falls").decode()
    for word in ("Ngata", "Ward", "1950-03", "4HG"):
        assert word not in text
    cells = {cell for line in csv.reader(io.StringIO(text)) for cell in line}
    assert not cells & {"p7", "A1"}  # a pseudonym may hold two letters of anything
    row = next(csv.DictReader(io.StringIO(text)))
    told = (row["birth_year"], row["sex"], row["postcode_district"])
    assert told == ("1950", "female", "NR2")
    assert exported("falls", "parquet")[:4] == b"PAR1"


def test_one_person_has_one_pseudonym_in_a_project_and_another_in_the_next(district):
    def persons(name):
        return {r["person"] for r in csv.DictReader(io.StringIO(exported(name).decode()))}

    assert len(persons("falls")) == 1
    assert persons("falls") == persons("falls")
    assert not persons("falls") & persons("beds")


def test_small_groups_are_not_counted(district):
    assert masking.counts(Asked(), by=BY, project="falls", groups=["sex"]) == [
        ("female", None, None)
    ]
    with pytest.raises(BadConfig):
        masking.counts(Asked(), by=BY, project="falls", groups=["person"])


def test_only_an_officer_turns_one_back_for_a_purpose_and_it_is_told(district):
    pseudonym = projects.project("falls").person(7)
    assert projects.reidentify("falls", pseudonym, by=OFFICER, **WHY) == 7
    last = Audit.objects.order_by("id").last()
    assert (last.act, last.person, last.purpose) == ("person.reidentified", 7, "safety recall")
    assert pseudonym not in last.detail
    analyst = Actor(name="ana", roles=frozenset({"analyst"}), kind="person")
    for by in (analyst, BY):
        with pytest.raises(NotPermitted):
            projects.reidentify("falls", pseudonym, by=by, **WHY)
    with pytest.raises(BadConfig):
        projects.reidentify("falls", pseudonym, by=OFFICER, purpose="", reason="x")
    with pytest.raises(NotFound):
        projects.reidentify("beds", pseudonym, by=OFFICER, **WHY)


@pytest.mark.parametrize(("postcode", "district_"), [
    ("NR2 4HG", "NR2"), ("sw1a1aa", "SW1A"), ("8011", "80"), ("", ""), ("X", ""),
])  # fmt: skip
def test_districts_of_postcodes(postcode, district_):
    assert projects.outward(postcode) == district_
