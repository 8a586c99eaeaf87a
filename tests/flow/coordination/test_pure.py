"""Indices, scores, how somebody stands, and definitions: tables, boundaries and properties."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.coordination import scoring
from onesystem.flow.coordination.definitions import definitions, read
from onesystem.flow.coordination.indices import Sums, indices
from onesystem.flow.coordination.scoring import Fact
from onesystem.flow.coordination.steps import Step, kept, standing, undoable
from onesystem.flow.measures import history, library, reference
from onesystem.flow.measures.continuity import (
    again,
    bice_boxerman,
    largest,
    sequential,
    squares,
    usual_provider,
)
from onesystem.flow.measures.days import clock
from onesystem.flow.measures.world import Somebody, World
from onesystem.vocabulary import BadConfig

OURS = definitions(Path("/nowhere"))
FLAGS = {flag.name: flag for flag in OURS.on(date(2026, 11, 22))}
NEWEST = 1_000


def of_sequence(seen):
    """The sums of contacts with general practice, in order of time."""
    counts = [seen.count(each) for each in set(seen)]
    return Sums(
        contacts=len(seen), squared=squares(counts), most=largest(counts), same=again(seen),
        all_contacts=len(seen), of_organisations=squares(counts), organisations=len(counts),
    )  # fmt: skip


class TestIndices:
    """How split up somebody's care is."""

    @pytest.mark.parametrize(
        ("seen", "coc", "upc", "secon"),
        [
            ("AAAA", 1.0, 1.0, 1.0),
            ("ABCD", 0.0, 0.25, 0.0),
            ("AAAB", 0.5, 0.75, 2 / 3),
            ("ABAB", 1 / 3, 0.5, 0.0),
            ("AABB", 1 / 3, 0.5, 2 / 3),
        ],
    )
    def test_each_is_as_it_was_published(self, seen, coc, upc, secon):
        found = indices(of_sequence(seen))
        assert (found["coc"], found["upc"], found["secon"]) == pytest.approx((coc, upc, secon))

    @pytest.mark.parametrize("seen", ["", "A", "AB"])
    def test_two_contacts_say_nothing(self, seen):
        found = indices(of_sequence(seen))
        assert [found[name] for name in ("coc", "upc", "secon", "spread")] == [None] * 4

    @given(st.text("ABCDE", min_size=3, max_size=60))
    def test_each_share_lies_between_0_and_1(self, seen):
        found = indices(of_sequence(seen))
        assert all(0 <= found[name] <= 1 for name in ("coc", "upc", "secon", "spread"))
        assert found["spread"] == pytest.approx(1 - found["coc"])

    @given(st.text("ABC", min_size=2, max_size=30))
    def test_one_alone_is_all_of_them(self, seen):
        """Only where one provider had all contacts is any of them 1."""
        sums = of_sequence(seen)
        alone = len(set(seen)) == 1
        assert (bice_boxerman(sums.squared, sums.contacts) == 1) is alone
        assert (usual_provider(sums.most, sums.contacts) == 1) is alone
        assert (sequential(sums.same, sums.contacts) == 1) is alone

    @pytest.mark.parametrize("seen", ["AAAB", "ABCD", "ABACA"])
    def test_they_are_those_of_the_measures(self, seen):
        """The words of the language and these functions give the same figure."""
        start = round(datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp() * 1000)
        world = World(clock=clock("Europe/London"), horizon=start + 10**10)
        rows = [
            (n, "gp", "general practice", "s", None, start + n * 10**7, None, start + n * 10**7,
             None, "", "", "", "", "", by, start, False)
            for n, by in enumerate(seen, 1)
        ]  # fmt: skip
        somebody = Somebody(person=1)
        units = history.in_order(
            u for row in rows if (u := history.unit(row, somebody, world)) is not None
        )
        found = indices(of_sequence(seen))
        for name, index in (
            ("continuity-bice-boxerman", "coc"),
            ("continuity-usual-provider", "upc"),
        ):
            measure = library.shipped()[name]
            (gave,) = reference.ready(measure, world).gives(units, somebody)
            assert gave.numerator / 1_000_000 == pytest.approx(found[index], abs=1e-6)

    def test_days_at_home_are_never_fewer_than_none(self):
        assert indices(Sums(nights=400))["home"] == 0
        assert indices(Sums(nights=30))["home"] == 335


class TestScore:
    """The score is the sum of the lines; a line says how it came about."""

    def test_points_begin_at_the_least_and_end_at_the_most(self):
        flag = FLAGS["repeated-admissions"]  # 4 for 3, 2 for each beyond, at most 10
        assert [scoring.points(flag, n) for n in (3, 4, 6, 7, 20)] == [4, 6, 10, 10, 10]
        assert scoring.working(flag, 3, 4) == "4 for 3 or more"
        assert scoring.working(flag, 4, 6) == "4 for 3, and 2 for each of 1 more"
        assert scoring.working(flag, 7, 10) == "4 for 3, and 2 for each of 4 more; at most 10"

    @given(
        st.dictionaries(
            st.sampled_from(sorted(FLAGS)), st.integers(min_value=1, max_value=400), min_size=1
        )
    )
    def test_it_is_the_sum_of_its_working(self, counts):
        lines = [
            scoring.line(FLAGS[name], [Fact(at=n, service="ed", source="pas") for n in range(many)])
            for name, many in counts.items()
        ]
        assert scoring.score(lines) == sum(line.points for line in lines)
        for line in lines:
            assert line.count == counts[line.flag]
            assert FLAGS[line.flag].points <= line.points <= FLAGS[line.flag].most

    def test_a_line_names_the_senders_it_rests_on_and_its_newest_fact(self):
        facts = [Fact(5, "ed", "pas"), Fact(9, "gp", "practice"), Fact(7, "x", "")]
        line = scoring.line(FLAGS["high-intensity-ed"], facts)
        assert (line.sources, line.newest) == (("pas", "practice"), 9)
        assert [fact.at for fact in line.facts] == [9, 7, 5]


def steps(*said):
    """Steps in order: (kind, more)."""
    return [Step(id=n, kind=kind, by="kiri", at=n * 10, **more)
            for n, (kind, more) in enumerate(said, 1)]  # fmt: skip


class TestStanding:
    """How somebody stands, from what was done."""

    @pytest.mark.parametrize(
        ("done", "state"),
        [
            ((), "open"),
            ((("taken", {}),), "taken"),
            ((("taken", {}), ("noted", {"text": "rang"})), "taken"),
            ((("taken", {}), ("left", {})), "open"),
            ((("taken", {}), ("undone", {"undoes": 1})), "open"),
            ((("taken", {}), ("done", {}), ("undone", {"undoes": 2})), "taken"),
            ((("put aside", {"until": 101, "text": "away"}),), "put aside"),
            ((("put aside", {"until": 100, "text": "away"}),), "open"),
        ],
    )
    def test_the_last_that_stands_counts(self, done, state):
        assert standing(steps(*done), today=100, newest=5).state == state

    def test_who_is_done_comes_back_with_something_new(self):
        done = steps(("done", {}))
        assert standing(done, today=1, newest=10).state == "done"
        back = standing(done, today=1, newest=11)
        assert (back.state, back.back) == ("open", "something new since it was done")

    def test_only_ones_own_last_step_can_be_undone(self):
        done = steps(("taken", {}), ("noted", {}))
        assert undoable(done, "kiri").id == 2
        assert undoable(done, "somebody else") is None
        assert (
            undoable([*done, Step(id=3, kind="undone", by="kiri", at=30, undoes=2)], "kiri").id == 1
        )
        assert [s.id for s in kept([*done, Step(id=3, kind="undone", by="k", at=3, undoes=1)])] == [
            2
        ]


class TestDefinitions:
    """Dated data, with sources; a district says otherwise in a file of its own."""

    def test_every_flag_says_source_day_and_weight(self):
        assert len(FLAGS) == 9
        for flag in FLAGS.values():
            assert flag.source
            assert flag.source_date <= date(2026, 11, 22)
            assert 0 < flag.points <= flag.most
        assert not OURS.on(date(2026, 10, 31))

    def test_a_later_version_counts_from_its_day(self):
        own = {"flag": [{"name": "high-intensity-ed", "since": date(2027, 4, 1), "least": 6}]}
        said = read(_ours(), own)
        old, new = (
            next(f for f in said.on(day) if f.name == "high-intensity-ed")
            for day in (date(2027, 3, 31), date(2027, 4, 1))
        )
        assert (old.least, new.least, new.source) == (5, 6, old.source)

    def test_a_flag_is_taken_away(self):
        said = read(_ours(), {"flag": [{"name": "polypharmacy", "off": True}]})
        assert "polypharmacy" not in {f.name for f in said.flags}

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"flags": []}, "there is no key 'flags'"),
            ({"flag": [{"title": "x"}]}, "flag 1 has no name"),
            ({"flag": [{"name": "mine"}]}, "mine has no title"),
            ({"flag": [{"name": "polypharmacy", "leest": 3}]}, "there is no key 'leest'"),
            ({"flag": [{"name": "polypharmacy", "least": "ten"}]}, "least is 'ten'"),
            ({"flag": [{"name": "high-intensity-ed", "setting": "A&E"}]}, "no setting 'A&E'"),
            ({"localities": {"north": {"name": "North"}}}, "north has no practices"),
        ],
    )
    def test_a_mistake_says_where(self, said, words):
        with pytest.raises(BadConfig, match=words.replace("[", r"\[")) as error:
            read(_ours(), said)
        assert "coordination.toml" in str(error.value)


def _ours():
    import tomllib

    from onesystem.flow.coordination import definitions as module

    return tomllib.loads(Path(module.__file__).with_name("flags.toml").read_text(encoding="utf-8"))
