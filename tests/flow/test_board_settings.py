"""Boards and alerts set from a page: read before they are kept, and told in the trail."""

import pytest

from onesystem.access.models import Audit
from onesystem.flow.boards.layout import layout

BOARDS = "/settings/boards/boards/"


@pytest.fixture
def seen():
    """What the form says of the file as it was looked at."""
    import re

    def reads(client, address=BOARDS):
        page = client.get(address).content.decode()
        return re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]

    return reads


def test_the_settings_are_told_to_whoever_sees_the_district(signed_in):
    page = signed_in("integration-engineer").get("/settings/boards/").content.decode()
    assert "Beds and flow" in page
    assert "Nurse in charge, then Duty manager" in page
    assert "never" in page  # what nobody is asked for, rather than after a hundred thousand minutes
    assert "Change boards.toml" not in page


def test_a_change_is_looked_at_and_kept(signed_in, busy, seen):
    client = signed_in("administrator")
    text = '[words]\r\nhere = "In beds"'
    looked = client.post(BOARDS, {"text": text, "seen": seen(client)}).content.decode()
    assert "+here = &#34;In beds&#34;" in looked
    assert layout(busy.path).words["here"] == "Here"
    client.post(BOARDS, {"text": text, "seen": seen(client), "keep": "1"})
    assert layout(busy.path).words["here"] == "In beds"
    assert (busy.path / "boards.toml").read_text() == '[words]\nhere = "In beds"\n'
    row = Audit.objects.get(act="boards.set")
    assert row.what == "boards.toml"
    assert "In beds" in str(row.detail)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("boards", "[words]\nher = 'x'", "here"), ("boards", "[words", "Mend the line"),
        ("alerts", "[[alert]]\nname='x'", "has no title"), ("boards", "#" * 100_001, "Write less"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_kept(signed_in, busy, seen, file, text, said):
    client, address = signed_in("administrator"), f"/settings/boards/{file}/"
    given = {"text": text, "seen": seen(client, address), "keep": "1"}
    page = client.post(address, given).content.decode()
    assert "It is not saved" in page
    assert said in page
    assert not (busy.path / f"{file}.toml").exists()


def test_what_somebody_else_changed_meanwhile_is_not_written_over(signed_in, busy, seen):
    client = signed_in("administrator")
    before = seen(client)
    (busy.path / "boards.toml").write_text("[words]\nhere = 'There'\n", encoding="utf-8")
    page = client.post(BOARDS, {"text": "", "seen": before, "keep": "1"}).content.decode()
    assert "was changed meanwhile" in page
    assert layout(busy.path).words["here"] == "There"


def test_a_place_that_is_not_there_is_told(signed_in, busy, seen):
    client = signed_in("administrator")
    text = '[[board]]\nname = "x"\ntitle = "X"\nservices = ["ward-c"]\n'
    page = client.post(BOARDS, {"text": text, "seen": seen(client)}).content.decode()
    assert "names the service" in page


def test_who_may_not_set_them(signed_in):
    client = signed_in("ed-nurse")
    assert client.get("/settings/boards/").status_code == 403
    assert client.post(BOARDS, {"text": "", "keep": "1"}).status_code == 403
