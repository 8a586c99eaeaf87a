"""Journeys: maps, paths, filters and adherence, on the sepsis log and on any log."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.flow.journeys import paths as taken
from onesystem.flow.journeys.adherence import adherence
from onesystem.flow.journeys.agreed import read, ways
from onesystem.flow.journeys.answer import answer
from onesystem.flow.journeys.maps import process_map
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.stage import Stage
from onesystem.flow.journeys.steps import Steps
from onesystem.vocabulary import BadConfig, UserError

SEPSIS = Path(__file__).parent.parent / "data/journeys/sepsis.parquet"
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def sepsis():
    table = pq.read_table(SEPSIS)
    case = table["case_id"].combine_chunks().dictionary_encode()
    activity = table["activity"].combine_chunks().dictionary_encode()
    return Steps.of(
        journey=case.indices.to_numpy(),
        kind=activity.indices.to_numpy(),
        names=activity.dictionary.to_pylist(),
        start=table["timestamp"].to_numpy().astype("datetime64[us]").astype("int64"),
    )


class TestTheSepsisLog:
    """Mannhardt 2016: 1,050 cases, 15,214 events, 16 activities, 846 variants."""

    def test_it_has_the_published_size(self, sepsis):
        made = process_map(sepsis)
        assert (made.journeys, made.steps, len(made.nodes)) == (1050, 15214, 16)
        assert taken.paths(sepsis).different == 846
        assert len(made.arrows) == 115

    def test_steps_are_counted_as_published(self, sepsis):
        counts = {node.name: node.steps for node in process_map(sepsis).nodes}
        assert counts["Leucocytes"] == 3383
        assert counts["CRP"] == 3262
        assert counts["LacticAcid"] == 1466
        assert counts["ER Triage"] == 1053
        assert counts["Release A"] == 671
        assert counts["Release E"] == 6

    def test_the_busiest_paths(self, sepsis):
        found = [path.journeys for path in taken.paths(sepsis, most=8).top]
        assert found[:7] == [35, 24, 22, 13, 11, 9, 7]
        assert taken.paths(sepsis).top[0].names == (
            "ER Registration", "ER Triage", "ER Sepsis Triage",
        )  # fmt: skip

    def test_arrows_and_their_medians(self, sepsis):
        arrows = {(a.source, a.target): a for a in process_map(sepsis).arrows}
        assert arrows["Leucocytes", "CRP"].steps == 1778
        assert arrows["CRP", "Leucocytes"].steps == 1445
        triage = arrows["ER Registration", "ER Triage"]
        assert triage.steps == 971
        assert triage.time / HOUR == pytest.approx(0.132, abs=0.001)
        assert arrows["Leucocytes", "Leucocytes"].time == 24 * HOUR
        assert arrows["IV Antibiotics", "Admission NC"].time / HOUR == pytest.approx(
            0.098, abs=0.001
        )

    def test_first_and_last_steps(self, sepsis):
        nodes = {node.name: node for node in process_map(sepsis).nodes}
        assert nodes["ER Registration"].begins == 995
        assert (nodes["Release A"].ends, nodes["Return ER"].ends) == (393, 291)

    def test_the_case_called_na_is_a_case(self, sepsis):
        assert "NA" in set(pq.read_table(SEPSIS)["case_id"].to_pylist())
        assert sepsis.journeys == 1050

    def test_antibiotics_within_the_hour(self, sepsis):
        """Antibiotics within an hour of triage: the same as a plain loop counts."""
        way = (
            Stage(name="Triage", kinds=frozenset({"ER Sepsis Triage"})),
            Stage(name="Antibiotics", kinds=frozenset({"IV Antibiotics"}), within=HOUR),
        )
        held = adherence(sepsis, way)
        entered = reached = in_time = 0
        for i in range(sepsis.journeys):
            mine = np.flatnonzero(sepsis.journey == i)
            names = [sepsis.names[k] for k in sepsis.kind[mine]]
            if "ER Sepsis Triage" not in names:
                continue
            entered += 1
            at = names.index("ER Sepsis Triage")
            if "IV Antibiotics" in names[at + 1 :]:
                reached += 1
                then = names.index("IV Antibiotics", at + 1)
                in_time += bool(sepsis.start[mine[then]] - sepsis.start[mine[at]] <= HOUR)
        assert (held.entered, held.kept, held.in_time) == (entered, reached, in_time)
        assert held.stages[1].left == entered - reached
        assert sum(count for _, count in held.stages[1].instead) == entered - reached


events = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 50)), min_size=1, max_size=60
)


def steps_of(rows):
    journey, kind, start = zip(*rows, strict=True)
    return Steps.of(
        journey=np.array(journey), kind=np.array(kind), names="abcde", start=np.array(start)
    )


def plainly(rows):
    """The journeys as lists, by plain Python: sorted by time, ties in the order they came."""
    found = {}
    for journey, kind, start in sorted(rows, key=lambda row: (row[0], row[2])):
        found.setdefault(journey, []).append(("abcde"[kind], start))
    return list(found.values())


class TestAnyLog:
    @given(events)
    def test_the_map_is_what_plain_python_counts(self, rows):
        made, plain = process_map(steps_of(rows)), plainly(rows)
        pairs, gaps = Counter(), {}
        for journey in plain:
            for (a, x), (b, y) in pairwise(journey):
                pairs[a, b] += 1
                gaps.setdefault((a, b), []).append(y - x)
        assert {(a.source, a.target): a.steps for a in made.arrows} == dict(pairs)
        for arrow in made.arrows:
            assert arrow.time == median(gaps[arrow.source, arrow.target])
        assert made.steps == len(rows)
        assert sum(node.begins for node in made.nodes) == made.journeys == len(plain)

    @given(events)
    def test_paths_are_what_plain_python_counts(self, rows):
        found = taken.paths(steps_of(rows), most=100)
        plain = Counter(tuple(name for name, _ in journey) for journey in plainly(rows))
        assert {path.names: path.journeys for path in found.top} == dict(plain)
        assert found.shown == pytest.approx(1)

    @given(events, st.sampled_from("abcde"), st.sampled_from("abcde"))
    def test_filters_choose_what_plain_python_chooses(self, rows, one, other):
        steps, plain = steps_of(rows), plainly(rows)
        names = [[name for name, _ in journey] for journey in plain]
        assert taken.through(steps, one).tolist() == [one in n for n in names]
        assert taken.beginning(steps, one).tolist() == [n[0] == one for n in names]
        assert taken.ending(steps, one).tolist() == [n[-1] == one for n in names]
        assert taken.directly(steps, one, other).tolist() == [
            (one, other) in list(pairwise(n)) for n in names
        ]
        assert taken.eventually(steps, one, other).tolist() == [
            any(a == one and other in n[i + 1 :] for i, a in enumerate(n)) for n in names
        ]
        assert taken.along(steps, names[0]).tolist() == [n == names[0] for n in names]

    @given(events)
    def test_a_filter_keeps_whole_journeys(self, rows):
        steps = steps_of(rows)
        kept = steps.only(taken.through(steps, "a"))
        assert kept.journeys == int(taken.through(steps, "a").sum())
        assert process_map(kept).steps == len(kept)

    @settings(max_examples=50)
    @given(events)
    def test_every_journey_keeps_the_way_or_leaves_it_once(self, rows):
        way = (
            Stage(name="A", kinds=frozenset("a")),
            Stage(name="B", kinds=frozenset("bc"), within=10),
            Stage(name="D", kinds=frozenset("d"), optional=True),
            Stage(name="E", kinds=frozenset("e"), within=20, since="A"),
        )
        held = adherence(steps_of(rows), way)
        assert held.kept + sum(stage.left for stage in held.stages) == held.journeys
        assert held.in_time <= held.kept <= held.entered


def test_no_steps_make_an_empty_map():
    empty = Steps.of(journey=np.zeros(0), kind=np.zeros(0), names=(), start=np.zeros(0))
    made = process_map(empty)
    assert (made.journeys, made.nodes, taken.paths(empty).top) == (0, (), ())
    asked = Question(start=date(2026, 1, 1), end=date(2026, 2, 1))
    assert answer(empty, asked)["all"] == 0


def test_each_of_many_arrows_has_its_own_median():
    kinds = np.arange(182 * 182)
    start = np.stack([np.zeros_like(kinds), kinds], axis=1).ravel()
    kind = np.stack(np.divmod(kinds, 182), axis=1).ravel()
    names = [f"{n}" for n in range(182)]
    made = process_map(Steps.of(journey=kinds.repeat(2), kind=kind, names=names, start=start))
    told = {int(a.source) * 182 + int(a.target): a.time for a in made.arrows}
    assert told == {n: n for n in kinds.tolist()}


def test_costs_are_summed_to_the_penny():
    steps = Steps.of(
        journey=np.array([0, 0, 1]), kind=np.array([0, 1, 1]), names="ab",
        start=np.array([0, 5, 9]), cost=np.array([1, 2**53, 1]),
    )  # fmt: skip
    assert process_map(steps).node("b").cost == 2**53 + 1


class TestAgreedWays:
    def test_ours_can_be_read(self, tmp_path):
        assert {"admission-through-ed", "ambulance-hand-over"} <= set(ways(tmp_path))

    def test_a_district_replaces_ours(self, tmp_path):
        (tmp_path / "ways").mkdir()
        (tmp_path / "ways/ambulance-hand-over.toml").write_text(
            'title = "Here"\n[[stage]]\nname = "ED"\nkinds = ["ED"]\n'
        )
        assert ways(tmp_path)["ambulance-hand-over"].title == "Here"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("titel = 'x'", "Did you mean 'title'?"),
            ("title = ", "Mend the line"),
            ("title = 'x'", "[[stage]]"),
            ("[[stage]]\nname='a'\nkinds=['b']\nwithin='soon'", "4 h"),
            ("[[stage]]\nname='a'", "kinds"),
            ("level='bed'\n[[stage]]\nname='a'\nkinds=['b']", "level"),
        ],
    )
    def test_a_mistake_names_the_key_and_the_cure(self, text, said):
        with pytest.raises(BadConfig) as caught:
            read(text, "mine")
        assert said in str(caught.value)
        assert "mine.toml" in str(caught.value)

    def test_a_limit_counts_from_a_stage_before(self):
        way = (Stage(name="A", kinds=frozenset("a"), within=1, since="B"),)
        steps = steps_of([(0, 0, 0)])
        with pytest.raises(ValueError, match="not before"):
            adherence(steps, way)


class TestQuestions:
    def test_the_default_is_the_last_quarter_of_the_ed(self):
        asked = Question.of({}, today=date(2026, 11, 22))
        assert (asked.setting, asked.start, asked.end) == (
            "ED",
            date(2026, 8, 23),
            date(2026, 11, 22),
        )

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"start": "yesterday"}, "date such as"),
            ({"after": "many"}, "whole number"),
            ({"after": "1096"}, "0 to 1095"),
            ({"start": "2026-02-01", "end": "2026-01-01"}, "later last day"),
            ({"start": "2001-02-01", "end": "2026-01-01"}, "three years"),
            ({"level": "bed"}, "level"),
            ({"setting": "moon"}, "setting"),
            ({"source": "ED"}, "both ends"),
        ],
    )
    def test_a_mistake_is_told_with_its_cure(self, query, said):
        with pytest.raises(UserError) as caught:
            Question.of(query, today=date(2026, 11, 22))
        assert said in str(caught.value)

    def test_it_is_kept_and_read_again(self):
        asked = Question(start=date(2026, 1, 1), end=date(2026, 2, 1), reason="Fall", age_from=65)
        assert Question.kept(asked.as_dict()) == asked
