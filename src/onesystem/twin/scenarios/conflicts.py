"""Changes that name what is not there, or contradict each other. Pure. Raises BadConfig."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from itertools import combinations

from onesystem.twin.network.model import CLASS, OUT, UNITS, Dated, Model, Schedule, Staffing
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.dated import Span
from onesystem.vocabulary import BadConfig, nearest

Placed = tuple[of.Change, str, Span]  # a change, what messages call it, when it holds


def look(change: of.Change, model: Model, opened: Collection[str], at: str) -> None:
    """Whether all that a change names is in the model, or was opened."""
    nodes = {*model.nodes, *opened}
    known = {
        "service": ("service", nodes),
        "instead": ("service", {*nodes, OUT}),
        "to": ("service", {*nodes, OUT}),
        "instead_of": ("service", {*nodes, OUT}),
        "like": ("service", model.nodes),
        "inflow": ("inflow", model.arrivals),
        "leaving": ("service or inflow", {*nodes, *model.arrivals}),
    }  # fmt: skip
    if isinstance(change, of.Places | of.Staffing):
        known["service"] = ("service or pool of staff", {*nodes, *model.pools})
    if isinstance(change, of.Open) and change.service in model.nodes:
        msg = f"{at}: there is a service {change.service!r} already"
        raise BadConfig(msg, "Give the new one another name, or change its places.")
    for key, (what, names) in known.items():
        said = getattr(change, key, None)
        if isinstance(said, str) and said:
            _known(at, said, names, what)
    for attribute, levels in getattr(change, "who", {}).items():
        _known(at, attribute, (CLASS, *model.attributes), "attribute of people")
        for level in levels:
            _known(at, level, model.levels(attribute), attribute)


def _known(at: str, name: str, known: Iterable[str], what: str) -> None:
    names = list(known)
    if name not in names:
        msg = f"{at}: there is no {what} {name!r} in the model"
        raise BadConfig(msg, nearest(name, names))


def contradict(placed: Sequence[Placed], name: str) -> None:
    """Raise BadConfig where two changes cannot both be meant."""
    for (a, at, span), (b, _, other) in combinations(placed, 2):
        if not _overlap(span, other):
            continue
        why = _both_set(a, b) or _both_long(a, b) or _closed(a, b) or _closed(b, a)
        if why:
            where = at.rsplit(", ", 1)[-1]
            raise BadConfig(
                f"{name!r}: {where} contradicts another one: {why}",
                "Take one of the two away, or give them days that do not meet.",
            )


def not_closing(placed: Sequence[Placed], model: Model) -> None:
    """Raise BadConfig where people are sent to a service that closes for good in the model."""
    reopened = {c.service for c, *_ in placed if isinstance(c, of.Places | of.Staffing)}
    for change, at, (_, until) in placed:
        to = getattr(change, "to", "") or getattr(change, "instead", "")
        node = model.nodes.get(to) if isinstance(to, str) else None
        if node is None or to in reopened or node.servers is None:
            continue
        closes = closed_from(node.servers)
        if closes is not None and closes < (model.horizon if until is None else until):
            day = model.starts + timedelta(seconds=closes * UNITS[model.unit])
            raise BadConfig(
                f"{at}: {to} has no places from {day:%-d %B %Y} on, so whoever is sent there would "
                "wait for ever",
                f"Send them elsewhere, end the change before then, or give {to} places.",
            )


def closed_from(servers: Staffing) -> float | None:
    """The time from which a service has no places for good; None where there is no such time."""
    if not isinstance(servers, Dated) and servers.every is not None:
        return None
    closed: float | None = None
    for when, there in servers.changes:
        places = there.most if isinstance(there, Schedule) else there
        closed = None if places else when if closed is None else closed
    return closed


def _both_set(a: of.Change, b: of.Change) -> str:
    """Two that say what the number of places is; differences alone can be summed."""
    kinds = (of.Places, of.Staffing)
    if not (isinstance(a, kinds) and isinstance(b, kinds)) or a.service != b.service:
        return ""
    if _differs(a) and _differs(b):
        return ""
    return f"both say how many places {a.service} has"


def _both_long(a: of.Change, b: of.Change) -> str:
    """Which of the two came first would matter, since one decides who is long."""
    if not (isinstance(a, of.Stays) and isinstance(b, of.Stays)):
        return ""
    if a.over is None and b.over is None:
        return ""
    apart = any(set(a.who[each]).isdisjoint(b.who[each]) for each in a.who if each in b.who)
    if apart or (a.service and b.service and a.service != b.service):
        return ""
    return "both change the same stays, and one of them only the long ones"


def _differs(change: of.Change) -> bool:
    return isinstance(change, of.Places) and change.more is not None


def _closed(a: of.Change, b: of.Change) -> str:
    if not isinstance(a, of.Close):
        return ""
    match b:
        case of.Close(service=service) if service == a.service:
            return f"{service} is closed twice"
        case of.Close(service=service, instead=a.service):
            return f"the people of {service} would go to {a.service}, which is closed then"
        case of.Send(to=a.service):
            return f"people are sent to {a.service}, which is closed then"
        case of.Places(service=a.service) | of.Staffing(service=a.service):
            return f"{a.service} is closed then, and its places are changed"
    return ""


def _overlap(a: Span, b: Span) -> bool:
    return (a[1] is None or b[0] < a[1]) and (b[1] is None or a[0] < b[1])
