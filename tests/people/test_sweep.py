"""Comparing everybody at once finds what Splink finds, and what one by one finds."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.bench.population import records
from onesystem.people import blocking, blocks, splinking, sweep
from onesystem.people.compare import COMPARISONS, DISTRICT_FIELDS
from onesystem.people.decide import decide
from onesystem.people.names import family_key, fold, given_key, phone_key, postcode_key
from onesystem.people.scorer import Scorer
from onesystem.people.weights import SHIPPED, read

SCORER = Scorer(read(SHIPPED))
KEYS = {
    "family": family_key, "given": given_key, "address": fold, "postcode": postcode_key,
    "phone": phone_key,
}  # fmt: skip


@pytest.fixture(scope="module")
def people():
    """Invented people with slips, twins and moves, as the scorer compares them."""
    made = records(3000, seed=11)
    columns = {"id": pa.array(range(1, made.num_rows + 1), pa.int64())}
    for name in DISTRICT_FIELDS:
        key = KEYS.get(name, lambda text: text)
        columns[name] = pa.array([key(text or "") for text in made[name].to_pylist()])
    return pa.table(columns)


def lines(found):
    rows = found.sort_by([("a", "ascending"), ("b", "ascending")]).to_pylist()
    return [(r["a"], r["b"], r["state"], r["rule"], round(r["weight"], 9)) for r in rows]


class TestAgainstSplink:
    def test_the_same_pairs_with_the_same_weights(self, people):
        con = splinking.connect()
        splinking.prepare(con, "records", people, SCORER.weights)
        expected = lines(splinking.pairs(con, "records", SCORER.weights))
        assert lines(sweep.pairs(people, SCORER)) == expected
        assert len(expected) > 1000

    def test_only_pairs_with_a_new_one_when_asked(self, people):
        fresh = np.arange(people.num_rows) % 7 == 0
        new = {i + 1 for i in np.flatnonzero(fresh).tolist()}
        every = lines(sweep.pairs(people, SCORER))
        expected = [line for line in every if line[0] in new or line[1] in new]
        assert lines(sweep.pairs(people, SCORER, fresh=fresh)) == expected


FAMILIES = st.sampled_from(["", "smith", "smyth", "ngata", "maia", "patel"])
GIVEN = st.sampled_from(["", "maia", "maria", "m", "john", "ngata"])
BIRTHS = st.sampled_from(["", "1980-03-02", "1980-02-03", "1980-03-12", "1951-11-28"])
ONE = st.fixed_dictionaries(
    {
        "family": FAMILIES,
        "given": GIVEN,
        "birth": BIRTHS,
        "sex": st.sampled_from(["", "female", "male"]),
        "postcode": st.sampled_from(["", "NR23TX", "NR23TY", "NR11AA"]),
        "address": st.sampled_from(["", "12 mill road", "12 mill rd", "1 high street"]),
        "phone": st.sampled_from(["", "01603123456", "01603123465", "07700900123"]),
        "number": st.sampled_from(["", "", "9434765919", "9434765870"]),
    }
)


class TestAgainstOneByOne:
    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ONE, max_size=12))
    def test_every_pair_is_judged_as_a_live_record_is(self, said):
        some = [{"id": i, **one} for i, one in enumerate(said, 1)]
        expected = []
        for a, b in combinations(some, 2):
            keys = [dict(blocking.keys_of(each)) for each in (a, b)]
            shares = bool(a["number"]) and a["number"] == b["number"]
            if shares or any(keys[1].get(rule) == values for rule, values in keys[0].items()):
                verdict = decide(SCORER, a, b, shares_number=shares)
                if verdict:
                    expected.append(
                        (a["id"], b["id"], verdict.state, verdict.rule, round(verdict.weight, 9))
                    )
        table = pa.table(
            {
                "id": pa.array([each["id"] for each in some], pa.int64()),
                **{n: pa.array([e[n] for e in some], pa.string()) for n in DISTRICT_FIELDS},
            }
        )
        assert lines(sweep.pairs(table, SCORER)) == expected


class TestBlocks:
    @staticmethod
    def fields(**columns):
        blank = [""] * len(next(iter(columns.values())))
        return {n: blocks.Coded.of(pa.array(columns.get(n, blank))) for n in DISTRICT_FIELDS}

    def test_a_placeholder_shared_by_very_many_gives_no_pairs(self):
        count = blocking.MOST + 1
        fields = self.fields(birth=["1900-01-01"] * count, family=["unknown"] * count)
        low, _, ((rule, rows),) = blocks.blocked(fields)
        assert len(low) == 0
        assert (rule, rows.tolist()) == (blocking.BIRTH_FAMILY, list(range(count)))

    def test_a_block_that_is_just_full_gives_all_its_pairs(self):
        count = blocking.MOST
        low, _ = blocks.pairs(self.fields(birth=["1980-01-01"] * count, family=["smith"] * count))
        assert len(low) == count * (count - 1) // 2

    def test_keys_too_large_for_one_number_still_tell_rows_apart(self, monkeypatch):
        fields = self.fields(
            family=["a", "a", "b", "a"], given=["x", "x", "x", "y"], postcode=["p", "p", "p", "p"]
        )
        monkeypatch.setattr(blocks, "_ROOM", 2)
        low, high = blocks.pairs(fields)
        assert (low.tolist(), high.tolist()) == ([0], [1])


@given(st.lists(st.tuples(*[st.text("ab1 é", min_size=1, max_size=8)] * 2), min_size=1))
def test_levels_of_many_are_those_of_one(texts):
    """Each field's column form says what its form for one pair says, of all that differs."""
    texts = [pair for pair in texts if pair[0] != pair[1]] or [("a", "b")]
    for name, comparison in COMPARISONS.items():
        if comparison.levels_of:
            found = comparison.levels_of(*zip(*texts, strict=True))
            one = [comparison.level({name: a}, {name: b}) for a, b in texts]
            assert found.tolist() == one
