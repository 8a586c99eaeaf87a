"""The ledger in bulk, and what a balance costs with a million legs behind it.

Bills of 400 lines of 40 organisations over 24 months, each a posting of two legs, posted as any
room posts them: checked, chained, and guarded by the database's own triggers, 20,000 in a
transaction on a file. Then a balance of every kind that can be asked. CPU seconds on one core.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from onesystem.bench.scratch import HOSPITAL, scratch
from onesystem.bench.shape import Row, register

WANTED, BALANCE = 20_000, 5
_LEGS, _BATCH = 1_000_000, 20_000
_LINES, _BODIES, _FUNDS = 400, 40, 6
_MONTHS = [date(2024 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(24)]


@register("ledger", "balanced postings a second in bulk, and a balance at a million legs")
def run(*, full: bool) -> Iterable[Row]:
    """A million legs; `full` posts them one at a time for a while too, and checks the chain."""
    with scratch(HOSPITAL):
        from onesystem.access import Actor

        yield from _posted(Actor.job("bench"))
        yield from _asked()
        yield from _single(Actor.job("bench"), 5_000 if full else 500)
        if full:
            yield _verified()


def _posted(by: Any) -> Iterator[Row]:
    from onesystem.budget.ledger import actions

    drawn = random.Random(7)  # noqa: S311
    spent: list[float] = []
    for start in range(0, _LEGS // 2, _BATCH):
        some = [_bill(drawn, n) for n in range(start, start + _BATCH)]
        begun = time.process_time()
        actions.post_many(some, by=by)
        spent.append(time.process_time() - begun)
    yield Row(
        name="balanced postings of two legs, in bulk, on SQLite",
        value=round(_LEGS / 2 / sum(spent)),
        unit="a CPU second", target=WANTED, peer="beancount loads a text, as measured before",
        peer_value=6_683,
    )  # fmt: skip
    yield Row(
        name="the slowest 20,000 of them", value=round(_BATCH / max(spent)), unit="a CPU second",
        target=WANTED, peer="django-hordak on PostgreSQL, as measured before", peer_value=38,
    )  # fmt: skip


def _bill(drawn: random.Random, n: int) -> Any:
    from onesystem.budget.ledger.entry import Leg, Posting

    line = drawn.randrange(_LINES)
    about = {
        "line": f"line-{line}",
        "fund": f"fund-{line % _FUNDS}",
        "organisation": f"body-{line % _BODIES}",
        "service": f"service-{line % 90}",
        "contract": f"contract-{line % 30}",
    }
    amount = drawn.randrange(1, 5_000_000)
    book, account, against = (
        ("actual", "spent", "owed"), ("plan", "budget", "contributed"),
        ("commitment", "reserved", "promised"),
    )[n % 10 - 7 if n % 10 > 7 else 0]  # fmt: skip
    legs = (Leg(account, amount, **about), Leg(against, -amount, organisation=about["organisation"],
                                               fund=about["fund"]))  # fmt: skip
    return Posting(book, drawn.choice(_MONTHS), legs, f"Bill {n}")


def _asked() -> Iterator[Row]:
    from onesystem.budget.ledger import queries

    kinds: dict[str, Callable[[], object]] = {
        "of a line": lambda: queries.balance(account="spent", line="line-7"),
        "of a line in one month": lambda: queries.balance(
            account="spent", line="line-7", month_from=_MONTHS[3], month_to=_MONTHS[3]
        ),
        "what is left on a line": lambda: queries.available("line-9"),
        "of a contract in a year": lambda: queries.balance(
            contract="contract-3", month_from=_MONTHS[0], month_to=_MONTHS[11]
        ),
        "of an organisation and a fund": lambda: queries.balance(
            book="actual", organisation="body-4", fund="fund-4"
        ),
        "of a fund": lambda: queries.balance(book="actual", account="spent", fund="fund-2"),
        "of an account, all lines, all months": lambda: queries.balance(
            book="actual", account="spent"
        ),
        "of a book to a month": lambda: queries.balance(book="actual", month_to=_MONTHS[14]),
    }
    took = {name: _cost(ask) * 1000 for name, ask in kinds.items()}
    slowest = max(took, key=lambda name: took[name])
    yield Row(
        name=f"a balance at 1,000,000 legs, the slowest of {len(kinds)} kinds: {slowest}",
        value=round(took[slowest], 2), unit="ms of CPU", target=BALANCE, lower_is_better=True,
        peer="django-hordak's own thread", peer_value=420,
    )  # fmt: skip
    for name, each in took.items():
        yield Row(name=f"a balance {name}", value=round(each, 3), unit="ms of CPU", target=BALANCE,
                  lower_is_better=True)  # fmt: skip
    page = _cost(lambda: (queries.entries(line="line-7"), queries.many(line="line-7"))) * 1000
    yield Row(name="a page of 100 entries of a line, with how many there are",
              value=round(page, 2), unit="ms of CPU")  # fmt: skip


def _single(by: Any, many: int) -> Iterator[Row]:
    from onesystem.budget.ledger import actions

    drawn = random.Random(8)  # noqa: S311
    bills = [_bill(drawn, 0) for _ in range(many)]
    begun = time.process_time()
    for each in bills:
        actions.post(book=each.book, month=each.month, legs=each.legs, words=each.words, by=by)
    spent = time.process_time() - begun
    yield Row(name="postings one at a time, each with its line in the trail",
              value=round(many / spent), unit="a CPU second", peer="django-hordak on PostgreSQL",
              peer_value=38)  # fmt: skip


def _verified() -> Row:
    from onesystem.budget.ledger import queries

    begun = time.process_time()
    faults = queries.verify()
    return Row(name=f"the whole chain checked, {len(faults)} faults",
               value=round(time.process_time() - begun, 1), unit="CPU s")  # fmt: skip


def _cost(ask: Callable[[], object]) -> float:
    """CPU seconds of one, the mean of a round and the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for _ in range(10):
            ask()
        best = min(best, (time.process_time() - begun) / 10)
    return best
