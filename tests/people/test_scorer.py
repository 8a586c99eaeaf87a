# ruff: noqa: RUF001  apostrophes of every kind are what is tested
"""Comparing and scoring: both forms of each level say the same, and the lines add up."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.people.columns import guess
from onesystem.people.compare import COMPARISONS, DISTRICT_FIELDS
from onesystem.people.dates import date_text
from onesystem.people.names import fold, given_key
from onesystem.people.scorer import Scorer
from onesystem.people.searching import taken_apart
from onesystem.people.splinking import connect
from onesystem.people.weights import SHIPPED, of_dict, read, to_dict, write
from onesystem.vocabulary import BadConfig

BLANK = dict.fromkeys(COMPARISONS, "")


WORDS = st.sampled_from(
    ["", "smith", "smyth", "smithjones", "s", "maia", "maria", "marie", "mria", "ngata", "ngta"]
)
BIRTHS = st.sampled_from(
    ["", "1980-03-02", "1980-02-03", "1980-03-12", "1980-03-03", "1981-03-02", "1951-11-28",
     "1980-11-28", "1915-13-31"]
)  # fmt: skip
CODES = st.sampled_from(
    ["", "NR23TX", "NR23TY", "NR24AB", "NR2", "2223", "2232", "9434765919", "9434765870",
     "9434769519", "943476591"]
)  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {
        name: BIRTHS if name == "birth" else CODES
        if name in {"postcode", "number", "phone", "house"} else WORDS
        for name in COMPARISONS
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def con():
    return connect()


class TestLevels:
    """A bulk run compares in SQL and a live record in Python: one must not know better."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(left=RECORDS, right=RECORDS)
    def test_sql_and_python_agree(self, con, left, right):
        sides = ", ".join(f"nullif(?, '') AS {n}_l, nullif(?, '') AS {n}_r" for n in COMPARISONS)
        cases = ", ".join(
            f"CASE WHEN {n}_l IS NULL OR {n}_r IS NULL THEN -1 "
            + " ".join(f"WHEN {sql} THEN {i}" for i, (_, sql) in enumerate(c.levels))
            + f" ELSE {len(c.levels)} END"
            for n, c in COMPARISONS.items()
        )
        values = [side[n] for n in COMPARISONS for side in (left, right)]
        row = con.execute(f"SELECT {cases} FROM (SELECT {sides})", values).fetchone()
        assert row == tuple(c.level(left, right) for c in COMPARISONS.values())

    def test_it_does_not_matter_which_is_left(self):
        a = BLANK | {"family": "smith", "given": "j", "birth": "1980-03-02", "postcode": "NR23TX"}
        b = BLANK | {"family": "j", "given": "smith", "birth": "1980-02-03", "postcode": "NR24AB"}
        assert [c.level(a, b) for c in COMPARISONS.values()] == [
            c.level(b, a) for c in COMPARISONS.values()
        ]


class TestScorer:
    scorer = Scorer(read(SHIPPED))
    maia = BLANK | {
        "family": "ngata", "given": "maia", "birth": "1980-03-02", "sex": "female",
        "postcode": "NR23TX",
    }  # fmt: skip

    def test_the_lines_of_evidence_add_up_to_the_weight(self):
        other = self.maia | {"given": "maria", "postcode": "NR24AB"}
        lines = self.scorer.evidence(self.maia, other)
        assert sum(line.weight for line in lines) == pytest.approx(
            self.scorer.weight(self.maia, other)
        )
        assert lines[0].says == "two records drawn at random"

    def test_a_rare_name_that_agrees_says_more_than_a_common_one(self):
        smith = self.maia | {"family": "smith"}
        assert self.scorer.weight(self.maia, self.maia) > self.scorer.weight(smith, smith) + 3

    def test_nothing_said_adds_nothing(self):
        assert self.scorer.weight(BLANK, self.maia) == self.scorer.prior

    def test_the_shipped_weights_are_whole(self):
        assert tuple(read(SHIPPED).fields) == DISTRICT_FIELDS

    def test_weights_are_kept_and_read_back(self, tmp_path):
        weights = read(SHIPPED)
        path = write(weights, tmp_path, trained={"how": "a test"})
        assert read(path) == weights == of_dict(to_dict(weights, {}))

    def test_a_broken_file_says_how_to_mend_it(self, tmp_path):
        (tmp_path / "linkage.json").write_text('{"format": 1}')
        with pytest.raises(BadConfig, match="Train again"):
            read(tmp_path / "linkage.json")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Māia", "maia"), ("Siân", "sian"), ("O’Brien", "obrien"), ("O'Brien", "obrien"),
        ("Smith-Jones", "smith jones"), ("Łukasz Bjørk", "lukasz bjork"), ("Straße", "strasse"),
        ("ﬁona", "fiona"), ("Æthel", "aethel"), ("  A.  B ", "a b"), ("王小明", "王小明"),
    ],
)  # fmt: skip
def test_names_fold(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert " " not in given_key(text)


@pytest.mark.parametrize(
    "written",
    [
        "1980-03-02",
        "02/03/1980",
        "2/3/1980",
        "2 Mar 1980",
        "2nd March 1980",
        "02.03.1980",
        "2-3-80",
    ],
)
def test_a_birth_date_is_found_in_its_common_forms(written):
    assert taken_apart(f"ngata {written}").birth_date == date(1980, 3, 2).isoformat()
    assert taken_apart(f"ngata {written}").names == ("ngata",)


def test_columns_are_guessed_by_their_names_and_put_right():
    header = ["rec_id", "Given Name", "SURNAME", "DOB", "Post-Code", "soc_sec_id", "notes"]
    found = guess(header, given={}, id_column="rec_id")
    assert found == {
        "family": "SURNAME", "given": "Given Name", "birth": "DOB", "postcode": "Post-Code",
        "number": "soc_sec_id",
    }  # fmt: skip
    put_right = guess(header, given={"number": "", "city": "notes"}, id_column="rec_id")
    assert "number" not in put_right
    assert put_right["city"] == "notes"
    with pytest.raises(BadConfig, match="Did you mean 'family'"):
        guess(header, given={"famly": "SURNAME"}, id_column="rec_id")


def test_a_date_that_never_was_is_kept():
    assert date_text("19651331") == "1965-13-31"
    assert date_text("") == ""
