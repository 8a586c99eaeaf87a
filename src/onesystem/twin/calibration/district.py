"""A district's contacts as a log, at the grain of a workable model.

Practices are one node, and so are pharmacies: people choose among them by where they live, and none
of them takes another's. Services whose codes differ by a last number only, of one organisation and
setting (two wards of a specialty, the clinics of a trust), are one with their places added up.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from onesystem.district.shape import Capacity
from onesystem.district.shape import District as Described
from onesystem.twin.calibration import arrow
from onesystem.twin.calibration.fitting import Known
from onesystem.twin.calibration.log import NONE, Log, made
from onesystem.vocabulary import Setting

_ONE = {Setting.GENERAL_PRACTICE, Setting.PHARMACY}
_NUMBER = re.compile(r"-\d+$")
Trait = tuple[tuple[str, ...], Any]  # levels, and pairs of an identity and the number of a level
CLASSES = ("under 18", "18 to 74", "75 and more", "age not known")
_FROM = (18, 75)


def nodes_of(described: Described) -> dict[str, str]:
    """Each service's node: by its name, where no other has it, else by its code.

    Several that are one have the words that all their names share: "NNUH clinic (all 8)".
    """
    services = described.services
    alike: dict[tuple[str, str, Setting], list[str]] = {}
    for code, each in services.items():
        stem = _NUMBER.sub("", code)
        alike.setdefault((stem, each.organisation, each.setting), []).append(code)
    wished: dict[str, tuple[str, str]] = {}  # the name wished for, and one that is surely its own
    for (stem, _, setting), codes in alike.items():
        lone = len(codes) == 1 or stem in services
        together = "" if lone else _together([services[code].name for code in codes])
        for code in codes:
            one = (services[code].name, code) if lone else (together, stem)
            wished[code] = (setting.value, setting.value) if setting in _ONE else one
    takers = Counter(wish for wish, _ in set(wished.values()))
    return {
        code: wish if wish and takers[wish] == 1 else sure
        for code, (wish, sure) in wished.items()
    }  # fmt: skip


def _together(names: Sequence[str]) -> str:
    """The words with which all names begin and end, and how many there are; empty without any."""
    told = [name.split() for name in names]
    most = min(map(len, told))
    begin = next((n for n in range(most) if len({words[n] for words in told}) > 1), most)
    rest = most - begin
    end = next((n for n in range(rest) if len({words[-1 - n] for words in told}) > 1), rest)
    shared = told[0][:begin] + told[0][len(told[0]) - end :]
    return f"{' '.join(shared)} (all {len(names)})" if shared else ""


def known_of(described: Described, zero: datetime) -> dict[str, Known]:
    """What the district says of each node: its setting, and its places where all state them."""
    parts: dict[str, list[str]] = {}
    for code, node in nodes_of(described).items():
        parts.setdefault(node, []).append(code)
    found = {}
    for node, codes in parts.items():
        services = [described.services[code] for code in codes]
        stated = all(each.capacity for each in services)
        lines = [each.capacity for each in services]
        where = {each.place for each in services}
        place = described.places.get(where.pop()) if len(where) == 1 else None
        found[node] = Known(
            kind=services[0].setting.value, place=place.name if place else "",
            places=_places(lines, zero) if stated else None,
        )  # fmt: skip
    return found


def _places(lines: list[tuple[Capacity, ...]], zero: datetime) -> Callable[[Any], Any]:
    def places(hours: Any) -> Any:
        return sum((_number(each, zero, hours) for each in lines), np.zeros(len(hours), np.int64))

    return places


def _number(lines: tuple[Capacity, ...], zero: datetime, hours: Any) -> Any:
    """Places by the lines at these hours from zero (local time); the last line in force counts."""
    found = np.zeros(len(hours), np.int64)
    day, clock = np.floor(hours / 24).astype(np.int64), hours % 24
    for line in lines:
        opens = line.opens.hour + line.opens.minute / 60
        closes = line.closes.hour + line.closes.minute / 60
        if opens < closes:
            inside, of = (clock >= opens) & (clock < closes), day
        else:
            inside, of = (clock >= opens) | (clock < closes), np.where(clock < closes, day - 1, day)
        if opens == closes == 0:
            of = day
        on = np.isin(of % 7, list(line.days)) & inside
        if line.since is not None:
            on &= day >= _days(line.since, zero)
        if line.until is not None:
            on &= day < _days(line.until, zero)
        found[on] = line.amount
    return found


def _days(day: date, zero: datetime) -> int:
    return (day - zero.date()).days


def log_of(
    opened: Any, *, born: Any = None, person: Any = None, since: datetime | None = None,
    traits: Mapping[str, Trait] | None = None,
) -> Log:  # fmt: skip
    """The log of an opened district (`onesystem.District`), by node.

    `person` maps identities to persons and `born` identities to birth dates, as pairs of arrays
    sorted by identity; without them each identity is somebody, of an age not known. `traits` do the
    same for what else is known of people, each with its levels, the last for not known. With
    `since` it has what had not ended before that moment, and nothing else.
    """
    described: Described = opened.described
    nodes = nodes_of(described)
    opened.contacts.create_view("contacts_calibrated", replace=True)
    late = f" AND (ended IS NULL OR ended >= '{since.isoformat()}'::TIMESTAMPTZ)" if since else ""
    local = f" AT TIME ZONE '{described.zone}'"
    table = opened.duck.sql(
        f"SELECT contact, identity, coalesce(cause, {NONE}) AS cause, service,"
        + ",".join(
            f" coalesce(epoch_us({name}{local}), {int(arrow.NAT)}) AS {name}"
            for name in ("requested", "started", "ready", "ended")
        )
        + " FROM contacts_calibrated"
        f" WHERE NOT cancelled AND coalesce(requested, started) IS NOT NULL{late}"
    ).to_arrow_table()
    codes, service = arrow.coded(table["service"])
    services = tuple(dict.fromkeys(nodes.get(code, code) for code in codes))
    service = np.array([services.index(nodes.get(code, code)) for code in codes])[service]
    micros = {name: table[name].to_numpy() for name in ("requested", "started", "ready", "ended")}
    return _made(table, services, service, micros, born, person, traits or {})


def _made(
    table: Any, services: tuple[str, ...], service: Any, micros: dict[str, Any], born: Any,
    person: Any, traits: Mapping[str, Trait],
) -> Log:  # fmt: skip
    identity = table["identity"].to_numpy()
    zero = arrow.monday([micros["ended"][micros["ended"] != arrow.NAT]])
    who = _looked_up(person, identity, identity) if person else identity
    kind = np.full(len(identity), len(CLASSES) - 1, np.int32)
    asked = np.where(micros["requested"] == arrow.NAT, micros["started"], micros["requested"])
    if born:
        days = _looked_up(born, identity, np.full(len(identity), np.iinfo(np.int64).min))
        known = days != np.iinfo(np.int64).min
        age = (asked / (24 * 3_600_000_000) - days) / 365.25
        kind[known] = np.searchsorted(_FROM, age[known], side="right")
    times = {name: arrow.hours(each, zero) for name, each in micros.items()}
    return made(
        person=who, service=service, kind=kind, asked=times["requested"], begun=times["started"],
        ready=times["ready"], ended=times["ended"], services=services, classes=CLASSES, zero=zero,
        contact=table["contact"].to_numpy(), cause=table["cause"].to_numpy(),
        levels={name: levels for name, (levels, _) in traits.items()},
        traits={
            name: _looked_up(pairs, identity, np.full(len(identity), len(levels) - 1))
            for name, (levels, pairs) in traits.items()
        },
    )  # fmt: skip


def _looked_up(pairs: Any, wanted: Any, otherwise: Any) -> Any:
    keys, values = pairs
    if not len(keys):
        return otherwise
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], otherwise)
