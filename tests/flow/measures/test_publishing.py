"""A district's own measures previewed, published, withdrawn; and questions that are too big."""

from datetime import date

import pytest

from onesystem.access import Actor
from onesystem.contacts.log import scan
from onesystem.flow import measures
from onesystem.flow.measures import library, previewing, publishing
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted

JOB = Actor.job("tests")
FILE = """name = "{name}"
title = "Ours"
words = "Contacts with an ED."
version = {version}
shape = "row"
unit = "count"
source = "us"
source_date = 2026-01-01
population = 'setting == "ED"'
denominator = "none"
"""


def publish(name="ours", version=1):
    """Publish a measure's file."""
    return publishing.publish(FILE.format(name=name, version=version), where="ours.toml", by=JOB)


@pytest.mark.django_db
class TestPublishing:
    def test_a_published_measure_is_in_the_library(self, district):
        publish()
        assert library.library()["ours"].title == "Ours"

    def test_a_version_is_published_once(self, district):
        publish()
        with pytest.raises(BadConfig, match="version 1 of ours is taken") as said:
            publish()
        assert "version = 2" in str(said.value.cure)

    def test_it_takes_the_place_of_a_shipped_one_with_the_next_version(self, district):
        with pytest.raises(BadConfig, match="taken"):
            publish("ed-attendances", 1)
        publish("ed-attendances", 2)
        assert library.library()["ed-attendances"].title == "Ours"

    def test_what_is_withdrawn_is_gone_and_the_shipped_one_counts_again(self, district):
        publish("ed-attendances", 2)
        publishing.withdraw("ed-attendances", by=JOB)
        assert library.library()["ed-attendances"].title != "Ours"
        assert [gone for *_, gone in publishing.versions("ed-attendances")] == [True]

    def test_nothing_to_withdraw(self, district):
        with pytest.raises(NotFound):
            publishing.withdraw("ours", by=JOB)

    def test_not_everybody_may(self, district):
        viewer = Actor(name="vi", roles=frozenset({"viewer"}), kind="person")
        with pytest.raises(NotPermitted):
            publishing.publish(FILE.format(name="ours", version=1), where="f", by=viewer)


class TestLimits:
    """A question that would take the machine down is stopped, and says what to do."""

    WIDE = "SELECT count(*) FROM range(10000000000) AS a(i) WHERE hash(i) % 7 = 3"

    def test_one_that_takes_too_long(self):
        duck = scan.connect(threads=1)
        with (
            pytest.raises(previewing.TooLong, match="longer than 0 seconds"),
            previewing.limited(duck, 0.2),
        ):
            duck.execute(self.WIDE).fetchall()
        assert duck.execute("SELECT 1").fetchone() == (1,)

    def test_one_that_needs_too_much_room(self):
        duck = scan.connect(memory="20MB", threads=1)
        duck.execute("SET max_temp_directory_size = '1MB'")
        with pytest.raises(previewing.TooLong, match="more room"), previewing.limited(duck, 60):
            duck.execute("SELECT list(i::VARCHAR) FROM range(5000000) AS a(i)").fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"start": date(2026, 2, 1), "end": date(2026, 1, 1)}, "no day lies from 2026-02-01"),
        ({"start": date(1, 1, 1), "end": date(9999, 1, 1), "every": "day"}, "more than can be"),
    ],
)
def test_days_that_cannot_be_asked_for(district, asked, said):
    with pytest.raises(BadConfig, match=said):
        measures.figures("ed-4-hours", asker=Actor.job("tests"), **asked)


def test_a_file_that_is_no_text(tmp_path):
    file = tmp_path / "measure.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadConfig, match=r"measure\.toml: byte 0 is not UTF-8\. Save the file"):
        previewing.measure_of("", file)
