"""Propose a portfolio apart from pages: options in the twin, then the solver, with progress."""

import json
from collections.abc import Mapping
from threading import Event
from typing import Any

from onesystem.flow import answers
from onesystem.flow.answers.asking import digest_of
from onesystem.plan.portfolio import telling
from onesystem.plan.portfolio.building import allowed, problem
from onesystem.plan.portfolio.gathering import Told, gathered
from onesystem.plan.portfolio.proposing import propose
from onesystem.plan.portfolio.rows import PlanProposal
from onesystem.plan.portfolio.work import care, posts
from onesystem.vocabulary.said import say

KIND = "plan-portfolio"
_TWIN = 0.5  # of the work is running options in the twin


def connect() -> None:
    """Say who proposes."""
    answers.register(KIND, work)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Propose, and keep it with every plan that asked for it."""
    found = found_for(asked, progress)
    keep(digest_of(KIND, asked), found)
    return found


def found_for(asked: Mapping[str, Any], progress: Any) -> dict[str, Any]:
    """What a question comes to. `progress` is told, and looked at while the solver is busy."""
    may = allowed(asked["may"])
    told: Told = lambda share, said: progress(share * _TWIN, said)  # noqa: E731
    today, changes = gathered(asked["twin"], asked["options"], asked["grows"], told)
    wanted = problem(today, changes, may, care(), posts(), asked.get("trained"))
    stop, busy = Event(), _Busy(progress)
    found = answers.unhurried(
        lambda: propose(wanted, stop=stop, told=busy.told), stop=stop.set, progress=busy
    )
    plain: dict[str, Any] = json.loads(json.dumps(telling.plain(found, today, changes)))
    return plain


class _Busy(answers.Progress):
    """How far the solver is. It runs in a thread of its own, which never speaks to the store."""

    def __init__(self, progress: Any) -> None:
        self._progress, self._now = progress, (0.0, say("looking for the best plan"))

    def told(self, share: float, said: str) -> None:
        """Note it; the thread that waits passes it on."""
        self._now = (share, said)

    def look(self) -> None:
        """Pass it on. Raises Cancelled where nobody waits any more."""
        self._progress(_TWIN + (1 - _TWIN) * self._now[0], self._now[1])


def keep(digest: str, found: Mapping[str, Any]) -> None:
    """Write an answer to every proposal that waits for it."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    PlanProposal.objects.filter(digest=digest, found="").update(found=text)
