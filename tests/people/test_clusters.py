"""Who is one person: the strongest links first, no conflict ever, whatever the order."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.people.clusters import MERGE, NUMBER, SCORE, SOURCE, Held, Link, resolve

KEYS = {i: i for i in range(12)}
NUMBERS = ("9434765919", "9434765870", "9434765943")


def held(value, superseded=()):
    return Held(frozenset({("nhs", value)}), frozenset(("nhs", s) for s in superseded))


def test_the_weakest_link_of_a_conflict_is_cut():
    links = [Link(1, 2, SCORE, 20.0), Link(2, 3, SCORE, 12.0), Link(3, 4, SCORE, 18.0)]
    result = resolve(links, held={1: held(NUMBERS[0]), 4: held(NUMBERS[1])}, keys=KEYS)
    assert list(map(list, result.groups)) == [[1, 2], [3, 4]]
    assert list(result.cut) == [links[1]]


def test_an_officer_goes_before_a_source_before_a_number_before_a_weight():
    links = [Link(1, 2, SCORE, 99.0), Link(1, 3, NUMBER), Link(1, 4, SOURCE), Link(1, 5, MERGE)]
    apart = list(combinations((2, 3, 4, 5), 2))
    assert list(map(list, resolve(links, held={}, apart=apart, keys=KEYS).groups)) == [[1, 5]]


def test_a_superseded_number_conflicts_with_nothing():
    both = {1: held(NUMBERS[1], superseded=[NUMBERS[0]]), 2: held(NUMBERS[0])}
    assert resolve([Link(1, 2, NUMBER)], held=both, keys=KEYS).groups == [[1, 2]]


nodes = st.integers(0, 11)
links = st.lists(
    st.builds(
        lambda a, b, rule, weight: Link(min(a, b), max(a, b), rule, weight),
        nodes, nodes, st.sampled_from([MERGE, SOURCE, NUMBER, SCORE]), st.floats(0, 30),
    ),
    unique_by=lambda link: (link.a, link.b, link.rule),
    max_size=30,
)  # fmt: skip
numbers = st.dictionaries(nodes, st.sampled_from(NUMBERS).map(held))
pairs = st.lists(st.tuples(nodes, nodes).filter(lambda p: p[0] != p[1]), max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(links=links, numbers=numbers, apart=pairs, shuffled=st.randoms())
def test_no_group_holds_a_conflict_and_order_does_not_matter(links, numbers, apart, shuffled):
    result = resolve(links, held=numbers, apart=apart, keys=KEYS)
    for group in result.groups:
        values = {v for i in group if i in numbers for v in numbers[i].active}
        assert len(values) <= 1
        assert not any(a in group and b in group for a, b in apart)
    again = list(links)
    shuffled.shuffle(again)
    assert resolve(again, held=numbers, apart=apart, keys=KEYS).groups == result.groups
