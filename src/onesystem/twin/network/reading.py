"""A model from JSON: every key known, every mistake named by its place, the rule and the cure.

`docs/reference/twin-model.md` shows each part; `schema.json` beside this file is the published JSON
Schema of the same form. Raises BadConfig.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NoReturn

from onesystem.twin.network.lengths import distribution
from onesystem.twin.network.model import (
    WORDS,
    Attribute,
    By,
    Chances,
    Clock,
    Closed,
    Dated,
    Gaps,
    Inflow,
    Model,
    Node,
    Pathway,
    Poisson,
    Present,
    Process,
    Route,
    Schedule,
    Shares,
    Shortest,
    Staffing,
    Stay,
    Times,
    When,
)
from onesystem.twin.network.values import moment, named, number, numbers, table, word, words
from onesystem.vocabulary import BadConfig

_NODE = tuple(field.name for field in fields(Node))
_MODEL = ("$schema", *(field.name for field in fields(Model)))
_INFLOW = ("node", "class", "rate", "rates", "every", "gaps", "times", "people", "batch",
           "begins", "ends", "from", "attributes")  # fmt: skip
_PROCESSES = ("rate", "rates", "gaps", "times", "people", "from")


def model_of(text: str | bytes, name: str = "the model") -> Model:
    """The model that a JSON text describes; not yet checked as a whole (`checks.checked`).

    >>> model = model_of('''{"horizon": 100,
    ...     "nodes": {"ED": {"service": {"exponential": {"mean": 1}}}},
    ...     "arrivals": {"walk in": {"node": "ED", "rate": 2.4}}}''')
    >>> model.unit, list(model.nodes)
    ('hour', ['ED'])
    """
    try:
        said = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except BadConfig:
        raise
    except (ValueError, RecursionError) as error:
        raise BadConfig(f"{name} is not JSON: {error}", "Mend the line it names.") from error
    return read(said)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names is given twice: the first would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadConfig(f"{twice!r} is there twice in one object", "Rename one, or remove it.")
    return found


def _no_number(said: str) -> NoReturn:
    msg = f"{said} is not a number in JSON"
    raise ValueError(msg)


def read(said: Any) -> Model:
    """The model that parsed JSON describes."""
    said = table("model", said, _MODEL, needs=("nodes", "arrivals", "horizon"))
    plain: dict[str, Any] = {
        key: number(key, said[key], whole=key in {"replications", "seed"})
        for key in ("horizon", "warm_up", "replications", "seed")
        if key in said
    }
    if said.get("step") is not None:
        plain["step"] = number("step", said["step"])
    texts: dict[str, Any] = {key: word(key, said[key]) for key in ("name", "unit") if key in said}
    parts: dict[str, Any] = {}
    if "starts" in said:
        parts["starts"] = moment("starts", said["starts"])
    if "classes" in said:
        parts["classes"] = _classes(said["classes"])
    if "attributes" in said:
        parts["attributes"] = named("attributes", said["attributes"], _attribute)
    if "pools" in said:
        parts["pools"] = named("pools", said["pools"], _staffing)
    if "pathways" in said:
        parts["pathways"] = named("pathways", said["pathways"], words)
    classes = tuple(parts.get("classes", ("all",)))
    if "living" in said:
        parts["living"] = named("living", said["living"], number)
    if "inside" in said:
        parts["inside"] = _inside(said["inside"], classes, tuple(parts.get("attributes", ())))
    return Model(
        nodes=named("nodes", said["nodes"], _node),
        arrivals=named("arrivals", said["arrivals"], lambda at, s: _inflow(at, s, classes)),
        **plain,
        **texts,
        **parts,
    )


def _node(at: str, said: Any) -> Node:  # noqa: C901 - a line for each key
    said = table(at, said, _NODE, needs=("service",))
    parts: dict[str, Any] = {"service": _stay(f"{at}.service", said["service"])}
    if said.get("servers", "infinite") != "infinite":
        parts["servers"] = _staffing(f"{at}.servers", said["servers"])
    for key in ("next", "leave_to"):
        if key in said:
            parts[key] = _route(f"{at}.{key}", said[key])
    if said.get("waiting_room") is not None:
        parts["waiting_room"] = number(f"{at}.waiting_room", said["waiting_room"], whole=True)
    for key in (*WORDS, "bump_to", "place", "setting"):
        if key in said:
            parts[key] = word(f"{at}.{key}", said[key], WORDS.get(key, ()))
    if said.get("patience") is not None:
        parts["patience"] = _stay(f"{at}.patience", said["patience"])
    if "balk" in said:
        parts["balk"] = _balk(f"{at}.balk", said["balk"])
    if "overflow" in said:
        parts["overflow"] = words(f"{at}.overflow", said["overflow"])
    for key in ("uses", "priority"):
        if key in said:
            parts[key] = named(f"{at}.{key}", said[key], lambda a, n: number(a, n, whole=True))
    if "becomes" in said:
        parts["becomes"] = named(
            f"{at}.becomes", said["becomes"],
            lambda a, rows: named(a, rows, lambda b, row: named(b, row, number)),
        )  # fmt: skip
    return Node(**parts)


def _inflow(at: str, said: Any, classes: tuple[str, ...]) -> Inflow:
    said = table(at, said, _INFLOW, needs=("node",))
    given = [key for key in _PROCESSES if key in said]
    if len(given) != 1:
        raise BadConfig(
            f"{at} says {' and '.join(given) or 'nothing'} about when people come",
            f"Give one of {', '.join(_PROCESSES)}.",
        )
    if "every" in said and given != ["rates"]:
        raise BadConfig(f"{at}.every is said without rates", "It is the length of their cycle.")
    return Inflow(
        node=word(f"{at}.node", said["node"]),
        process=_process(at, said, given[0]),
        classes=_class_shares(at, said.get("class"), classes),
        batch=distribution(f"{at}.batch", said["batch"]) if "batch" in said else None,
        begins=number(f"{at}.begins", said.get("begins", 0)),
        ends=number(f"{at}.ends", said["ends"]) if said.get("ends") is not None else None,
        attributes=named(f"{at}.attributes", said.get("attributes", {}), _of_people),
    )


def _process(at: str, said: Mapping[str, Any], kind: str) -> Process | Dated[Process]:
    if kind == "from":
        return _dated(at, {"from": said["from"]}, _later_process)
    return _one_process(at, said, kind)


def _later_process(at: str, said: Any) -> Process:
    said = table(at, said, ("rate", "rates", "every", "gaps"))
    given = [key for key in ("rate", "rates", "gaps") if key in said]
    if len(given) != 1 or ("every" in said and given != ["rates"]):
        raise BadConfig(f"{at} is no process", "Give one of rate, rates (with every), gaps.")
    return _one_process(at, said, given[0])


def _one_process(at: str, said: Mapping[str, Any], kind: str) -> Process:
    there = f"{at}.{kind}"
    match kind:
        case "rate":
            return Poisson((number(there, said[kind]),), 1.0)
        case "rates":
            every = said.get("every")
            return Poisson(
                numbers(there, said[kind]),
                None if every is None else number(f"{at}.every", every, above=0),
            )
        case "gaps":
            return Gaps(distribution(there, said[kind]))
        case "times":
            return Times(numbers(there, said[kind]))
        case _:
            return Closed(int(number(there, said[kind], whole=True)))


def _class_shares(at: str, said: Any, classes: tuple[str, ...]) -> dict[str, float]:
    if said is None or isinstance(said, str):
        return {_only(at, said, classes): 1.0}
    return named(f"{at}.class", said, number)


def _stay(at: str, said: Any) -> Stay:
    if isinstance(said, dict) and "by" in said:
        return _by(at, said, _stay)
    if isinstance(said, dict) and "from" in said:
        return _dated(at, said, _stay)
    return distribution(at, said)


def _by(at: str, said: dict[str, Any], one: Callable[[str, Any], Any]) -> By[Any]:
    options = {
        name: one(f"{at}.{name}", each)
        for name, each in said.items()
        if name not in {"by", "other"}
    }
    other = one(f"{at}.other", said["other"]) if "other" in said else None
    return By(word(f"{at}.by", said["by"]), options, other)


def _dated(at: str, said: dict[str, Any], one: Callable[[str, Any], Any]) -> Dated[Any]:
    table(at, said, ("from",))
    there = f"{at}.from"
    changes = said["from"]
    if not isinstance(changes, list) or not changes:
        raise BadConfig(f"{there} has no changes", "Give [[0, ...], [time, ...]].")
    for n, each in enumerate(changes):
        if not isinstance(each, list) or len(each) != 2:
            raise BadConfig(f"{there}[{n}] is no pair", "Give [time, what holds from then on].")
    return Dated(
        tuple(
            (number(f"{there}[{n}]", when), one(f"{there}[{n}]", what))
            for n, (when, what) in enumerate(changes)
        )
    )


def _route(at: str, said: Any) -> Route:  # noqa: PLR0911 - a line for each form
    if isinstance(said, str):
        return Pathway() if said == "pathway" else said
    if isinstance(said, list):
        return Chances(tuple(_share(f"{at}[{n}]", each) for n, each in enumerate(said)))
    if not isinstance(said, dict) or not said:
        raise BadConfig(
            f"{at} is no way on",
            'Give a node, "out", {"NODE": share, ...}, {"shortest": [...]}, or "pathway".',
        )
    if "by" in said:
        return _by(at, said, _route)
    if "from" in said:
        return _dated(at, said, _route)
    if "shortest" in said:
        table(at, said, ("shortest",))
        return Shortest(words(f"{at}.shortest", said["shortest"]))
    if "when" in said:
        return _when(at, said)
    if "clock" in said:
        return _clock(at, said)
    return Chances(tuple((name, number(f"{at}.{name}", share)) for name, share in said.items()))


def _share(at: str, said: Any) -> tuple[Route, float]:
    if not isinstance(said, list) or len(said) != 2:
        raise BadConfig(f"{at} is no pair", "Give [share, way on].")
    return _route(at, said[1]), number(at, said[0])


def _when(at: str, said: dict[str, Any]) -> When:
    table(at, said, ("when", "then", "otherwise"), needs=("then", "otherwise"))
    asked = table(
        f"{at}.when", said["when"], ("node", "waiting_over", "inside_over"), needs=("node",)
    )
    over = [key for key in ("waiting_over", "inside_over") if key in asked]
    if len(over) != 1:
        raise BadConfig(f"{at}.when asks nothing", "Give waiting_over or inside_over.")
    return When(
        word(f"{at}.when.node", asked["node"]),
        int(number(f"{at}.when.{over[0]}", asked[over[0]], whole=True)),
        _route(f"{at}.then", said["then"]),
        _route(f"{at}.otherwise", said["otherwise"]),
        inside=over[0] == "inside_over",
    )


def _clock(at: str, said: dict[str, Any]) -> Clock:
    table(at, said, ("clock", "every", "then", "otherwise"), needs=("every", "then", "otherwise"))
    return Clock(
        numbers(f"{at}.clock", said["clock"]),
        number(f"{at}.every", said["every"], above=0),
        _route(f"{at}.then", said["then"]),
        _route(f"{at}.otherwise", said["otherwise"]),
    )


def _balk(at: str, said: Any) -> tuple[float, ...]:
    """The chance of turning away at 0, 1, 2 ... waiting; {"over": 5} is never, then always."""
    if isinstance(said, dict):
        table(at, said, ("over",), needs=("over",))
        over = int(number(f"{at}.over", said["over"], whole=True))
        return (0.0,) * (over + 1) + (1.0,)
    return numbers(at, said)


def _staffing(at: str, said: Any) -> Staffing:
    if isinstance(said, dict) and "from" in said:
        return _dated(at, said, _schedule)
    return _schedule(at, said)


def _schedule(at: str, said: Any) -> Schedule:
    if isinstance(said, dict):
        table(at, said, ("changes", "every"), needs=("changes",))
        every = said.get("every")
        return Schedule(
            _changes(f"{at}.changes", said["changes"]),
            None if every is None else number(f"{at}.every", every, above=0),
        )
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise BadConfig(
            f"{at} is {said!r}, not a number",
            'Give a number, or {"changes": [[0, number], [time, number]], "every": time}; '
            '"infinite" is as many as it takes.',
        )
    return Schedule(((0.0, int(number(at, said, whole=True))),))


def _changes(at: str, said: Any) -> tuple[tuple[float, int], ...]:
    if not isinstance(said, list) or not said:
        raise BadConfig(f"{at} has no changes", "Give [[time, number], ...] from time 0 on.")
    changes = []
    for n, each in enumerate(said):
        if not isinstance(each, list) or len(each) != 2:
            raise BadConfig(f"{at}[{n}] is no pair", "Give [time, number].")
        many = number(f"{at}[{n}]", each[1], whole=True)
        changes.append((number(f"{at}[{n}]", each[0]), int(many)))
    return tuple(changes)


def _attribute(at: str, said: Any) -> Attribute:
    table(at, said, ("levels", "shares"), needs=("levels", "shares"))
    return Attribute(
        words(f"{at}.levels", said["levels"]), _of_people(f"{at}.shares", said["shares"])
    )


def _of_people(at: str, said: Any) -> Shares:
    """Shares of levels, of all or by another attribute."""
    if isinstance(said, dict) and "by" in said:
        return _by(at, said, lambda a, each: named(a, each, number))
    return named(at, said, number)


def _inside(
    said: Any, classes: tuple[str, ...], attributes: tuple[str, ...]
) -> tuple[Present, ...]:
    if not isinstance(said, list):
        raise BadConfig("inside is no list", 'Give [{"node": ..., "elapsed": ...}, ...].')
    return tuple(_present(f"inside[{n}]", each, classes, attributes) for n, each in enumerate(said))


def _present(at: str, said: Any, classes: tuple[str, ...], attributes: tuple[str, ...]) -> Present:
    keys = ("node", "class", "elapsed", "waiting", "count", *attributes)
    said = table(at, said, keys, needs=("node",))
    if ("elapsed" in said) == ("waiting" in said):
        raise BadConfig(
            f"{at} does not say whether they are served or waiting",
            'Give one of "elapsed" (time served so far) and "waiting" (time waited so far).',
        )
    spent = [key for key in ("elapsed", "waiting") if key in said]
    return Present(
        node=word(f"{at}.node", said["node"]),
        kind=word(f"{at}.class", _only(at, said.get("class"), classes)),
        count=number(f"{at}.count", said.get("count", 1), whole=True),
        attributes={key: word(f"{at}.{key}", said[key]) for key in attributes if key in said},
        **{key: number(f"{at}.{key}", said[key]) for key in spent},
    )


def _only(at: str, said: Any, classes: tuple[str, ...]) -> Any:
    """The class that is given; the only one, where none is."""
    if said is None and len(classes) > 1:
        raise BadConfig(
            f"{at} does not say of which class people are",
            f'Add "class": one of {", ".join(classes)}.',
        )
    return classes[0] if said is None else said


def _classes(said: Any) -> dict[str, int]:
    if isinstance(said, list):
        return dict.fromkeys(words("classes", said), 0)
    return named("classes", said, lambda at, n: int(number(at, n, whole=True)))
