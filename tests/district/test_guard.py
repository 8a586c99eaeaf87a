"""The `[access]` of district.toml, and what is sensitive: checked when the file is read."""

import pytest

from onesystem.district import Guard, load
from onesystem.vocabulary import BadConfig


@pytest.fixture
def read(district):
    """Read the small district with more lines."""

    def reads(more, old="", new=""):
        file = district.path / "district.toml"
        text = file.read_text(encoding="utf-8").replace(old, new) + more
        file.write_text(text, encoding="utf-8")
        return load(district.path)

    return reads


def test_a_district_that_says_nothing_has_careful_defaults(district):
    assert district.guard == Guard()
    assert district.guard.window_days == 30


def test_it_says_what_it_leaves_open(read):
    guard = read(
        "\n[access]\nwindow_days = 7\nopted_out_break_glass = false\n"
        '[access.labels]\n"http://snomed.info/sct|7631*" = "sexual-health"\n'
    ).guard
    assert (guard.window_days, guard.opted_out_break_glass) == (7, False)
    assert guard.labels == {"http://snomed.info/sct|7631*": "sexual-health"}


def test_services_and_sources_say_what_is_sensitive(read):
    here = read("", 'name = "District nursing"', 'sensitive = ["addiction"]\nname = "Nursing"')
    assert here.services["nursing"].sensitive == ("addiction",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[access]\nwindow_day = 7", "Did you mean 'window_days'"),
        ("[access]\nwindow_days = 91", "from 0 to 90"),
        ("[access]\nbreak_glass_hours = 0", "from 1 to 24"),
        ("[access]\nreauthenticate = 1", "true or false"),
        ('[access.labels]\n"x|1" = "sexual health"', "Did you mean 'sexual-health'"),
        ('[access.labels]\n"x" = "addiction"', "names no code"),
        ('[sources.x]\nsensitive = ["mental"]', "Did you mean 'mental-health'"),
    ],
)
def test_a_mistake_is_named_with_its_cure(read, lines, said):
    with pytest.raises(BadConfig, match=said):
        read("\n" + lines + "\n")
