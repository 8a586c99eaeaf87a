"""What open inboxes are told: which requests moved, how they stand now, how many there are.

Made once for each inbox by the stream process and sent to its pages alone. Never a name: what of a
row can change is made here as the page makes it, and who it is about does not change.
"""

from collections import defaultdict
from collections.abc import Iterable
from time import monotonic
from typing import Any

import orjson

from onesystem import contacts
from onesystem.care.announcing import TOPIC
from onesystem.care.requests import (
    inbox_markup,
    inbox_presenters,
    inbox_queries,
    inbox_seeing,
    sent_live,
)
from onesystem.care.requests.filters import TABS
from onesystem.care.requests.inbox_queries import Row
from onesystem.care.requests.machine import MOVES
from onesystem.district import current, now
from onesystem.flow.live import Event
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import to_micros

GAP = 0.3  # seconds
CAME = frozenset({"", "send", "supply", "redirect", "reopen"})  # acts that bring one to an inbox


class LiveInboxes:
    """Where the pages are, and the events that bring them up to date.

    The first act after a pause is told at once; of many in a row (a job that asks louder about
    hundreds) each inbox hears at most every GAP seconds, or its pages would fall behind.
    """

    def __init__(self, *, last: int) -> None:
        self.last = last
        self.moved: dict[str, set[int]] = defaultdict(set)  # not told yet
        self.anew: set[str] = set()  # inboxes of which too much moved
        self.told: dict[str, float] = {}

    def poll(self) -> list[Event]:
        """An event for each inbox of which something was announced."""
        changes = contacts.changes_since(self.last)
        if changes:
            self.last = changes[-1].id
        for change in changes:
            if change.topic == TOPIC and change.payload["service"] in current().services:
                self.moved[change.payload["service"]].update(change.payload["requests"])
                if not change.payload["requests"]:
                    self.anew.add(change.payload["service"])
        more = sent_live.events(changes, last=self.last) if changes else []
        return [self._tell(service) for service in self._due()] + more

    def _due(self) -> list[str]:
        at = monotonic()
        return [code for code in sorted(self.moved) if at - self.told.get(code, -GAP) >= GAP]

    def _tell(self, service: str) -> Event:
        self.told[service] = monotonic()
        requests, anew = self.moved.pop(service), service in self.anew
        self.anew.discard(service)
        return self._event(service, requests, anew=anew)

    def _event(self, service: str, requests: Iterable[int], *, anew: bool) -> Event:
        if anew:
            return Event(id=self.last, name="refresh", channel=f"inbox:{service}")
        moment, here = now(), current()
        at, wanted = to_micros(moment), sorted(requests)
        here_now = inbox_queries.service_of(wanted)
        mine = [request for request in wanted if here_now.get(request) == service]
        clock = inbox_seeing.clock_of(service)
        said = {
            "at": moment,
            "clock": to_local(moment, here.zone).strftime("%H:%M:%S"),
            "counts": inbox_queries.counts(service, clock, at=at),
            "rows": {
                str(row.request): self._row(row, at) for row in inbox_queries.some_rows(mine, clock)
            },
            "gone": [str(request) for request in wanted if request not in mine],
        }
        data = orjson.dumps(said)
        return Event(id=self.last, name="inbox", full=data, channel=f"inbox:{service}")

    def _row(self, row: Row, at: int) -> dict[str, Any]:
        here = current()
        today = to_local(now(), here.zone).date()
        [line] = inbox_presenters.lines([row], here, at=at, today=today, names=False)
        act = row.last.act if row.last else ""
        tabs = [tab for tab, (_, states) in TABS.items() if row.state in states]
        return {
            "value": line.value,
            "tabs": [tab for tab in tabs if tab != "overdue" or line.late],
            "came": act in CAME,
            "moves": act not in MOVES or bool(MOVES[act].to),
            "due": line.due if line.due and not line.late else None,
            "said": f"{line.last_by} {line.last.partition(':')[0]}".strip(),
            "by": line.last_by,
            "html": inbox_markup.standing(line, at=now()),
        }
