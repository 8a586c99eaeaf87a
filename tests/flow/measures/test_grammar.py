"""The language of measures: what it takes, and what it says of what it does not take."""

import re

import pytest

from onesystem.flow.measures.declaration import read
from onesystem.flow.measures.grammar import Mistake, parse
from onesystem.flow.measures.tree import All, Among, Compare, Const, Field, Kind
from onesystem.vocabulary import BadConfig

FILE = '''name = "mine"
title = "Mine"
words = "Ours."
version = 1
shape = "row"
unit = "percent"
source = "us"
source_date = 2026-01-01
population = """
setting == "ED"
and known({field})
"""
{more}
'''


class TestWhatItTakes:
    def test_a_comparison(self):
        assert parse('setting == "ED"') == Compare("==", Field("setting"), Const("ED"))

    def test_a_chain_of_comparisons(self):
        assert isinstance(parse("1 <= stretches <= 3"), All)

    def test_a_list_of_texts(self):
        assert parse('mode in ("a", "b")') == Among(Field("mode"), ("a", "b"))

    def test_another_contact_inside_a_function(self):
        parse("exists(other.started > ended)", Kind.FLAG)


class TestWhatItSays:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("setting == 3", "cannot be compared"),
            ("settin == 'ED'", "Did you mean 'setting'"),
            ("minuts(started, ended) > 3", "Did you mean 'minutes'"),
            ("other.started > ended", "outside of a function over the others"),
            ("exists(exists(other.started > ended))", "inside another function"),
            ("stretches / 2 > 1", "part(a, b)"),
            ("__import__('os').system('true')", "has no meaning here"),
            ("(lambda: 1)()", "has no meaning here"),
            ("[x for x in mode]", "has no meaning here"),
            ("mode < 'a'", "cannot be compared"),
            ("started", "known(...)"),
            ("in_codes(reason, mode)", "between quotes"),
            ("age(started, ended) > 3", "It was given 2"),
            ("setting ==", "cannot be read"),
            ("setting = 'ED'", "Write == to compare"),
            ("mode == None", "has no meaning here"),
        ],
    )
    def test_a_mistake_and_its_cure(self, text, said):
        with pytest.raises(Mistake, match=re.escape(said)):
            parse(text, Kind.FLAG)

    def test_a_file_says_the_line(self):
        with pytest.raises(BadConfig, match=r"mine.toml, line 11: .*'startd'.*'started'"):
            read(FILE.format(field="startd", more=""), "mine.toml")

    def test_a_key_that_is_not_known(self):
        with pytest.raises(BadConfig, match=r"line 13: .*'numerater'.*'numerator'"):
            read(FILE.format(field="started", more='numerater = "True"'), "mine.toml")

    def test_a_number_that_cannot_be_summed(self):
        with pytest.raises(BadConfig, match="lasted"):
            read(FILE.format(field="started", more='numerator = "minutes(started, ended)"'))
