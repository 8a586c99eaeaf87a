"""What a plan offers as evidence: links that say what they said then, and say it again now.

A link's `ref` is kept by whoever uses it: `plan/winter/run/2/enablement+beds`,
`plan/winter/snapshot/7`, `plan/winter/cost/enablement`, `plan/winter/review`. `resolve` gives the
same link with what it says now.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from onesystem.access import Actor
from onesystem.district import current
from onesystem.plan.options import diagnosing, queries, wording
from onesystem.plan.options.rows import PlanSnapshot
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A piece of evidence: what it is, what it says as rows of label and words, and where."""

    ref: str
    kind: str
    title: str
    rows: tuple[tuple[str, str], ...]
    href: str
    digest: str


def evidence_links(plan: str) -> list[Link]:
    """All that a plan offers: its comparisons, its kept figures, its costs, its review."""
    mine = queries.plan(plan)
    run = queries.last_run(plan)
    links = [_run(mine, run, each.keys) for each in run.found.sets] if run and run.found else []
    links += [_snapshot(mine, each) for each in queries.snapshots(plan)]
    links += [_cost(mine, each) for each in mine.options]
    links += _portfolio(mine)
    return [*links, _review(mine)] if queries.scores(plan) else links


def resolve(ref: str, *, by: Actor) -> Link:
    """A link by its ref, with what it says now. Raises NotFound."""
    parts = ref.split("/")
    if len(parts) < 3 or parts[0] != "plan":
        raise NotFound(
            say("{ref} is no link of a plan", ref=repr(ref)), "Copy it from the plan's page."
        )
    mine = queries.plan(parts[1])
    ways: dict[str, Callable[[], Link]] = {
        "run": lambda: _again(mine, parts),
        "snapshot": lambda: _now(mine, int(parts[3]), by),
        "cost": lambda: _cost(mine, mine.option(parts[3])),
        "review": lambda: _review(mine),
        "portfolio": lambda: _together(mine, int(parts[3])) if parts[3] else _portfolio(mine)[0],
    }
    if parts[2] not in ways:
        raise NotFound(
            say("{ref} is no link of a plan", ref=repr(ref)), "Copy it from the plan's page."
        )
    try:
        return ways[parts[2]]()
    except (IndexError, ValueError):
        raise NotFound(
            say("{ref} is no link of a plan", ref=repr(ref)), "Copy it from the plan's page."
        ) from None


def _link(mine: queries.Plan, tail: str, kind: str, title: str, rows: object, href: str) -> Link:
    some = tuple((str(label), str(words)) for label, words in rows)  # type: ignore[attr-defined]
    digest = diagnosing.digest_of({"title": title, "rows": [list(each) for each in some]})
    return Link(ref=f"plan/{mine.slug}/{tail}", kind=kind, title=title, rows=some, href=href,
                digest=digest)  # fmt: skip


def _run(mine: queries.Plan, run: queries.Run, keys: tuple[str, ...]) -> Link:
    found = run.found.of(keys) if run.found else None
    if found is None:
        raise NotFound("this run has no such options", "Look at the runs of the plan.")
    rows = [
        (
            label,
            say(
                "{difference} ({interval}; by the evidence {ends})",
                difference=difference,
                interval=interval,
                ends=ends,
            ),
        )
        for label, difference, interval, ends in wording.headlines(found, current().currency)
    ]
    tail = f"run/{run.number}/{'+'.join(found.keys)}"
    href = f"/plan/{mine.slug}/runs/{run.number}/?set={'+'.join(found.keys)}"
    return _link(
        mine,
        tail,
        say("plan comparison"),
        say("{name}, beside doing nothing", name=found.name),
        rows,
        href,
    )


def _again(mine: queries.Plan, parts: list[str]) -> Link:
    """The same options in the latest run that has them as they stand; else as that run had them."""
    number = int(parts[3])
    keys = tuple(filter(None, parts[4].split("+") if len(parts) > 4 else ()))
    if not keys and (first := queries.run(mine.slug, number).found):
        keys = first.sets[-1].keys
    for run in queries.runs(mine.slug):
        if run.number >= number and run.found and run.found.of(keys):
            return _run(mine, run, keys)
    return _run(mine, queries.run(mine.slug, number), keys)


def _snapshot(mine: queries.Plan, row: PlanSnapshot) -> Link:
    value = json.loads(row.value)
    return _link(mine, f"snapshot/{row.pk}", row.kind, value["title"], value["rows"], value["href"])


def _now(mine: queries.Plan, number: int, by: Actor) -> Link:
    row = PlanSnapshot.objects.filter(plan=mine.slug, pk=number).first()
    if row is None:
        raise NotFound(
            say("there is no kept figure {number} in this plan", number=number),
            "Look at its diagnosis.",
        )
    try:
        value = diagnosing.value_of(row.kind, json.loads(row.asked), by=by)
    except UserError:
        return _snapshot(mine, row)
    return _link(mine, f"snapshot/{row.pk}", row.kind, value["title"], value["rows"], value["href"])


def _cost(mine: queries.Plan, chosen: queries.Chosen) -> Link:
    money = wording.money_in(current().currency)
    by_funder = ", ".join(f"{name} {money(amount)}"
                          for name, amount in chosen.priced.by_funder().items())  # fmt: skip
    rows = [
        (say("Set-up"), money(chosen.priced.set_up)),
        (say("Running, a year"), money(chosen.priced.running)),
        (say("By funder, a year"), by_funder),
        (say("Whole-time staff"), f"{chosen.priced.wte:,.2f}"),
    ]
    href = f"/plan/{mine.slug}/options/{chosen.key}/"
    return _link(
        mine,
        f"cost/{chosen.key}",
        "cost",
        say("{title}: what it costs", title=chosen.title),
        rows,
        href,
    )


def _portfolio(mine: queries.Plan) -> list[Link]:
    """The latest proposal of what to do when, with its options run together beside their sum."""
    from onesystem.plan.portfolio import queries as portfolio

    every = portfolio.proposals(mine.slug)
    return [_together(mine, every[0].number)] if every and every[0].said else []


def _together(mine: queries.Plan, number: int) -> Link:
    from onesystem.plan.portfolio import queries as portfolio
    from onesystem.plan.portfolio import together

    kept = portfolio.proposal(mine.slug, number)
    both = together.of(kept)
    titles = [kept.asked["options"][key]["title"] for key in both.keys]
    rows = [("Starts", "; ".join(titles) or "nothing")]
    if both.found:
        rows += together.told(both.found, current().currency)
    elif both.several:
        rows.append(
            ("Together", say("not run together yet: effects are those of each alone, added up"))
        )
    href = f"/plan/portfolio/{mine.slug}/?p={number}"
    title = say("What to start when, proposal {number}", number=number)
    return _link(mine, f"portfolio/{number}", "portfolio", title, rows, href)


def _review(mine: queries.Plan) -> Link:
    some = queries.scores(mine.slug)
    rows = [(mine.criteria.get(criterion, criterion), say("{score} of 5", score=each.score))
            for (criterion, _), each in some.items()]  # fmt: skip
    title = say("What the critical friend scored")
    return _link(mine, "review", "review", title, rows, f"/plan/{mine.slug}/review/")
