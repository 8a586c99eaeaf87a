"""What a mapping may say, and how a slip in it is answered."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.feeds.extract import keys
from onesystem.feeds.extract.library import SHIPPED, choose, library, plain
from onesystem.feeds.extract.mapping import parse
from onesystem.vocabulary import BadConfig

ROOT = Path(__file__).resolve().parents[2]
LEAST = """
name = "visits"
version = 1
[contact]
key = "id"
subject = "who"
service = "ward"
started = "in"
"""


def test_the_least_mapping():
    mapping = parse(LEAST)

    assert (mapping.name, mapping.version) == ("visits", 1)
    assert mapping.columns() == {"id", "who", "ward", "in"}


SLIPS = [
    (LEAST.replace("started", "startd"), "contact.startd", "'started'"),
    (LEAST.replace('"in"', '{ colum = "in" }'), "contact.started.colum", "'column'"),
    (LEAST + 'setting = { fixed = "wards" }', "contact.setting", "'ward'"),
    (LEAST.replace('started = "in"', ""), "contact.started is missing", "four times"),
    (LEAST.replace('key = "id"', ""), "contact.key is missing", "the source's own key"),
    (LEAST.replace('subject = "who"', ""), "contact.subject is missing", "anonymous = true"),
    (LEAST.replace("version = 1", ""), "version", "version = 1"),
    (LEAST.replace('"in"', '{ column = "in", fixed = "x" }'), "column and fixed", "exactly one"),
    (LEAST.replace('"in"', '{ column = "in", before = { hour = "x" } }'), "hour", "'hours'"),
    (LEAST + '[file]\nencoding = "utf-9"', "utf-9", "cp1252"),
    (LEAST + '[file]\nzone = "Europe/Londn"', "Londn", "Europe/London"),
    (LEAST + '[file]\ndelimiter = ",,"', "delimiter", "one plain character"),
    (LEAST + '[lookup]\nfile = "../x.csv"\non = "a"\nkey = "a"', "lookup.file", "same folder"),
    (LEAST + '[[events]]\nvisit = "id"\nat = "in"\nact = "begin"', "'begin'", "'"),
    (LEAST + '[[events]]\nvisit = "id"\nat = "in"', "events[0].act", "activity"),
    ("name = ", "not TOML", "Mend"),
    ('name = "x"\nversion = 1', "makes nothing", "[contact]"),
]


@pytest.mark.parametrize(("text", "names", "cure"), SLIPS, ids=[s[1] for s in SLIPS])
def test_a_slip_is_named_with_its_cure(text, names, cure):
    with pytest.raises(BadConfig) as slip:
        parse(text)
    assert names in slip.value.what
    assert cure in slip.value.cure


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_mapping_or_a_bad_config(text):
    """A mapping may come from a stranger: nothing but BadConfig ever comes of it."""
    try:
        parse(text)
    except BadConfig as error:
        cured = bool(error.cure)
        assert cured


ANYTHING = st.one_of(
    st.text(max_size=5), st.integers(), st.booleans(), st.lists(st.text(max_size=3), max_size=2)
)
PLAIN_TABLES = sorted(set(keys.TABLES) - {"mapping", "value", "when"})


@settings(deadline=None)
@given(st.sampled_from(PLAIN_TABLES).flatmap(
    lambda name: st.tuples(
        st.just(name), st.dictionaries(st.sampled_from(sorted(keys.TABLES[name])), ANYTHING)
    )
))  # fmt: skip
def test_any_table_is_read_or_answered(made):
    name, table = made
    lines = [f"{key} = {_toml(value)}" for key, value in table.items()]
    try:
        parse(f'name = "x"\nversion = 1\n[{name}]\n' + "\n".join(lines))
    except BadConfig as error:
        cured = bool(error.cure)
        assert cured


def _toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(c):08X}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
        )
    return str(value)


def test_every_shipped_mapping_is_sound_and_finds_files():
    shelf = library(None)

    assert len(shelf) == len(list(SHIPPED.glob("*.toml"))) > 15
    for each in shelf:
        assert each.mapping.about, each.mapping.name
        assert each.mapping.having, each.mapping.name
        assert (SHIPPED / f"{each.mapping.name}.toml").exists(), "a file is named as its mapping"
        if each.mapping.lookup:
            assert (SHIPPED / each.mapping.lookup.file).exists()


def test_a_district_overrides_a_shipped_mapping(district):
    folder = district.path / "mappings"
    folder.mkdir()
    old = (SHIPPED / "febrl.toml").read_text()
    (folder / "ours.toml").write_text(old.replace("version = 1", "version = 2"))

    found = {each.mapping.name: each for each in library(district)}["febrl"]

    assert (found.origin, found.mapping.version) == ("district", 2)


def test_a_broken_mapping_of_the_district_names_its_file(district):
    (district.path / "mappings").mkdir()
    (district.path / "mappings" / "ours.toml").write_text("nam = 1")

    with pytest.raises(BadConfig, match=r"mappings/ours\.toml"):
        library(district)


def test_a_source_prefers_its_own_mapping(district):
    """Two mappings fit; the one that the source names wins over the one that asks for more."""
    folder = district.path / "mappings"
    folder.mkdir()
    for name, columns in (("small", '["id"]'), ("large", '["id", "who"]')):
        text = LEAST.replace('"visits"', f'"{name}"', 1)
        (folder / f"{name}.toml").write_text(text + f"[applies_to]\ncolumns = {columns}\n")
    shelf, columns = library(district), ["id", "who", "ward", "in"]
    plainly = district.source("pas")

    def chosen(source):
        return choose(shelf, file="a.csv", columns=columns, source=source).mapping.name

    assert chosen(plainly) == "large"
    from dataclasses import replace

    assert chosen(replace(plainly, mappings=("small",))) == "small"


def test_a_name_is_only_a_name():
    """A path inside a name neither climbs nor hides what the file is called."""
    assert plain("../../etc/Visits.csv.gz") == "visits.csv"
    assert plain("C:\\data\\Visits.CSV") == "visits.csv"


def test_the_reference_lists_every_key():
    text = (ROOT / "docs/reference/mappings.md").read_text(encoding="utf-8")
    sections = dict(
        re.findall(r"^## `([^`]+)`.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    )

    for table, known in keys.TABLES.items():
        rows = dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", sections[table], re.MULTILINE))
        assert rows == known, f"docs/reference/mappings.md, {table}"
