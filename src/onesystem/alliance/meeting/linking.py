"""Evidence as links that reproduce: an address, what it said when attached, what it says now.

    attached("/measures/ed-attendances/?every=month", by=actor)   -> Evidence with its figures
    again(evidence, by=actor).said                                -> the same, as of now
    compared(then, now)                                           -> what is otherwise, in words

An address is pinned when it is attached: a measure to its days, a run to its scenarios' versions,
an evaluation to its run. What comes of it later differs only where what it rests on was corrected,
and both figures are shown. Counts of few people stay hidden, whoever attaches it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from onesystem.access import Actor
from onesystem.alliance.meeting.proposal import Evidence, digest_of
from onesystem.alliance.meeting.register import canonical
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.typed import ticked, whole_or

MEASURE: Final = "measure"
TWIN: Final = "twin run"
EVALUATION: Final = "evaluation"
SETTLEMENT: Final = "settlement"
COST: Final = "cost"
PLAN: Final = "plan"
DECISION: Final = "decision"
PAGE: Final = "page"
SOURCE: Final = "source"
KINDS: Final = say_each({
    MEASURE: "Measure", TWIN: "Twin", EVALUATION: "Evaluation", SETTLEMENT: "Settlement",
    COST: "Cost", PLAN: "Plan", DECISION: "Decision", PAGE: "Page", SOURCE: "Published source",
})  # fmt: skip
REPRODUCES: Final = frozenset({MEASURE, TWIN, EVALUATION, SETTLEMENT, COST, PLAN, DECISION})


class Said(NamedTuple):
    """What an address says: its kind, the address that says it again, and the figures."""

    kind: str
    address: str
    title: str
    figures: tuple[tuple[str, str], ...]
    data_to: str = ""
    digest: str = ""


Reader = Callable[[list[str], dict[str, str], list[tuple[str, str]], Actor], Said]


def attached(address: str, *, by: Actor, title: str = "", words: str = "") -> Evidence:
    """A piece of evidence with what it says now. Raises UserError with what to do."""
    said = _read(address.strip(), by, title.strip())
    return Evidence(
        kind=said.kind, address=said.address, title=title.strip()[:200] or said.title,
        figures=said.figures, digest=said.digest or _digest(said), data_to=said.data_to,
        at=to_micros(now()), words=words.strip()[:500],
    )  # fmt: skip


class NotRun(UserError):
    """A comparison that the twin has not run, as its scenarios and the model are now."""

    def __init__(self, question: dict[str, Any]) -> None:
        self.question = question
        super().__init__(say("it has not been run"), say("Open it, let it run, then attach it."))


class Again(NamedTuple):
    """What an address says now; or None, and why."""

    said: Evidence | None
    why: str = ""


def again(kept: Evidence, *, by: Actor) -> Again:
    """The same address now. A comparison of the twin that was not run is run anew, apart."""
    from onesystem.flow import answers
    from onesystem.twin import pages

    try:
        return Again(attached(kept.address, by=by, title=kept.title, words=kept.words))
    except NotRun as error:
        answers.ask(pages.KIND, error.question, by=by)
        return Again(None, say("It is being run anew: look again in a moment."))
    except UserError as error:
        return Again(None, str(error))


class Difference(NamedTuple):
    """A figure that is otherwise now."""

    label: str
    then: str
    now: str


def compared(then: Evidence, now_: Evidence) -> list[Difference]:
    """What is otherwise. Nothing where it says the same."""
    if then.digest == now_.digest:
        return []
    before, after = dict(then.figures), dict(now_.figures)
    labels = dict.fromkeys([*before, *after])
    found = [
        Difference(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label) != after.get(label)
    ]
    return found or [
        Difference(say("What lies behind it"), say("as it was"), say("worked out anew"))
    ]


def _digest(said: Said) -> str:
    return digest_of(canonical([said.kind, said.address, [list(f) for f in said.figures]]))


def _read(address: str, by: Actor, title: str) -> Said:
    if not address:
        raise UserError("no address is given", "Copy it from the page that shows it.")
    split = urlsplit(address)
    if split.scheme in ("http", "https") and not _ours(split.path):
        if not title:
            raise UserError("a published source needs a title", "Say what it is and who wrote it.")
        return Said(SOURCE, address, title, ())
    strange = "\\" in address or not address.isprintable()
    if split.scheme not in ("", "http", "https") or strange:
        raise UserError("that is no address of a page", "Copy it from the page that shows it.")
    parts = [part for part in split.path.split("/") if part]
    pairs = parse_qsl(split.query)
    for heads, reader in _READERS.items():
        if tuple(parts[: len(heads)]) == heads and len(parts) > len(heads) - (heads == _TWIN):
            return reader(parts, dict(pairs), pairs, _plain(by))
    path = split.path if split.path.startswith("/") else f"/{split.path}"
    kept = f"{path}?{split.query}" if split.query else path
    return Said(PAGE, kept, title or f"The page {path}", ())


def _ours(path: str) -> bool:
    """Whether an address with a host is of this system's own: its path is one that is read."""
    parts = tuple(part for part in path.split("/") if part)
    return any(parts[: len(heads)] == heads for heads in _READERS)


def _plain(by: Actor) -> Actor:
    """Who attaches it, without the right to see few people: what is kept is read by all."""
    return Actor(name=by.name, roles=frozenset({"alliance-member"}), organisation=by.organisation)


def _measure(
    parts: list[str], said: dict[str, str], _pairs: list[tuple[str, str]], by: Actor
) -> Said:
    from onesystem.flow.showing import reading
    from onesystem.flow.showing.state import State

    declared = reading.named(parts[1])
    state = State.of(said, today=reading.first_day_without(), dimensions=declared.dimensions)
    days = {"from": state.start.isoformat(), "to": (state.end - timedelta(days=1)).isoformat()}
    address = state.link(f"/measures/{declared.name}/", **days)
    charts = reading.charts(declared, state, by=by, group=False)
    if not charts or charts[0][1].chart.last is None:
        raise UserError(
            say("nothing is known of {title} in these days", title=repr(declared.title)),
            "Choose others.",
        )
    _, charted = charts[0]
    chosen = ", ".join(f"{key} {value}" for key, value in state.where.items())
    title = f"{declared.title}{f', {chosen}' if chosen else ''}"
    return Said(MEASURE, address, title, tuple(_of_chart(charted)), days["to"])


def _of_chart(charted: Any) -> Iterator[tuple[str, str]]:
    chart, unit = charted.chart, charted.unit
    last = chart.last or 0
    yield "Latest", f"{unit.said(chart.series.values[last])} {charted.last}"
    centre = chart.line("centre")[last]
    if centre is not None:
        yield say("Mean of its process"), unit.said(centre)
    known = [v for v in chart.series.values if v is not None]
    yield "From", unit.said(known[0])
    yield "Points", str(len(known))


def _twin(_parts: list[str], said: dict[str, str], pairs: list[tuple[str, str]], by: Actor) -> Said:
    from onesystem.flow import answers
    from onesystem.twin import besides, pages, queries

    keys = ticked(value for name, value in pairs if name == "s")
    held = [queries.one(key, by=by) for key in keys]
    if not held:
        raise UserError("that names no scenario", "Copy the address of a comparison in the twin.")
    years = whole_or(said.get("years"), 0)
    unseen = next((h.version.name for h in held if not h.row.shared), "")
    if unseen:
        raise UserError(say("the scenario {unseen} is shared with nobody", unseen=repr(unseen)),
                        "Share it on its page: whoever decides has to see it.")  # fmt: skip
    question = queries.question(pages.standing_here().digest, held, years)
    answer = answers.kept(pages.KIND, question)
    if answer is None or not answer.found:
        raise NotRun(question)
    names = ", ".join(f"{h.version.name} (version {h.version.number})" for h in held)
    figures = tuple(
        (f"{line['name']}: {figure['label']}", f"{figure['value']}, {figure['note']}")
        for line in besides.headlines(answer.found)
        for figure in line["figures"]
    )
    again = [("s", str(key)) for key in keys] + ([("years", str(years))] if years else [])
    done = answer.done_at.date().isoformat() if answer.done_at else ""
    return Said(TWIN, f"/twin/compare/?{urlencode(again)}", names, figures, done,
                queries.key_of(question))  # fmt: skip


def _evaluation(
    parts: list[str], said: dict[str, str], _pairs: list[tuple[str, str]], by: Actor
) -> Said:
    from onesystem.evidence import presenters, queries

    if parts[1] == "run" and len(parts) > 2:
        run = queries.run(_number(parts[2]), by=by)
        evaluation, number = run.version.evaluation_id, run.version.number
    else:
        version = _number(said["version"]) if "version" in said else None
        standing = queries.one(_number(parts[1]), number=version, by=by)
        evaluation, number = standing.evaluation.id, standing.version.number
        run = standing.run
    if run is None or not run.result:
        raise UserError("it has not been worked out", "Run it, then attach it.")
    main = run.result["main"]
    figures = [(main["label"], presenters.effect_words(main)),
               ("Assumptions", str(run.result["standing"]))]  # fmt: skip
    figures += [(t["label"], " ".join(f"{t['value']} {t['unit']} ({t['note']})".split()))
                for t in presenters.translated(run.result)]  # fmt: skip
    title = queries.one(evaluation, number=number, by=by).question.title
    data_to = run.data_to.isoformat() if run.data_to else ""
    return Said(EVALUATION, f"/evidence/{evaluation}/?version={number}", title, tuple(figures),
                data_to, run.digest)  # fmt: skip


def _settlement(
    parts: list[str], _said: dict[str, str], _pairs: list[tuple[str, str]], _by: Actor
) -> Said:
    from onesystem.budget.contracts import queries
    from onesystem.district import current
    from onesystem.vocabulary import Money

    if len(parts) < 4 or parts[2] != "settlements":
        name = queries.contract(parts[1]).name
        return Said(PAGE, f"/contracts/{parts[1]}/", name, ())
    settled = queries.settled(parts[1], _number(parts[3]))
    here = current()
    figures = tuple(
        (say("Due to {if_p}", if_p=here.organisations[p].name if p in here.organisations else p),
         str(Money(amount, here.currency)))
        for p, amount in settled.due.items()
    )  # fmt: skip
    name = queries.contract(parts[1]).name
    title = say(
        "{name}, {since} up to {until}",
        name=name,
        since=say_date(settled.row.since, "%B %Y"),
        until=say_date(settled.row.until, "%B %Y"),
    )
    return Said(SETTLEMENT, f"/contracts/{parts[1]}/settlements/{parts[3]}/", title, figures,
                settled.row.until.isoformat(), settled.row.digest)  # fmt: skip


def _cost(
    parts: list[str], said: dict[str, str], _pairs: list[tuple[str, str]], _by: Actor
) -> Said:
    from onesystem.budget.costing import asked, queries
    from onesystem.district import current
    from onesystem.vocabulary import Money

    here, when = current(), asked.asked(said)
    if len(parts) < 4 or parts[2] != "services":
        return Said(PAGE, f"/{'/'.join(parts)}/", "What services cost", ())
    found = queries.costs(when.first, when.last, by=("service",), service=parts[3])
    if not found:
        raise UserError("nothing cost anything there in these months", "Choose others.")
    [cost] = found
    figures = [("Cost", str(Money(cost.minor, here.currency))), ("Months", when.words)]
    if cost.contacts >= here.suppress_below:
        mean = str(Money(round(cost.mean or 0), here.currency))
        figures[1:1] = [("Contacts", f"{cost.contacts:,}"), (say("A contact"), mean)]
    months = {"from": f"{when.first:%Y-%m}", "to": f"{when.last:%Y-%m}"}
    address = f"/budget/costs/services/{parts[3]}/?{urlencode(months)}"
    return Said(COST, address, f"What {here.service_name(parts[3])} costs", tuple(figures),
                months["to"])  # fmt: skip


def _plan(parts: list[str], said: dict[str, str], _pairs: list[tuple[str, str]], by: Actor) -> Said:
    from onesystem.plan.options import linking

    link = linking.resolve(_ref(parts, said), by=by)
    return Said(PLAN, link.href, link.title, link.rows, "", link.digest)


def _ref(parts: list[str], said: dict[str, str]) -> str:
    """A link of a plan, from the address of its page or as the plan gives it."""
    if len(parts) > 3 and parts[2] == "runs":
        return f"plan/{parts[1]}/run/{parts[3]}/{said.get('set', '').replace(' ', '+')}"
    if len(parts) > 3 and parts[2] == "options":
        return f"plan/{parts[1]}/cost/{parts[3]}"
    if len(parts) == 3 and parts[1] == "portfolio":
        return f"plan/{parts[2]}/portfolio/{said.get('p', '')}"
    return "/".join(parts)


def _decision(
    parts: list[str], _said: dict[str, str], _pairs: list[tuple[str, str]], _by: Actor
) -> Said:
    from onesystem.alliance.meeting import queries

    made = queries.decision(_number(parts[2]))
    return Said(DECISION, f"/alliance/decisions/{made.number}/", f"Decision {made.number}: "
                f"{made.title}", (("State", made.state),))  # fmt: skip


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise NotFound(
            say("{text} is no number", text=repr(text)),
            "Copy the address from the page that shows it.",
        )
    return int(text)


_TWIN = ("twin", "compare")
_READERS: Final[dict[tuple[str, ...], Reader]] = {
    ("measures",): _measure, _TWIN: _twin, ("evidence",): _evaluation,
    ("contracts",): _settlement, ("budget", "costs"): _cost, ("plan",): _plan,
    ("alliance", "decisions"): _decision,
}  # fmt: skip
