"""Work the list out, apart from pages; see `flow.answers`."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from onesystem.access import Actor
from onesystem.district import District, current
from onesystem.district.clock import now as here_and_now
from onesystem.flow import answers
from onesystem.flow.coordination import scoring, store
from onesystem.flow.coordination.definitions import Flag, definitions
from onesystem.flow.coordination.indices import indices
from onesystem.flow.coordination.scoring import Line
from onesystem.flow.measures.days import band_of, day_of, wide_band, years_between
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import to_micros

KIND = "worklist"
_MEMORY = "1GB"
_Run = Callable[[Callable[[], Any], Callable[[], None]], Any]
_Say = Callable[[float, str], None]


def connect() -> None:
    """Say who works the list out."""
    answers.register(KIND, work)


def ask(*, by: Actor, anew: bool = False) -> answers.Answer:
    """Have the list worked out by the process of the errands; gives how far it is."""
    return answers.ask(KIND, {}, by=by, anew=anew)


def latest() -> answers.Answer | None:
    """How far the working is, where it was asked for; None where it never was."""
    return answers.kept(KIND, {})


def work(_asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Work it out for the errands."""

    def run(act: Callable[[], Any], stop: Callable[[], None]) -> Any:
        return answers.unhurried(act, stop=stop, progress=progress)

    return refresh(run=run, say=progress)


def refresh(
    *, at: datetime | None = None,
    run: _Run = lambda act, _stop: act(),
    say: _Say = lambda _share, _said: None,
) -> dict[str, Any]:  # fmt: skip
    """Work the list out as of a moment and keep it; gives how many people it holds by flag."""
    from onesystem.contacts.log import scan
    from onesystem.flow.coordination import reading, summing

    district, at = current(), at or here_and_now()
    flags = definitions(district.path).on(to_local(at, district.zone).date())
    duck = scan.connect(memory=_MEMORY)
    try:
        people = reading.tables(duck, district, at, run=run, say=say)
        lines = _lines(duck, flags, at, district.zone, run, say)
        say(0.85, "Working out indices")
        sums = run(lambda: summing.sums(duck, lines, at, district.zone), duck.interrupt)
        plans = duck.execute("SELECT count(*) FROM plan").fetchone()[0] > 0
    finally:
        duck.close()
    say(0.95, "Keeping the list")
    told = {person: indices(each) for person, each in sums.items()}
    listed = _listed(lines, people, told, district, at)
    store.replace(listed, {row[0]: lines[row[0]] for row in listed}, at=to_micros(at), plans=plans)
    counts = {flag.name: 0 for flag in flags}
    for row in listed:
        for each in lines[row[0]]:
            counts[each.flag] += 1
    return {"people": len(listed), "flags": counts}


def _lines(
    duck: Any, flags: tuple[Flag, ...], at: datetime, zone: str, run: _Run, say: _Say
) -> dict[int, list[Line]]:
    """The lines of everybody whom a flag that stands alone puts on the list."""
    from onesystem.flow.coordination.finding import find

    found: dict[int, list[Line]] = {}
    by_itself: set[int] = set()
    for number, flag in enumerate(flags):
        say(0.55 + 0.3 * number / len(flags), f"Looking for: {flag.title.lower()}")
        facts = run(lambda flag=flag: find(duck, flag, at, zone), duck.interrupt)
        for person, some in facts.items():
            found.setdefault(person, []).append(scoring.line(flag, some))
        if flag.alone:
            by_itself |= facts.keys()
    return {person: lines for person, lines in found.items() if person in by_itself}


def _listed(
    lines: Mapping[int, list[Line]], people: Mapping[int, Any], told: Mapping[int, Any],
    district: District, at: datetime,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """A row of each person who is known and alive, as the store keeps it."""
    known = {each.person: each for each in people.values()}
    day = day_of(to_local(at, district.zone).date())
    rows = []
    for person in sorted(lines):
        who = known.get(person)
        if who is None or who.died is not None:
            continue
        band = wide_band(band_of(years_between(who.born, day)))
        shown = json.dumps(told.get(person, {}), separators=(",", ":"))
        rows.append((person, who.practice, who.area, who.born, band, shown))
    return rows


def nightly() -> None:
    """Have the list worked out anew, for whoever looks tomorrow."""
    ask(by=Actor.job("coordination"), anew=True)
