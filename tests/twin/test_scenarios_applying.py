"""A scenario is applied to a model: what it changes, from when, and what it refuses."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.twin.network.distributions import (
    Discrete,
    Erlang,
    Exponential,
    Fixed,
    Gamma,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Triangular,
    Uniform,
    Weibull,
)
from onesystem.twin.network.model import By, Chances, Dated, Poisson, Schedule
from onesystem.twin.network.reading import read as model_read
from onesystem.twin.network.writing import model_json
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.changes import NOTHING, Scenario
from onesystem.twin.scenarios.conflicts import closed_from
from onesystem.twin.scenarios.long import beyond
from onesystem.twin.scenarios.reading import change_of, line_of, plain, read, scenario_of
from onesystem.twin.scenarios.sweeping import grid
from onesystem.twin.scenarios.wording import diff, sentence
from onesystem.vocabulary import BadConfig

MODEL = model_read(
    {
        "unit": "hour",
        "starts": "2026-01-05T00:00:00+00:00",
        "horizon": 8760,
        "classes": {"COPD": 0, "other": 1},
        "attributes": {"age": {"levels": ["young", "old"], "shares": {"young": 0.6, "old": 0.4}}},
        "pools": {"Nurses": 6},
        "nodes": {
            "Practice": {"service": {"exponential": 0.2}, "next": {"ED": 0.1, "out": 0.9}},
            "Ambulance": {"servers": 4, "service": 1, "next": {"ED": 0.7, "out": 0.3}},
            "ED": {
                "servers": 10, "service": {"exponential": 3},
                "patience": {"exponential": 6}, "next": {"Ward": 0.3, "out": 0.7},
            },
            "Ward": {"servers": 20, "waiting_room": 0,
                     "service": {"lognormal": {"mean": 60, "cv": 1}}, "uses": {"Nurses": 1}},
            "Spare": {"servers": 5, "service": {"exponential": 60}},
        },
        "arrivals": {
            "calls": {"node": "Ambulance", "class": {"COPD": 0.25, "other": 0.75}, "rate": 2},
            "walk in": {"node": "ED", "class": "other", "rates": [1, 2, 3], "every": 24},
            "list": {"node": "Ward", "class": "other", "times": [5, 6, 7]},
        },
    }
)  # fmt: skip


def made(*lines):
    """The model with these changes."""
    return applied(MODEL, Scenario(name="it", changes=tuple(change_of(line_of(x)) for x in lines)))


def sample(stay, count):  # noqa: C901, PLR0911 - a line for each kind
    """Values of a distribution, by numpy."""
    rng = np.random.default_rng(7)
    match stay:
        case Exponential(mean):
            return rng.exponential(mean, count)
        case Lognormal():
            return rng.lognormal(*stay.row()[1:3], count)
        case Gamma(shape, scale):
            return rng.gamma(shape, scale, count)
        case Weibull(shape, scale):
            return scale * rng.weibull(shape, count)
        case Erlang(k, mean):
            return rng.gamma(k, mean / k, count)
        case Hyperexponential(p, means):
            return rng.exponential(rng.choice(means, count, p=p))
        case Quantiles():
            return np.interp(rng.random(count), stay.at, stay.values)
        case Uniform(low, high):
            return rng.uniform(low, high, count)
        case Triangular(low, mode, high):
            return rng.triangular(low, mode, high, count)
        case Discrete(values, p):
            return rng.choice(values, count, p=p)
    return np.full(count, stay.value)


class TestChanges:
    """Each kind of change."""

    def test_more_places_from_a_day(self):
        """Ten more from 1 February: 27 days of 24 hours after the model begins."""
        now = made("places service=Ward more=10 from=2026-02-01").nodes["Ward"].servers
        assert now == Dated(((0.0, Schedule(((0.0, 20),))), (648.0, Schedule(((0.0, 30),)))))

    def test_staff_until_a_time(self):
        """Half the nurses between two times."""
        now = made("places service=Nurses times=0.5 from=10 until=20").pools["Nurses"]
        assert [(when, each.most) for when, each in now.changes] == [(0, 6), (10, 3), (20, 6)]

    def test_two_that_add_up(self):
        """Differences of one service are summed."""
        assert made("places service=Ward more=3", "places service=Ward more=-1").nodes[
            "Ward"
        ].servers == Schedule(((0.0, 22),))

    def test_shorter_stays_of_some(self):
        """Of old people alone."""
        now = made("stays service=Ward times=0.5 who.age=old").nodes["Ward"].service
        assert now == By("age", {"old": Lognormal(30, 1)}, Lognormal(60, 1))

    def test_stays_everywhere(self):
        """Without a service, at all of them."""
        assert made("stays times=2").nodes["ED"].service == Exponential(6)

    @pytest.mark.parametrize("stay", [
        Exponential(200), Lognormal(150, 1.2), Gamma(2, 90), Weibull(0.8, 160), Erlang(3, 220),
        Hyperexponential((0.7, 0.3), (60, 500)), Quantiles((0, 100, 500)), Uniform(0, 600),
        Triangular(10, 200, 900), Discrete((100, 400), (0.5, 0.5)), Fixed(340),
    ])  # fmt: skip
    @pytest.mark.parametrize("factor", [0.86, 1.3])
    def test_long_stays_alone(self, stay, factor):
        """Stays over 14 days times a factor: the mean that many drawn values have."""
        drawn = sample(stay, 40_000)
        changed = np.where(drawn > 336, drawn * factor, drawn)
        now = beyond(stay, 336, factor)
        error = 5 * changed.std() / len(changed) ** 0.5 + 1e-9
        assert abs(now.mean - changed.mean()) <= error
        assert beyond(stay, 336, 1.0) == stay

    def test_long_stays_in_words(self):
        """ "14 days" in a model of hours are 336."""
        now = made("stays service=Ward times=0.86 over='14 days' who.age=old").nodes["Ward"]
        assert now.service.options["old"] == beyond(Lognormal(60, 1), 336, 0.86)

    def test_patience(self):
        """Times a factor, for a class."""
        now = made("patience service=ED times=2 class=COPD").nodes["ED"].patience
        assert now == By("class", {"COPD": Exponential(12)}, Exponential(6))

    def test_a_share_is_sent_elsewhere(self):
        """Where they went is kept for those who are not."""
        now = made("send leaving=Ambulance share=40% class=COPD to=Practice instead_of=ED")
        way = now.nodes["Ambulance"].next
        kept = Chances((("Practice", 0.4), ("ED", 0.6)))
        assert way == By(
            "class", {"COPD": Chances(((kept, 0.7), ("out", 0.3)))},
            Chances((("ED", 0.7), ("out", 0.3))),
        )  # fmt: skip

    def test_a_share_of_those_who_call_is_sent_elsewhere_first(self):
        """They are sorted in no time as they come."""
        now = made("send leaving=calls share=0.4 class=COPD to=Practice")
        assert now.arrivals["calls"].node == "calls: where to"
        assert now.nodes["calls: where to"].service.mean == 0

    def test_a_service_closes(self):
        """Nobody is sent there from then on."""
        now = made("close service=Spare instead=out", "close service=ED instead=Practice from=100")
        assert now.nodes["Practice"].next.changes[1] == (
            100.0, Chances((("Practice", 0.1), ("out", 0.9)))
        )  # fmt: skip
        assert now.nodes["walk in: where to"].next.changes == ((0.0, "ED"), (100.0, "Practice"))

    def test_a_service_opens(self):
        """It works like another, and has no places before its day."""
        now = made("open service=New like=Spare places=7 from=50", "send leaving=ED share=1 to=New")
        assert now.nodes["New"].service == Exponential(60)
        assert [n.most for _, n in now.nodes["New"].servers.changes] == [0, 7]

    def test_more_arrivals_of_a_class(self):
        """The inflow is divided: parts of a Poisson process are such."""
        now = made("arrivals inflow=calls times=2 class=COPD from=24").arrivals
        assert now["calls"].process == Poisson((1.5,), 1.0)
        parts = now["calls: COPD"].process.changes
        assert parts == ((0.0, Poisson((0.5,), 1.0)), (24.0, Poisson((1.0,), 1.0)))

    def test_more_arrivals_at_some_hours(self):
        """From six in the evening until six in the morning, by the clock of the day."""
        now = made("arrivals inflow=calls times=3 hours=18-6").arrivals["calls"].process
        assert now.every == 24
        by_hour = [now.rates[h * len(now.rates) // 24] for h in (0, 5, 6, 17, 18, 23)]
        assert by_hour == [6, 6, 2, 2, 6, 6]

    def test_another_roster(self):
        """From a day on."""
        now = made("staffing service=ED changes=0:5,8:12 every=24 from=48").nodes["ED"].servers
        assert now.changes[1] == (48.0, Schedule(((0.0, 5), (8.0, 12)), 24.0))


class TestLaws:
    """What holds for all scenarios."""

    def test_nothing(self):
        """Doing nothing is the model itself."""
        assert applied(MODEL, NOTHING) is MODEL

    @pytest.mark.parametrize("line", [
        "stays times=1", "patience service=ED times=1 class=COPD", "arrivals times=1 inflow=calls",
        "send leaving=ED share=0 to=Spare", "send leaving=calls share=0 to=Spare",
        "places service=Ward more=0 from=30", "places service=Ward times=1 from=2026-03-01",
    ])  # fmt: skip
    def test_a_factor_of_one(self, line):
        """A change that changes nothing leaves the same model."""
        assert made(line) == MODEL

    @given(st.permutations([
        "places service=Ward more=3 from=100", "places service=Nurses more=3 from=100",
        "stays service=Ward times=0.9 who.age=old", "stays times=1.1 service=Ward class=COPD",
        "send leaving=ED share=0.2 to=Spare instead_of=Ward from=50", "patience service=ED times=2",
        "arrivals times=1.05 inflow=calls", "arrivals times=1.2 class=COPD inflow=calls from=10",
    ]))  # fmt: skip
    def test_the_order_does_not_matter(self, lines):
        """Changes are a set, in whatever order they are written."""
        assert made(*lines) == made(*sorted(lines))

    @given(st.lists(st.sampled_from([
        "places service=Ward more=3 from=2026-02-01",
        "staffing service=ED changes=0:5,8:12 every=24",
        "send leaving=calls share=0.4 to=Practice class=COPD", "close service=Ward instead=out",
        "open service=New like=ED places=2", "stays times=0.86 over='14 days' who.age=old",
        "arrivals times=1.05 hours=8-18", "patience service=ED times=2 until=30.5",
    ]), max_size=4))  # fmt: skip
    def test_written_and_read(self, lines):
        """A scenario that is written is read as the same, and says what it does."""
        changes = tuple(change_of(line_of(each)) for each in lines)
        scenario = Scenario(name="it", note="why", changes=changes)
        assert read(plain(scenario)) == scenario
        assert all(sentence(each) for each in changes)


WRONG = [
    ("places service=Wrd more=1", "no service or pool of staff 'Wrd'.*Did you mean 'Ward'"),
    ("places service=Practice more=1", "as many places as it takes"),
    ("places service=Ward more=-21", "has 20, and 21 are taken away"),
    ("places service=Ward", "nothing of the number"),
    ("places service=Ward more=1 to=3", "more and to"),
    ("places service=Ward more=1.5", "not a whole number"),
    ("places service=Ward more=1 from=2031-01-01", "the model runs from 2026-01-05"),
    ("places service=Ward more=1 from=2025-12-31", "the model runs from 2026-01-05"),
    ("places service=Ward more=1 from=20 until=10", "before it begins"),
    ("places service=Ward more=1 from=soon", "Give a day such as"),
    ("places servce=Ward more=1", "no key 'servce'.*Did you mean 'service'"),
    ("place service=Ward more=1", "nothing is called 'place'.*'places'"),
    ("send leaving=ED share=1.4 to=Ward", "A share is from 0 to 1"),
    ("send leaving=ED share=much to=Ward", "not a number"),
    ("send leaving=list share=0.5 to=ED", "full leaves at once"),
    ("stays times=-1", "A factor is 0 or more"),
    ("stays times=0.5 class=asthma", "no class 'asthma'"),
    ("stays times=0.5 who.agee=old", "no attribute of people 'agee'.*'age'"),
    ("arrivals times=2 inflow=list", "cannot be multiplied so"),
    ("arrivals times=2 inflow=calls hours=8", "two hours of the day"),
    ("arrivals times=2 who.age=old", "cannot be changed by age"),
    ("arrivals times=2 inflow='walk in' class=COPD", "nobody of COPD"),
    ("open service=Ward like=ED places=1", "is a service 'Ward' already"),
    ("patience service=Ward times=2", "for ever"),
    ("close service=Ward", "does not say 'instead'"),
]


class TestRefused:
    """What is wrong is named, with the cure."""

    @pytest.mark.parametrize(("line", "words"), WRONG)
    def test_a_wrong_change(self, line, words):
        """Each mistake by its place."""
        with pytest.raises(BadConfig, match=words) as caught:
            made(line)
        assert caught.value.cure

    @pytest.mark.parametrize(("lines", "words"), [
        (("places service=Ward to=3", "places service=Ward more=1"), "how many places Ward has"),
        (("close service=ED instead=out", "send leaving=Ambulance share=1 to=ED"),
         "sent to ED, which is closed then"),
        (("close service=ED instead=Ward", "close service=Ward instead=out from=50"),
         "would go to Ward"),
        (("close service=Ward instead=out", "places service=Ward more=1"), "is closed then"),
        (("stays times=0.9 over=30", "stays times=0.9 service=ED"), "only the long ones"),
    ])  # fmt: skip
    def test_changes_that_contradict_each_other(self, lines, words):
        """Whichever way round they are written."""
        for some in itertools.permutations(lines):
            with pytest.raises(BadConfig, match=words):
                made(*some)

    def test_days_that_do_not_meet_are_no_contradiction(self):
        """First three places, later one more."""
        made("places service=Ward to=3 until=50", "places service=Ward more=1 from=50")

    @pytest.mark.parametrize("text", ["{", "[", '{"changes": []}', '{"name": "a", "change": []}',
                                      '{"name": "a", "changes": [{"service": "ED"}]}'])  # fmt: skip
    def test_no_scenario(self, text):
        """A text that is none."""
        with pytest.raises(BadConfig):
            scenario_of(text)

    @pytest.mark.parametrize("line", ["", "service=Ward", "places service", "places 'a"])
    def test_no_line(self, line):
        """Words that are no change."""
        with pytest.raises(BadConfig):
            line_of(line)


def test_toml_says_the_same():
    """With the dates of TOML."""
    text = (
        'name = "it"\n[[changes]]\nchange = "places"\nservice = "Ward"\nmore = 1\nfrom = 2026-02-01'
    )
    line = "places service=Ward more=1 from=2026-02-01"
    assert scenario_of(text).changes == (change_of(line_of(line)),)


def test_two_models_line_by_line():
    """What was and what is, by its place."""
    after = made("places service=Spare to=9")
    assert list(diff(model_json(MODEL), model_json(after))) == [
        "- nodes.Spare.servers: 5", "+ nodes.Spare.servers: 9",
    ]  # fmt: skip


def test_a_grid_of_two_settings():
    """Every value of one with every value of the other."""
    points = grid(["places service=Ward more=0..4:2", "stays times=0.9,1 service=ED"])
    assert [settings for settings, _ in points] == [
        (a, b) for a in ("0", "2", "4") for b in ("0.9", "1")
    ]
    assert points[0][1].name == "Ward more 0, ED times 0.9"


@pytest.mark.parametrize("line", [
    "places service=Ward more=1", "places service=Ward more=5..1", "stays times=a..b",
    "places service=Ward more=0..1000", "places service=Ward more=1,2 times=2,3",
])  # fmt: skip
def test_no_grid(line):
    """A line in which nothing varies, or too much."""
    with pytest.raises(BadConfig):
        grid([line])


@pytest.mark.parametrize("line", [
    "send leaving=ED share=0.5 to=Old", "close service=Ward instead=Old",
    "send leaving=ED share=0.5 to=Old from=2026-02-01",
])  # fmt: skip
def test_a_service_that_closes_in_the_model(line):
    """Nobody is sent where there is no place for good; until then, or with new places, they are."""
    said = {
        "horizon": 2000, "starts": "2026-01-05T00:00:00+00:00",
        "nodes": {
            "ED": {"servers": 9, "service": 2, "next": {"Ward": 0.4, "out": 0.6}},
            "Ward": {"servers": 9, "service": 9},
            "Old": {"servers": {"from": [[0, 3], [408, 0]]}, "service": 3},
        },
        "arrivals": {"in": {"node": "ED", "rate": 1}},
    }  # fmt: skip
    model = model_read(said)

    def with_(*lines):
        changes = [line_of(each) for each in lines]
        return applied(model, read({"name": "it", "changes": changes}))

    with pytest.raises(BadConfig, match="Old has no places from 22 January 2026 on, so whoever"):
        with_(line)
    with_(line, "places service=Old to=4")
    if "from" not in line:
        with_(f"{line} until=2026-01-20")


@pytest.mark.parametrize(("servers", "closed"), [
    ({"from": [[0, 3], [100, 0], [408, 0]]}, 100), ({"from": [[0, 0], [9, 2], [20, 0]]}, 20),
    ({"from": [[0, 3], [100, 0], [408, 1]]}, None), ({"changes": [[0, 2], [8, 0], [9, 0]]}, 8),
    ({"changes": [[0, 2], [8, 0]], "every": 24}, None),
])  # fmt: skip
def test_closed_from_the_first_day_without_places(servers, closed):
    """Not from the last: who was sent there in between would wait for ever."""
    said = {
        "horizon": 500, "nodes": {"Old": {"servers": servers, "service": 1}},
        "arrivals": {"in": {"node": "Old", "rate": 1}},
    }  # fmt: skip
    assert closed_from(model_read(said).nodes["Old"].servers) == closed
