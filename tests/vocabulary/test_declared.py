"""What a district declares: a mistake is told with its file, its place and the cure."""

import pytest

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.declared import check_keys, parsed


def test_a_mistake_names_the_file_and_the_line():
    with pytest.raises(BadConfig, match=r"boards\.toml cannot be read: .*line 2"):
        parsed('name = "beds"\nwords = beds of today\n', "boards.toml")


def test_tables_nested_without_end_are_a_mistake_too():
    """And no traceback of the parser, which gives up at some depth."""
    with pytest.raises(BadConfig, match=r"alerts\.toml cannot be read"):
        parsed("a = " + "[" * 5_000, "alerts.toml")


def test_an_unknown_key_is_answered_with_the_nearest():
    with pytest.raises(BadConfig, match=r"no key 'colums'. Did you mean 'columns'\?"):
        check_keys("boards.toml, board ed", {"colums": []}, ("columns", "title"))


def test_what_is_no_table_is_told_its_keys():
    with pytest.raises(BadConfig, match=r"words is no table. Its keys are: here, waiting\."):
        check_keys("boards.toml, words", "here", ("waiting", "here"))
