"""An inbox read by short statements: its rows by page, its counts, what to narrow it by.

A page is found in two steps: which requests (a scan of the service's own, the first hundred kept),
then what is shown of these. Callers have asked `inbox.require`.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from string import punctuation
from typing import Any

from onesystem.access.quick import marks, rows
from onesystem.care.requests.filters import ENDED_DAYS, PER_PAGE, TABS, Wanted, born
from onesystem.care.requests.inbox_clock import NEVER, Clock, due_sql
from onesystem.care.requests.states import OPEN, URGENCIES, urgency_of, words_of
from onesystem.care.services.search import folded
from onesystem.vocabulary.said import say

_DAY = 86_400_000_000
_BASE = "coalesce(r.at, r.recorded)"
_ENDED = tuple(sorted(TABS["done"][1]))
_OPEN = tuple(sorted(OPEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last word said of a request."""

    act: str
    state: str
    by: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request as an inbox has it. Moments in microseconds since 1970 UTC; `due` 0: no clock."""

    request: int
    at: int
    due: int
    what: str
    kind: str
    urgency: str
    state: str
    since: int
    booked: int | None
    sender: str
    organisation: str
    source: str
    key: str
    by: str
    identity: int
    person: int
    family: str
    given: str
    born: str
    practice: str
    died: str
    seen: int = 0
    last: Last | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of an inbox; `after` and `before` lead on, where there is more that way.

    `found`: how many the whole has where it is narrowed, else None.
    """

    rows: Sequence[Row]
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    found: int | None = None


def page(
    service: str, wanted: Wanted, clock: Clock, *, at: int, today: date, names: bool,
    limit: int = PER_PAGE,
) -> Page:  # fmt: skip
    """The page that is asked for; without `limit` (0) the whole."""
    if wanted.q:
        where, values = _where(service, wanted, clock, at=at, today=today)
        return _searched(where, values, wanted, clock, names=names, limit=limit)
    every = places(service, wanted, clock, at=at, today=today)
    return cut(every, wanted, clock, limit=limit)


Places = tuple["array[int]", "array[int]"]


def places(service: str, wanted: Wanted, clock: Clock, *, at: int, today: date) -> Places:
    """All requests that an inbox is narrowed to, in its order, and what each is ordered by."""
    where, values = _where(service, wanted, clock, at=at, today=today)
    order, descends = _order(wanted, clock)
    turn = "DESC" if descends else "ASC"
    told = rows(
        f"SELECT r.request, {order} AS place FROM {_from(wanted)} WHERE {where}"
        f" ORDER BY place {turn}, r.request {turn}",
        values,
    )
    # As numbers side by side: they are kept, and take a tenth of the room that pairs do.
    return array("q", [pair[0] for pair in told]), array("q", [pair[1] for pair in told])


def cut(every: Places, wanted: Wanted, clock: Clock, *, limit: int) -> Page:
    """The page that is asked for, out of `places` that were read before."""
    _, descends = _order(wanted, clock)
    pairs: Iterable[tuple[int, int]] = zip(*every, strict=True)
    if wanted.after or wanted.before:
        pairs = _placed(list(pairs), wanted, descends)
    some = list(islice(pairs, limit + 1)) if limit else list(pairs)
    found = len(every[0]) if wanted.narrow else None
    return _paged(some, wanted, clock, limit=limit, found=found)


def _paged(
    ids: list[tuple[int, int]], wanted: Wanted, clock: Clock, *, limit: int, found: int | None
) -> Page:
    over = bool(limit) and len(ids) > limit
    some = ids[:limit] if limit else ids
    if wanted.before is not None:
        some = some[::-1]
    further = wanted.before is not None or over
    earlier = over if wanted.before is not None else wanted.after is not None
    told = some_rows([request for request, _ in some], clock)
    return Page(
        rows=told,
        found=found,
        after=(some[-1][1], some[-1][0]) if some and further else None,
        before=(some[0][1], some[0][0]) if some and earlier else None,
    )


def _searched(
    where: str, values: list[Any], wanted: Wanted, clock: Clock, *, names: bool, limit: int
) -> Page:
    """By words, each of which is in what is shown: folded, so macrons may be left away."""
    order, descends = _order(wanted, clock)
    turn = "DESC" if descends else "ASC"
    told = rows(
        f'SELECT r.request, {order} AS place, r.what, r.sender, r.organisation, r."by", r.key,'
        f" r.reason, i.family, i.given FROM {_from(wanted, people=True)} WHERE {where}"
        f" ORDER BY place {turn}, r.request {turn}",
        values,
    )
    words = folded(wanted.q).split()
    kept = [
        (row[0], row[1])
        for row in told
        if _has(words, " ".join([str(row[0]), *map(_text, row[2 : None if names else 8])]))
    ]
    ordered = _placed(kept, wanted, descends)
    some = ordered[: limit + 1] if limit else ordered
    return _paged(some, wanted, clock, limit=limit, found=len(kept))


def _placed(kept: list[tuple[int, int]], wanted: Wanted, descends: bool) -> list[tuple[int, int]]:
    place = wanted.after or wanted.before
    if place is None:
        return kept
    back = wanted.before is not None
    turned = kept[::-1] if back else kept
    up = descends == back
    return [
        pair for pair in turned
        if ((pair[1], pair[0]) > place if up else (pair[1], pair[0]) < place)
    ]  # fmt: skip


_SPACED = str.maketrans(dict.fromkeys(punctuation, " "))


def _has(words: Sequence[str], text: str) -> bool:
    # Most of what is written is plain letters, which need no folding of accents.
    plain = text.lower().translate(_SPACED) if text.isascii() else folded(text)
    return all(f" {word}" in f" {plain}" for word in words)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _from(wanted: Wanted, *, people: bool = False) -> str:
    if people or wanted.practice or wanted.age:
        return say("care_request r JOIN people_identity i ON i.id = r.identity")
    return say("care_request r")


def _where(
    service: str, wanted: Wanted, clock: Clock, *, at: int, today: date
) -> tuple[str, list[Any]]:
    states = sorted(wanted.states)
    where = f"r.identity > 0 AND r.service = %s AND r.state IN ({marks(states)})"
    values: list[Any] = [service, *states]
    if wanted.tab == "overdue":
        where += f" AND {due_sql(clock)} < %s"
        values.append(at)
    if wanted.tab == "done":
        where += " AND r.since >= %s"
        values.append(at - ENDED_DAYS * _DAY)
    if wanted.urgency:
        routine = wanted.urgency == URGENCIES[0]  # and so is a word that nobody knows
        told = URGENCIES[1:] if routine else (wanted.urgency,)
        said = [word for each in told for word in words_of(each)]
        where += f" AND lower(r.urgency) {'NOT ' if routine else ''}IN ({marks(said)})"
        values += said
    if wanted.practice:
        where += " AND i.practice = %s"
        values.append(wanted.practice)
    if wanted.age:
        where += " AND i.birth_date >= %s AND i.birth_date < %s"
        values += born(wanted.age, today.isoformat())
    return where, values


def _order(wanted: Wanted, clock: Clock) -> tuple[str, bool]:
    if wanted.tab == "done":
        return "r.since", True
    if wanted.sort == "due":
        return due_sql(clock), False
    return _BASE, wanted.sort == "newest"


def some_rows(ids: Sequence[int], clock: Clock) -> list[Row]:
    """These requests as an inbox shows them, in their order."""
    found: dict[int, Row] = {}
    for at in range(0, len(ids), 500):
        some = ids[at : at + 500]
        said = rows(
            f"SELECT r.request, {_BASE}, {due_sql(clock)}, r.what, r.kind, r.urgency, r.state,"
            ' r.since, r.booked, r.sender, r.organisation, r.source, r.key, r."by", r.identity,'
            " i.person, i.family, i.given, i.birth_date, i.practice, i.died"
            " FROM care_request r JOIN people_identity i ON i.id = r.identity"
            f" WHERE r.request IN ({marks(some)})",
            some,
        )
        lasts = _lasts(some)
        for row in said:
            seen, last = lasts.get(row[0], (0, None))
            found[row[0]] = _row(row, clock.kind, seen, last)
    return [found[request] for request in ids if request in found]


def _row(row: Sequence[Any], usual: str, seen: int, last: Last | None) -> Row:
    (request, at, due, what, kind, urgency, state, since, booked, sender, organisation, source,
     key, by, identity, person, family, given, birth, practice, died) = row  # fmt: skip
    return Row(
        request=request, at=at, due=0 if due == NEVER else due, what=what,
        kind=kind or usual, urgency=urgency_of(urgency), state=state, since=since or at,
        booked=booked, sender=sender, organisation=organisation, source=source, key=key, by=by,
        identity=identity, person=person, family=family, given=given, born=birth,
        practice=practice, died=died, seen=seen, last=last,
    )  # fmt: skip


def _lasts(ids: Sequence[int]) -> dict[int, tuple[int, Last]]:
    """How many steps each request has, and what the last of them said."""
    found: dict[int, tuple[int, Last]] = {}
    for request, state, recorded, act, by, reason in rows(
        'SELECT request, state, recorded, act, "by", reason FROM care_step'
        f" WHERE request IN ({marks(ids)}) ORDER BY request, recorded, id",
        ids,
    ):
        seen = found[request][0] + 1 if request in found else 1
        found[request] = (seen, Last(act=act, state=state, by=by, reason=reason, at=recorded))
    return found


def counts(service: str, clock: Clock, *, at: int) -> dict[str, int]:
    """How many requests each tab of an inbox has."""
    told = rows(
        f"SELECT r.state, count(*), sum(CASE WHEN {due_sql(clock)} < %s THEN 1 ELSE 0 END)"
        " FROM care_request r WHERE r.identity > 0 AND r.service = %s"
        f" AND r.state IN ({marks(_OPEN)}) GROUP BY r.state",
        [at, service, *_OPEN],
    )
    [(ended,)] = rows(
        "SELECT count(*) FROM care_request r WHERE r.identity > 0 AND r.service = %s"
        f" AND r.state IN ({marks(_ENDED)}) AND r.since >= %s",
        [service, *_ENDED, at - ENDED_DAYS * _DAY],
    )
    by_state = {state: int(many) for state, many, _ in told}
    found = {
        tab: sum(by_state.get(state, 0) for state in states) for tab, (_, states) in TABS.items()
    }
    return found | {"overdue": sum(int(late) for _, _, late in told), "done": int(ended)}


def practices(service: str) -> list[tuple[str, int]]:
    """The practices of the people of whom something is open, the most common first."""
    return [
        (practice, int(many))
        for practice, many in rows(
            "SELECT i.practice, count(*) FROM care_request r"
            " JOIN people_identity i ON i.id = r.identity WHERE r.identity > 0 AND r.service = %s"
            f" AND r.state IN ({marks(_OPEN)}) AND i.practice <> ''"
            " GROUP BY i.practice ORDER BY 2 DESC, 1",
            [service, *_OPEN],
        )
    ]


def service_of(requests: Iterable[int]) -> dict[int, str]:
    """Where each of these requests is."""
    some = list(requests)
    if not some:
        return {}
    return dict(
        rows(f"SELECT request, service FROM care_request WHERE request IN ({marks(some)})", some)
    )


__all__ = ["Last", "Page", "Row", "counts", "page", "practices", "service_of", "some_rows"]
