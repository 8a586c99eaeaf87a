"""The rows of an inbox as markup, made by hand: a template takes thrice as long for a hundred.

The page and the live stream make the cells that change by the same function. What people wrote is
escaped here and nowhere else; ids, values and times are digits of ours.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from onesystem.care.requests.inbox_presenters import SHAPES, Line, lines
from onesystem.care.requests.inbox_queries import Row
from onesystem.district import current
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.words import age

_MINUTE = 60_000_000  # microseconds
_NONE = "\N{EN DASH}"


def rows(shown: Iterable[Row], *, at: int, today: date, names: bool) -> Markup:
    """Rows of the table: made once a minute, however many look; a page keeps its ages true."""
    here, minute = str(current().path), at // _MINUTE
    made = [_made(row, minute, today, names, here) for row in shown]
    return Markup("\n".join(made))  # noqa: S704 - escaped below


@lru_cache(maxsize=2048)
def _made(row: Row, minute: int, today: date, names: bool, _here: str) -> str:
    at = minute * _MINUTE
    [line] = lines([row], current(), at=at, today=today, names=names)
    return _row(line, from_micros(at + _MINUTE))  # else what was just said would be yet to come


def _row(line: Line, at: datetime) -> str:
    request, name = line.request, escape(line.name)
    due = f' data-due="{line.due.isoformat()}"' if line.due and not line.late else ""
    years = "" if line.age is None else f' <span class="quiet">{line.age}</span>'
    died = f" {tag('bad', 'died')}" if line.died else ""
    practice = f'<br><span class="quiet">{escape(line.practice)}</span>' if line.practice else ""
    kind = f' <span class="quiet">{escape(line.kind)}</span>' if line.kind else ""
    whose = f'<br><span class="quiet">{escape(line.organisation)}</span>' * bool(line.organisation)
    return (
        f'<tr id="r-{request}"{due}><td class="no-print pick-cell"><input type="checkbox"'
        f' form="bulk" name="r" value="{line.value}" id="x-{request}" aria-label="Choose {name}">'
        f'</td><th scope="row"><a id="w-{request}" href="/requests/{request}/">{name}</a>'
        f'{years}{died}{practice}</th><td data-label="What">{escape(line.what)}{kind}</td>'
        f'<td data-label="Urgency">{tag(line.urgency_sign, line.urgency_words)}</td>'
        f'<td data-label="From">{escape(line.sender)}{whose}</td>'
        f'<td data-label="Asked">{_ago(line.asked, at)}</td>{standing(line, at=at)}</tr>'
    )


def standing(line: Line, *, at: datetime) -> str:
    """The cells of a row that change while a page is open; they name nobody but staff."""
    clock = (
        tag("bad", line.clock) if line.late else f'<span class="quiet">{line.clock or _NONE}</span>'
    )
    booked = f"<br>{line.booked_words}" if line.booked_words else ""
    last = f'<span class="quiet">{_NONE}</span>'
    if line.last:
        who = ", ".join(
            filter(None, (escape(line.last_by), line.last_at and _ago(line.last_at, at)))
        )
        last = f'{escape(line.last)}<br><span class="quiet">{who}</span>'
    first = _button(line, "a", line.first.act, line.first.name) if line.first else ""
    return (
        f'<td data-label="Clock">{clock}</td>'
        f'<td data-label="State">{tag(line.state_sign, line.state_words)}{booked}</td>'
        f'<td data-label="Last word" class="last">{last}</td>'
        f'<td class="acts no-print">{first}{_button(line, "m", "", "More")}</td>'
    )


def _button(line: Line, sign: str, act: str, words: str) -> str:
    own = f"{sign}-{line.request}"
    return (
        f'<button class="small" id="{own}" aria-labelledby="{own} w-{line.request}" form="bulk"'
        f' name="one" value="{act}:{line.value}">{words}</button>'
    )


@lru_cache(maxsize=4096)
def tag(kind: str, words: str) -> str:
    """A word with its shape: `ui.tag` of the pages."""
    return (
        f'<span class="tag tag-{kind}"><span aria-hidden="true">{SHAPES[kind]}</span> '
        f"{escape(words)}</span>"
    )


def _ago(moment: datetime, at: datetime) -> str:
    """An age that the page keeps true."""
    stamp = moment.isoformat(timespec="seconds")
    return f'<time class="ago" datetime="{stamp}">{age(moment, at)}</time>'
