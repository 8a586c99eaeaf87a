"""People are found by the names they had and by the later parts of a family name."""

import importlib
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.apps import apps
from django.db import connection

from onesystem.access import Actor
from onesystem.people import forget_map, meet, meet_table, person_of, queries, store
from onesystem.people.models import Alias
from onesystem.people.names import alias_keys
from onesystem.vocabulary import PersonSeen

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFFICER = Actor.job("records office")
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(district):
    return district


def seen(family, *, subject="A", at=NOW, others=(), given="M\u0101ia"):
    return PersonSeen(
        subject=subject, at=at, family=family, given=given, other_names=others,
        birth_date=date(1980, 3, 2),
    )  # fmt: skip


def found(text):
    return [hit.person for hit in queries.search(text, by=OFFICER)]


@pytest.mark.parametrize(
    ("family", "others", "keys"),
    [
        ("Ngata", (), set()),
        ("O'Brien", (), set()),
        ("", (), set()),
        ("Smith-Jones", (), {("jones", "maia")}),
        ("van der Berg", (), {("derberg", "maia"), ("berg", "maia")}),
        ("Walker", (("Ngata", ""), ("Walker", "Maia")), {("ngata", "maia")}),
        ("Walker", (("Smith Jones", "Mary"),), {("smithjones", "mary"), ("jones", "mary")}),
    ],
)
def test_the_keys_of_other_names(family, others, keys):
    assert alias_keys(family, "M\u0101ia Jane", others) == keys


class TestLive:
    @pytest.mark.parametrize(
        "text", ["ngata", "Maia Ngata", "NGATA 2/3/1980", "nga maia", "walker", "hughes maia"]
    )
    def test_a_name_that_a_source_replaced_or_calls_a_former_one(self, text):
        told = [seen("Ngata"), seen("Walker", at=NOW + DAY, others=(("Hughes", "M\u0101ia"),))]
        for message, one in enumerate(told):
            ids = meet([("pas", message, one)], known_at=NOW)
        meet([("pas", 9, seen("Other", subject="B", given="Tom"))], known_at=NOW)
        assert found(text) == [ids["pas", "A"]]

    def test_late_names_end_in_the_same_rows(self):
        told = [("pas", i, seen(f, at=NOW + i * DAY)) for i, f in enumerate(("Ngata", "De Wit"))]
        rows = []
        for some in (told, told[::-1]):
            forget_map()
            assert not Alias.objects.exists()
            for one in some:
                meet([one], known_at=NOW)
            rows.append(sorted(Alias.objects.values_list("family_key", "given_key")))
        assert rows == [[("ngata", "maia"), ("wit", "maia")]] * 2

    def test_most_people_have_no_row_of_their_own(self):
        meet([("pas", 1, seen("Ngata")), ("pas", 1, seen("O'Brien", subject="B"))], known_at=NOW)
        assert not Alias.objects.exists()


class TestBulk:
    FAMILIES = ("Smith-Jones", "Ngata", "van der Berg", "O'Neill", "Fern\u00e1ndez L\u00f3pez")

    def table(self):
        return pa.table(
            {
                "subject": [str(i) for i in range(len(self.FAMILIES))],
                "family": self.FAMILIES,
                "given": ["Mary", "Tom", "Ada", "Joe", "Ana"],
            }
        )

    def test_says_the_same_as_one_by_one(self):
        meet_table(self.table(), source="x", message=1, known_at=NOW, link=False)
        rows = sorted(Alias.objects.values_list("family_key", "given_key"))
        assert rows == [
            ("berg", "ada"), ("derberg", "ada"), ("jones", "mary"), ("lopez", "ana"),
        ]  # fmt: skip
        assert len(found("jones")) == len(found("mary jones")) == len(found("lop ana")) == 1
        assert len(found("ada berg")) == len(found("van der berg")) == 1

    def test_somebody_with_two_names_in_one_extract(self):
        table = pa.table({"subject": ["1", "1"], "given": ["Tom"] * 2,
                          "family": ["Ngata", "Walker"],
                          "at": ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]})  # fmt: skip
        made = meet_table(table, source="x", message=1, known_at=NOW, link=False)
        (identity,) = made["identity"].to_pylist()
        assert found("tom ngata") == found("walker") == [person_of([identity])[identity]]


def test_those_who_were_there_before_get_their_rows():
    """The migration makes the rows that meeting them would have made."""
    for message, one in enumerate((seen("Ngata"), seen("De Wit", at=NOW + DAY))):
        meet([("pas", message, one)], known_at=NOW)
    rows = sorted(Alias.objects.values_list("family_key", "given_key", "identity"))
    store.run("DELETE FROM people_alias")
    migration = importlib.import_module("onesystem.people.migrations.0003_alias")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert sorted(Alias.objects.values_list("family_key", "given_key", "identity")) == rows
