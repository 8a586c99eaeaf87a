"""The figures of a set of options, out of what each replication of the twin came to. Pure.

What the services that an option opens cost stands in the option's own lines and not here: a service
is in the view only where it is there today.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onesystem.plan.options import homes as living
from onesystem.plan.options.weighing import (
    FIFTH,
    FUNDER,
    GROUP,
    HOME,
    ORGANISATION,
    PLACE,
    SETTING,
    WHOLE,
    Row,
    SetResult,
)
from onesystem.twin.network.results import ALL
from onesystem.twin.scenarios.comparing import Estimate, estimate, paired
from onesystem.twin.scenarios.routes import WAY
from onesystem.twin.scenarios.summing import Summary, Values
from onesystem.vocabulary.said import say

_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the district says of the services of a model, and who pays for which kind."""

    settings: Mapping[str, str]
    places: Mapping[str, str]
    organisations: Mapping[str, str]
    payers: Mapping[str, Mapping[str, float]]  # by setting: funder to share
    groups: Sequence[str]
    people: float
    homes: living.Places = field(default_factory=dict)
    fifths: living.Places = field(default_factory=dict)  # the most deprived first


def weighed(
    name: str, keys: Sequence[str], nothing: Summary, by_strength: Mapping[str, Summary],
    view: View, strength: str, alone: Sequence[Summary] = (),
) -> SetResult:  # fmt: skip
    """The figures of a set at the strength it is taken at, with the ends of its range.

    `alone` are the runs of each of its options by itself, where all of them were run.
    """
    base = _figures(nothing, view)
    every = {at: _figures(each, view) for at, each in by_strength.items()}
    each_alone = [_figures(each, view) for each in alone]
    rows = []
    for key, values in every[strength].items():
        before = base.get(key, [0.0] * nothing.replications)
        ends = [_mean(every[at].get(key), before) for at in ("low", "high") if at in every]
        known = [each for each in ends if each is not None]
        changed = paired(values, before)
        summed = _summed([paired(each[key], before) for each in each_alone if key in each])
        whole = bool(each_alone) and all(key in each for each in each_alone)
        rows.append(
            Row(kind=key[0], label=key[1], figure=key[2], nothing=estimate(before),
                value=estimate(values), difference=estimate(changed),
                added=estimate(summed) if whole else None,
                beyond=estimate(paired(changed, summed)) if whole else None,
                least=min(known, key=abs, default=None), most=max(known, key=abs, default=None))
        )  # fmt: skip
    rows += _spread(every, base, strength)
    return SetResult(name=name, keys=tuple(keys), rows=tuple(rows))


def _mean(values: Values | None, before: Values) -> float | None:
    return None if values is None else estimate(paired(values, before)).mean


Key = tuple[str, str, str]
Figured = dict[Key, Values]


def _figures(summary: Summary, view: View) -> Figured:
    """All figures of a run, one value for each replication, of a year on average."""
    scale = _YEAR / summary.days
    found: Figured = {}
    values = summary.values
    nodes = [node for node in view.settings if ("taken in", node, ALL) in values]
    found |= _of(WHOLE, "", nodes, values, view, scale, summary)
    for kind, of in ((SETTING, view.settings), (PLACE, view.places),
                     (ORGANISATION, view.organisations)):  # fmt: skip
        for label in dict.fromkeys(of[node] for node in nodes if of.get(node)):
            mine = [node for node in nodes if of.get(node) == label]
            found |= _of(kind, label, mine, values, view, scale)
    for label in view.groups:
        for figure, name in (("wait", "wait"), ("bed-days", say("days in beds"))):
            if (name, "", label) in values:
                times = scale if figure == "bed-days" else 1.0
                found[GROUP, label, figure] = _times(values[name, "", label], times)
        if came := living.admitted(label, view.settings, values):
            found[GROUP, label, "admissions"] = _times(list(came), scale)
    for kind, where in ((HOME, view.homes), (FIFTH, view.fifths)):
        told = living.told(where, view.settings, values, summary.days)
        found |= {(kind, label, figure): each for (label, figure), each in told.items()}
    ends = [each for label in view.fifths
            if (each := found.get((FIFTH, label, "admissions a head")))]  # fmt: skip
    if len(ends) > 1:
        found[WHOLE, "", "gap"] = living.gap(ends)
    return found | _paid(nodes, values, view, scale)


def _of(
    kind: str, label: str, nodes: Sequence[str], values: Any, view: View, scale: float,
    whole: Summary | None = None,
) -> Figured:  # fmt: skip
    """The figures of some services together; of all, where the whole run is given."""

    def at(*settings: str) -> list[str]:
        return [node for node in nodes if view.settings[node] in settings]

    def total(figure: str, some: Sequence[str]) -> Values:
        return _added([values[figure, node, ALL] for node in some if (figure, node, ALL) in values])

    found: Figured = {}

    def put(figure: str, some: Values) -> None:
        if some:
            found[kind, label, figure] = some

    put(say("ED wait"), _waited(at("ED"), values))
    put(say("bed wait"), _waited(at("ward"), values))
    put(say("planned wait"), _waited(at("outpatient"), values))
    put("attendances", _times(total(say("taken in"), at("ED")), scale))
    put("bed-days", _times(total(say("days in service"), at("ward")), scale))
    put("beds", total(say("places used"), at("ward")))
    put("admissions", _times(_admitted(at("ward"), values, view), scale))
    put("cost", _times(total("cost", nodes), scale))
    put(say("staff hours"), _times(total(say("staff hours"), nodes), scale))
    put("wait", _waited(nodes, values))
    if whole is not None:
        put("gridlock", _times(values.get(("gridlock days", "", ALL), []), scale))
        put(
            say("days at home"),
            _times(
                _home(at("ward", "rehabilitation", say("care home")), values, view, whole), scale
            ),
        )
    elif kind == ORGANISATION:
        put("contacts", _times(total(say("taken in"), nodes), scale))
    return found


def _home(beds: Sequence[str], values: Any, view: View, run: Summary) -> Values:
    """Days that people spend out of beds: as the model counts them, else all days but those."""
    told = values.get(("days at home", "", ALL))
    if told and any(each is not None for each in told):
        return list(told)
    inside = _added([values["days in service", node, ALL] for node in beds])
    return [view.people * run.days - (each or 0.0) for each in inside]


def _admitted(wards: Sequence[str], values: Any, view: View) -> Values:
    """People who come to a ward from outside wards."""
    mine = set(wards)
    every = {node for node, setting in view.settings.items() if setting == "ward"}
    return _added([
        each for (figure, where, _), each in values.items()
        if figure == "went" and (ends := where.split(WAY))[1] in mine and ends[0] not in every
    ])  # fmt: skip


def _waited(nodes: Sequence[str], values: Any) -> Values:
    """The mean wait of all who were taken in by these services."""
    some = [(values["wait", n, ALL], values["taken in", n, ALL]) for n in nodes
            if ("wait", n, ALL) in values]  # fmt: skip
    if not some:
        return []
    made: Values = []
    for nth in range(len(some[0][0])):
        pairs = [(w[nth] or 0.0, c[nth] or 0.0) for w, c in some]
        count = sum(c for _, c in pairs)
        made.append(sum(w * c for w, c in pairs) / count if count else None)
    return made


def _paid(nodes: Sequence[str], values: Any, view: View, scale: float) -> Figured:
    """What each funder pays for the services that there are, at the average of each kind."""
    found: Figured = {}
    for node in nodes:
        cost = values.get(("cost", node, ALL))
        for funder, share in view.payers.get(view.settings[node], {}).items() if cost else ():
            key = (FUNDER, funder, "cost")
            part = _times(cost, scale * share)
            found[key] = _added([found[key], part]) if key in found else part
    return found


def _spread(every: Mapping[str, Figured], base: Figured, strength: str) -> Iterator[Row]:
    """How far places drift apart: the largest relative change of any less the smallest.

    Of places of care by their bed-days, of places where people live by their admissions.
    """
    for kind, figure, name in (
        (PLACE, "bed-days", "spread"), (HOME, say("admissions a head"), say("home spread")),
    ):  # fmt: skip
        before = {k[1]: values for k, values in base.items() if k[::2] == (kind, figure)}
        if len(before) < 2:
            continue
        drift = {
            at: living.apart({label: some[kind, label, figure] for label in before
                             if (kind, label, figure) in some}, before)
            for at, some in every.items()
        }  # fmt: skip
        values = drift[strength]
        ends = [e for at in ("low", "high") if at in drift and (e := estimate(drift[at]).mean)]
        zero = Estimate(0.0, 0.0, 0.0)
        yield Row(kind=WHOLE, label="", figure=name, nothing=zero, value=estimate(values),
                  difference=estimate(values), least=min(ends, default=None),
                  most=max(ends, default=None))  # fmt: skip


def _added(every: Sequence[Values]) -> Values:
    if not every:
        return []
    return [sum(each or 0.0 for each in some) for some in zip(*every, strict=True)]


def _summed(every: Sequence[Values]) -> Values:
    """The sum in each replication that has all of them."""
    return [
        None if any(each is None for each in some) else sum(each for each in some if each)
        for some in zip(*every, strict=True)
    ]


def _times(values: Values, factor: float) -> Values:
    return [None if each is None else each * factor for each in values]
