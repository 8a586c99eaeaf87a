"""What the entries of a person say, as the pieces of a page: for one sight, at one moment.

The record is told part by part (`stamps.PARTS`), each by itself, so that what one part is made of
can be kept while another changes. Nothing here depends on who looks but through what is in a
`View`: two askers with the same view are told the same. What changes by the minute (contacts,
requests, who the person is) is told by the page itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from markupsafe import Markup

from onesystem.district import District
from onesystem.record.corrections.notes import beside
from onesystem.record.presenters import Words
from onesystem.record.stamps import PARTS
from onesystem.record.summary import asking
from onesystem.record.summary.assembling import Summary, assemble
from onesystem.record.summary.folding import RULES, Folded
from onesystem.record.summary.presenters import Teller, answers
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.trends import Trend
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.wording import steady_until

SHOWN_RESULTS = 12
SECTION = 6  # lines of a section in full; the rest is one line each
MEDICINES = 12  # in full: a safe list shows all, and at some length only the first
# The pieces of the page that each part is told in; of the team the page makes one with others.
PIECES: Mapping[str, tuple[str, ...]] = {
    "warnings": ("warnings",),
    "problems": ("problems", "past_problems"),
    "medicines": ("medicines",),
    "results": ("results",),
    "plans": ("plans",),
    "documents": ("wishes", "documents"),
    "done": ("procedures", "immunisations"),
    "team": (),
}
HOW_FOLDED = sorted({(kind, rule.words) for kind, rule in RULES.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose entries, which of them, and since when one of them is new.

    `seen` is the condition of what the asker may see. `since` is when they last looked, None
    where nothing is newer than that.
    """

    person: int
    identities: tuple[int, ...]
    seen: tuple[str, tuple[object, ...]]
    since: datetime | None
    district: District
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page says of entries, as HTML, and what they add to its answer."""

    answer: str
    news: int
    team: tuple[Folded, ...]
    pieces: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Told):
    """One part of it, and until when it is all true."""

    until: datetime


def tell(view: View, *, paper: bool = False) -> Told:
    """Assemble and tell what the entries say. `paper` opens everything."""
    return together(tell_part(view, name, paper=paper) for name in PARTS)


def together(parts: Iterable[Part]) -> Told:
    """The parts as one."""
    found = list(parts)
    return Told(
        answer=say("{parts}.", parts=listed((p.answer for p in found if p.answer), ". ")),
        news=sum(part.news for part in found),
        team=tuple(line for part in found for line in part.team),
        pieces={name: said for part in found for name, said in part.pieces.items()},
    )


def tell_part(view: View, name: str, *, paper: bool = False) -> Part:
    """Assemble and tell one part: the entries of its kinds alone are read."""
    statements = asking.statements_of(view.identities, seen=view.seen, kinds=PARTS[name])
    said = assemble(statements, at=view.at)
    if name == "results":
        said = _with_details(said, view.seen)
    notes = beside(view.identities) if statements else {}
    teller = Teller(Words(view.district, view.at), view.since, notes)
    context = _context(view, said, teller) | {"paper": paper}
    return Part(
        answer=answers(said).get(name, ""),
        news=sum(teller.is_new(each.statements) for each in said.everything),
        team=said.team,
        pieces={
            piece: Markup(render_to_string(f"record/_told_{piece}.html", context))  # noqa: S704
            for piece in PIECES[name]
        },
        until=_until(statements, view.at),
    )


def _context(view: View, said: Summary, teller: Teller) -> dict[str, Any]:
    return {
        "person": view.person,
        "said": said,
        "teller": teller,
        "results": [teller.result(each) for each in said.results[:SHOWN_RESULTS]],
        "results_left": max(0, len(said.results) - SHOWN_RESULTS),
        "medicines": [
            teller.medicine(each, brief=n >= MEDICINES) for n, each in enumerate(said.medicines)
        ],
        "past_medicines": [teller.medicine(each, brief=True) for each in said.past_medicines],
        "section_size": SECTION,
        "most_medicines": MEDICINES,
    }


def _with_details(said: Summary, seen: asking.Condition) -> Summary:
    """The summary with flags and usual ranges of the results that are shown."""
    shown = said.results[:SHOWN_RESULTS]
    full = asking.detailed((t.latest.first.entry for t in shown), seen=seen)
    told = tuple(_detailed(trend, full) for trend in shown)
    return replace(said, results=(*told, *said.results[SHOWN_RESULTS:]))


def _detailed(trend: Trend, full: Mapping[int, Statement]) -> Trend:
    first = full.get(trend.latest.first.entry, trend.latest.first)
    return replace(trend, latest=replace(trend.latest, first=first))


def _until(statements: Mapping[str, Sequence[Statement]], at: datetime) -> datetime:
    """When the first of the ages changes.

    That holds too for a medicine that stops being current: it does so a whole number of days after
    it was handed out, and what is that old changes its age by the day.
    """
    ends = (steady_until(s.moment, now=at) for each in statements.values() for s in each)
    return min(ends, default=datetime.max.replace(tzinfo=at.tzinfo))
