"""What a district would publish now: its measures as somebody without people would see them.

Figures are asked for as an analyst, who may not see people, whoever publishes: small counts are
hidden and others rounded before they come here. `publication.written` looks a second time.
"""

import tomllib
from datetime import date
from pathlib import Path

from onesystem import access
from onesystem.alliance.comparing.publication import Month, Publication, Told, hushed
from onesystem.budget.months import later
from onesystem.district import current, now
from onesystem.flow import measures
from onesystem.flow.measures import library
from onesystem.vocabulary import NotFound, to_local
from onesystem.vocabulary.said import say

_OURS = Path(__file__).with_name("nation.toml")
METHOD = say(
    "Counts are moved at random to a neighbouring multiple of three, and those "
    "under the threshold are hidden, before anything leaves the district."
)


def names(day: date) -> tuple[list[str], int]:
    """The measures that are published on a day, and of how many months."""
    said = tomllib.loads(_OURS.read_text(encoding="utf-8"))
    found = [m["name"] for m in said["measure"]
             if m["since"] <= day and (m.get("until") is None or day < m["until"])]  # fmt: skip
    return found, int(said["months"])


def gathered(*, by: access.Actor, number: int, audience: str, note: str = "") -> Publication:
    """The publication as it would be laid there."""
    here, moment = current(), now()
    day = to_local(moment, here.zone).date()
    known, months = names(day)
    end = day.replace(day=1)  # months that are over
    eyes = access.Actor(name=by.name, roles=frozenset({"analyst"}))
    cache = measures.Known()
    told = [_told(name, later(end, -months), end, eyes, cache) for name in known]
    data_to = measures.data_to()
    return Publication(
        code=here.code, name=here.name, currency=here.currency, number=number,
        made=moment.isoformat(timespec="seconds"), audience=audience, note=note.strip()[:1000],
        data_to=data_to.isoformat() if data_to else "", threshold=here.suppress_below,
        method=METHOD, measures=tuple(each for each in told if each and each.months),
    )  # fmt: skip


def _told(
    name: str, start: date, end: date, eyes: access.Actor, cache: measures.Known
) -> Told | None:
    try:
        measure = library.measure(name)
        found = measures.figures(name, every="month", start=start, end=end, asker=eyes,
                                 known=cache)  # fmt: skip
    except NotFound:
        return None
    if not found:
        return None
    f = found[0]
    told = Told(
        name=name, title=measure.title, unit=measure.unit, direction=measure.direction,
        words=measure.words, source=measure.source, shares=measure.unit == "percent",
        counts=measure.counts_units, over=not measure.over,
        months=tuple(
            Month(month=p.isoformat(), value=v, above=a, below=b, hidden=h)
            for p, v, a, b, h, whole in zip(f.periods, f.value, f.numerator, f.denominator,
                                            f.hidden, f.whole, strict=True)
            if whole
        ),
    )  # fmt: skip
    return hushed(told, current().suppress_below)
