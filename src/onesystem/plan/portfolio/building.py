"""A problem out of what a district does today, what options change, and what is allowed. Pure.

Today's work is done by the staff that there is, less the posts that stand empty; so where demand
grows faster than staff and money, doing nothing leaves work undone, and options are weighed by how
much of that they spare. Options bring their staff and money with them (`setup`, `running`), and
their staff are looked for in the same groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from onesystem.plan.portfolio import training
from onesystem.plan.portfolio.shape import Choice, Group, Problem, Service
from onesystem.plan.portfolio.work import Care, Post
from onesystem.vocabulary import BadConfig

_OVER_55, _YEARS_LEFT = 0.17, 5  # of staff, and by when they retire: the article of 16 May 2014
_SAFE, _DAYS = 0.92, 365.25
_AGENCY = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What is done of one kind of care in a year: units, what one costs, how many places there
    are (0: as many as it takes), and how fast the need for it grows where that is known.
    """

    setting: str
    units: float
    cost: int
    places: int = 0
    grows: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an option comes to in a year: units less by setting, places more, money, posts, lag."""

    key: str
    title: str
    setup: int
    running: int
    lag_months: int
    posts: Mapping[str, float]
    less: Mapping[str, float]
    places: Mapping[str, float] = field(default_factory=dict)
    earliest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a plan may use, as its makers say it; each shown as an assumption beside the figures.

    Shares are a year's. `money` is how much more there is to spend each year than the year before,
    over prices; `extra` is money on top in every year, in minor units. `worth` is what a unit left
    undone counts as, in times of what it costs. With `case`, need grows as the case for change of
    the plan's area says, and `demand` is only for care that it does not name. `must` says by which
    quarter an option has to have started, `banned` which may not.
    """

    years: int = 5
    case: bool = True
    demand: float = 0.015
    money: float = 0.01
    extra: int = 0
    starts: float = 2.0
    hires: float = 0.12
    empty: float = 0.08
    agency: float = 0.05
    worth: float = 2.0
    floor: float = 0.0
    must: Mapping[str, int] = field(default_factory=dict)
    banned: tuple[str, ...] = ()


_RANGES = {
    "demand": (-0.1, 0.2), "money": (-0.1, 0.2), "starts": (0, 20), "hires": (0, 1),
    "empty": (0, 0.5), "agency": (0, 1), "worth": (0.1, 50), "floor": (0, 1),
}  # fmt: skip
QUARTERS = 4
_MOMENTS = 20


def allowed(said: Mapping[str, Any]) -> Allowed:
    """What a question says is allowed. Raises BadConfig."""
    given = {f.name: said[f.name] for f in fields(Allowed) if f.name in said}
    made = Allowed(**{**given, "banned": tuple(given.get("banned", ()))})
    if made.years not in (5, 20):
        raise BadConfig(f"a portfolio is not over {made.years} years", "Choose 5 or 20.")
    for name, (low, high) in _RANGES.items():
        if not low <= getattr(made, name) <= high:
            raise BadConfig(
                f"{name} is {getattr(made, name):g}", f"Give a number from {low:g} to {high:g}."
            )
    return made


def problem(
    today: Mapping[str, Today], changes: tuple[Change, ...], may: Allowed,
    care: Mapping[str, Care], posts: Mapping[str, Post], trained: Mapping[str, Any] | None = None,
) -> Problem:  # fmt: skip
    """The problem, by quarter. What is not staffed by the data is left out.

    `trained` is what a plan of staff gives (`training`): who comes and leaves, money for training.
    """
    kinds = [care[name] for name in today if name in care]
    quarters = may.years * QUARTERS
    needed = _needed(kinds, today)
    used = [each for code, each in posts.items() if needed.get(code) or _asked(changes, code)]
    given = training.read((trained or {}).get("of", {}))
    groups = tuple(
        _group(each, needed.get(each.code, 0.0), may, given.get(each.code)) for each in used
    )
    there = {each.code: group.there for each, group in zip(used, groups, strict=True)}
    money = (trained or {}).get("money")
    services = tuple(_service(each, today[each.setting], may, quarters, posts) for each in kinds)
    moments = min(_MOMENTS, quarters) if changes else 0
    places = {
        each.places: (today[each.setting].places * _DAYS / QUARTERS * _SAFE,) * quarters
        for each in kinds if each.places and today[each.setting].places
    }  # fmt: skip
    return Problem(
        periods=quarters, a_year=QUARTERS, services=services, groups=groups,
        choices=tuple(_choice(each, may, kinds, used, places) for each in changes),
        money=_money(groups, services, may), change=(may.starts,) * moments, places=places,
        training=training.left(money, given, there, may.years), every=1, moments=moments,
    )  # fmt: skip


def _needed(kinds: list[Care], today: Mapping[str, Today]) -> dict[str, float]:
    """Minutes of each group that today's work takes in a year, shared among those who can do it.

    A group that an option looks for, but today's work does not, has none yet.
    """
    found: dict[str, float] = {}
    for each in kinds:
        units = today[each.setting].units
        for code, minutes in each.one_of.items():
            share = units / len(each.one_of)
            found[code] = found.get(code, 0.0) + share * minutes
        for code, minutes in each.also.items():
            found[code] = found.get(code, 0.0) + units * minutes
    return found


def _asked(changes: tuple[Change, ...], code: str) -> bool:
    return any(each.posts.get(code) for each in changes)


def _group(post: Post, minutes: float, may: Allowed, given: training.Given | None) -> Group:
    full = minutes / post.minutes
    there = full * (1 - may.empty)
    leaving = (post.turnover + _OVER_55 / _YEARS_LEFT) / QUARTERS
    # Where no plan says who comes, who left is followed by as many in training.
    coming = dict.fromkeys(range(may.years * QUARTERS), there * leaving)
    if given is not None:
        leaving = given.leaving
        coming = {at: there * each for at, each in enumerate(given.coming) if each}
    return Group(
        name=post.name, minutes=post.minutes / QUARTERS, there=there,
        leaving=leaving, training=round(post.months / 3), coming=coming,
        most_hired=max(full, 1.0) * may.hires / QUARTERS, hiring=post.place,
        pay=round(post.pay / QUARTERS), agency=round(post.pay * _AGENCY / QUARTERS),
        most_agency=max(full, 1.0) * may.agency,
    )  # fmt: skip


def _service(
    kind: Care, now: Today, may: Allowed, quarters: int, posts: Mapping[str, Post]
) -> Service:
    """A unit's cost is what it costs besides the pay of those who do it."""
    paid = sum(m * posts[c].pay / posts[c].minutes for c, m in kind.also.items())
    each = [m * posts[c].pay / posts[c].minutes for c, m in kind.one_of.items()]
    paid += sum(each) / len(each)
    grows = 1 + (may.demand if now.grows is None else now.grows)
    wanted = tuple(now.units / QUARTERS * grows ** (t / QUARTERS) for t in range(quarters))
    name = {code: each.name for code, each in posts.items()}
    bounded = bool(kind.places and now.places)
    return Service(
        name=kind.unit, wanted=wanted, undone=round(max(now.cost, paid) * may.worth),
        minutes={name[c]: m for c, m in kind.one_of.items()},
        also={name[c]: m for c, m in kind.also.items()}, cost=max(0, round(now.cost - paid)),
        floor=may.floor, place=kind.places if bounded else "", takes=1.0 if bounded else 0.0,
    )  # fmt: skip


def _choice(
    change: Change, may: Allowed, kinds: list[Care], used: list[Post], places: Mapping[str, Any]
) -> Choice:
    by_setting = {each.setting: each for each in kinds}
    more = {
        by_setting[s].places: round(n * _DAYS / QUARTERS * _SAFE, 6)
        for s, n in change.places.items()
        if s in by_setting and by_setting[s].places in places and n
    }
    return Choice(
        name=change.title, setup=change.setup, running=round(change.running / QUARTERS),
        lag=round(change.lag_months / 3), places=more,
        staff={each.name: change.posts[each.code] for each in used if change.posts.get(each.code)},
        less={
            by_setting[s].unit: n / QUARTERS for s, n in change.less.items()
            if s in by_setting and abs(n) > 1e-9
        },
        earliest=change.earliest, by=may.must.get(change.key), banned=change.key in may.banned,
    )  # fmt: skip


def _money(
    groups: tuple[Group, ...], services: tuple[Service, ...], may: Allowed
) -> tuple[int, ...]:
    """What is spent today, growing as is said, and what comes on top."""
    spent = sum(each.there * each.pay * QUARTERS for each in groups)
    spent += sum(each.cost * each.wanted[0] * QUARTERS for each in services)
    return tuple(
        round(spent * (1 + may.money) ** (year + 1)) + may.extra for year in range(may.years)
    )
