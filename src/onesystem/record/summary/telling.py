"""What the entries of a person say, as the pieces of a page: for one sight, at one moment.

Nothing here depends on who looks but through what is in a `View`: two askers with the same view
are told the same. What changes by the minute (contacts, requests, who the person is) is told by
the page itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from markupsafe import Markup

from onesystem.district import District
from onesystem.record.corrections.notes import beside
from onesystem.record.entries import counts_of
from onesystem.record.presenters import Words
from onesystem.record.summary import asking
from onesystem.record.summary.assembling import Summary, assemble
from onesystem.record.summary.folding import RULES, Folded
from onesystem.record.summary.presenters import Teller, answer
from onesystem.record.summary.statements import Statement
from onesystem.record.summary.trends import Trend
from onesystem.vocabulary.wording import steady_until

SHOWN_RESULTS = 12
SECTION = 6  # lines of a section in full; the rest is one line each
MEDICINES = 12  # in full: a safe list shows all, and at some length only the first
PIECES = ("alerts", "known", "wishes", "more", "made")
_RULES = sorted({(kind, rule.words) for kind, rule in RULES.items()})


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
    """The pieces of the page as HTML, what stands above them, and until when it is all true."""

    answer: str
    news: int
    team: tuple[Folded, ...]
    pieces: Mapping[str, str]
    until: datetime


def tell(view: View, *, paper: bool = False) -> Told:
    """Assemble and tell what the entries say. `paper` opens everything."""
    statements = asking.statements_of(view.identities, seen=view.seen)
    said = _with_details(assemble(statements, at=view.at), view.seen)
    teller = Teller(Words(view.district, view.at), view.since, beside(view.identities))
    context = _context(view, said, teller) | {"paper": paper}
    return Told(
        answer=answer(said),
        news=sum(teller.is_new(each.statements) for each in said.everything),
        team=said.team,
        pieces={
            name: Markup(render_to_string(f"record/_told_{name}.html", context))  # noqa: S704
            for name in PIECES
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
        "counts": counts_of(view.identities, seen=view.seen),
        "rules": _RULES,
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
