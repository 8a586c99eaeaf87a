"""Rows as PostgreSQL arrays."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from onesystem.vocabulary.arrays import array_of, arrays_of, copied, from_arrays, unnested


def test_numbers_truths_and_nothing_are_bare_words() -> None:
    """PostgreSQL reads them as they are; None is NULL."""
    assert array_of([1, None, -3]) == "{1,NULL,-3}"
    assert array_of([True, False]) == "{True,False}"
    assert array_of([]) == "{}"
    assert array_of([None, None]) == "{NULL,NULL}"


def test_texts_are_quoted() -> None:
    """Quotes and backslashes are escaped, and the word NULL is a text."""
    assert array_of(["a", "", "NULL", "x,y}"]) == '{"a","","NULL","x,y}"}'
    assert array_of(['say "no"', "back\\slash"]) == '{"say \\"no\\"","back\\\\slash"}'
    assert array_of([None, "a"]) == '{NULL,"a"}'


def test_statement_names_columns_and_types() -> None:
    """One parameter a column, in their order."""
    sql = from_arrays("t", {"a": "bigint", '"by"': "text"}, "ON CONFLICT DO NOTHING")
    assert sql == (
        'INSERT INTO t (a, "by") SELECT * FROM unnest(%s::bigint[], %s::text[]) AS told '
        "ON CONFLICT DO NOTHING"
    )
    assert arrays_of([(1, "x"), (2, "y")]) == ["{1,2}", '{"x","y"}']


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@pytest.mark.django_db
@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), _TEXT | st.none()), min_size=1))
def test_what_goes_in_comes_out(rows: list[tuple[int, str | None]]) -> None:
    """PostgreSQL reads back every number and text as it was."""
    if connection.vendor != "postgresql":
        pytest.skip("arrays are for PostgreSQL; set DATABASE_URL")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {unnested(['bigint', 'text'])}", arrays_of(rows))
        assert cursor.fetchall() == rows


def test_rows_as_copy_reads_them() -> None:
    """A tab between columns, a line a row; what would part them is escaped."""
    assert copied([(1, "a", 2.5), (2, "", float("inf"))]) == "1\ta\t2.5\n2\t\tinf"
    assert copied([(1, "a\tb"), (2, "c\\N\r\nd")]) == "1\ta\\tb\n2\tc\\\\N\\r\\nd"


@pytest.mark.django_db
@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), _TEXT, st.floats(allow_nan=False)),
                min_size=1))  # fmt: skip
def test_what_is_copied_in_comes_out(rows: list[tuple[int, str, float]]) -> None:
    """PostgreSQL keeps every number and text as it was, in their order."""
    if connection.vendor != "postgresql":
        pytest.skip("COPY is for PostgreSQL; set DATABASE_URL")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (n bigint, t text, f double precision)")
        with cursor.copy("COPY told FROM STDIN") as copy:
            copy.write(copied(rows))
        cursor.execute("SELECT * FROM told")
        assert cursor.fetchall() == rows
        cursor.execute("DROP TABLE told")
