"""Options, plans and runs as pages show them: tables, tags, words. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from onesystem.plan.options import wording
from onesystem.plan.options.option import DELIVERS, QUALITIES, STRENGTHS, Option
from onesystem.plan.options.pricing import Priced
from onesystem.plan.options.weighing import (
    FIFTH,
    FIGURES,
    GROUP,
    HOME,
    PLACE,
    SETTING,
    Comparison,
    Row,
    SetResult,
)
from onesystem.vocabulary.said import begun, listed, say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

TONES = {"strong": "good", "moderate": "info", "weak": "warn", "very weak": "bad", "none": "bad"}
_HEADS = ("wait", say("days at home a head"), say("admissions a head"), say("attendances a head"))
PARTS = {
    HOME: (say("Between places where people live"), say("Lives in"), _HEADS),
    FIFTH: (say("By deprivation of where people live"), "Fifth", _HEADS),
    GROUP: (say("Between groups of people"), "Who", ("bed-days", "admissions", "wait")),
    PLACE: (
        say("Between places of care"),
        "Place",
        (say("ED wait"), "attendances", "bed-days", "cost"),
    ),
    SETTING: (say("By kind of service"), "Kind", ("wait", "beds", say("staff hours"), "cost")),
}
_KIND = say_each({"set-up": "Once", "running": "A year"})


def library(some: Iterable[Option], query: Mapping[str, str]) -> Listing:
    """The library as a table; a word, who delivers it, and how good its evidence is narrow it."""
    word = query.get("q", "").casefold().strip()
    wanted = [
        o for o in some
        if word in f"{o.title} {o.what}".casefold()
        and query.get("delivers", "") in ("", o.delivers)
        and query.get("evidence", "") in ("", o.strength)
    ]  # fmt: skip
    return Listing(
        caption="Options",
        columns=(
            Column("title", "Option"), Column("delivers", "Delivered by"),
            Column("evidence", "Evidence that it works"), Column("sizes", "Its size"),
            Column("lag", "Months to first effect", right=True),
            Column("ramp", "Months to full effect", right=True),
            Column("staff", "Staff", unit="for 100,000 people", right=True),
        ),
        all_rows=[
            [Cell(o.title, href=f"/plan/library/{o.key}/"), DELIVERS[o.delivers],
             Cell(o.strength, tag=TONES[o.strength]), sized(o), o.lag_months,
             o.lag_months + o.ramp_months, round(sum(s.wte for s in o.staff), 1)]
            for o in wanted
        ],
        query=query, empty_title="No option is like that", empty_advice="Take a filter away.",
    )  # fmt: skip


def sized(option: Option) -> Cell:
    """Whether somebody has measured how large the effect is."""
    if not option.assumed:
        return Cell(say("from a study"), tag="info")
    every = option.assumed == len(option.effects)
    return Cell(say("assumed") if every else say("in part assumed"), tag="warn")


def size(value: float) -> str:
    """The size of an effect: a share as a per cent, a number as it is."""
    return f"{100 * value:g}%" if value < 1 else f"{value:g}"


def effects(option: Option) -> list[tuple[str, str, str, str, bool]]:
    """Each effect: middle, what, range, source, whether it is assumed."""
    return [
        (
            size(e.central),
            e.words,
            say("{size} to {size2}", size=size(e.low), size2=size(e.high)),
            e.source,
            e.assumed,
        )
        for e in option.effects
    ]


def evidence(option: Option) -> list[tuple[str, str, int, str, str, str, str]]:
    """Each finding: words, source, year, what kind, its colour, what it says and its colour."""
    tones = {"for": "good", "against": "bad", "mixed": "warn", "unknown": "quiet"}
    return [
        (e.words, e.source, e.year, QUALITIES[e.quality][0], TONES[QUALITIES[e.quality][1]],
         e.says, tones[e.says])
        for e in option.evidence
    ]  # fmt: skip


def costs(priced: Priced, funders: Mapping[str, str], currency: str) -> Listing:
    """What it costs, line by line."""
    money = wording.money_in(currency)
    return Listing(
        caption="What it costs",
        columns=(
            Column("words", "What", sorts=False), Column("kind", "When", sorts=False),
            Column("funder", "Who pays", sorts=False),
            Column("amount", "Amount", right=True, sorts=False),
            Column("source", "Source", sorts=False),
        ),
        all_rows=[
            [line.words, _KIND[line.kind], funders.get(line.funder, line.funder),
             Cell(money(line.amount), value=line.amount),
             "Assumed" if line.source == "Assumed" else line.source]
            for line in priced.lines
        ],
        per_page=200, exports=False, empty_title="It costs nothing", empty_advice="",
    )  # fmt: skip


def strengths() -> list[tuple[str, str]]:
    """How strongly an option is taken to work, for a choice."""
    return [(key, begun(words)) for key, words in STRENGTHS.items()]


def whole(found: Comparison, currency: str) -> Listing:
    """Every figure of the whole, a column for each set."""
    rows = []
    for figure in wording.HEADLINES:
        some = [each.row(figure) for each in found.sets]
        first = next((each for each in some if each is not None), None)
        if first is None:
            continue
        words, unit, _ = wording.said(figure)
        cells: list[Any] = [Cell(words, note=unit),
                            wording.number(figure, first.nothing.mean, currency)]  # fmt: skip
        rows.append(cells + [cell(each, currency) for each in some])
    return Listing(
        caption="Beside doing nothing",
        columns=(
            Column("figure", "Figure", sorts=False),
            Column("nothing", "Do nothing", right=True, sorts=False),
            *(Column(f"s{n}", each.name, right=True, sorts=False)
              for n, each in enumerate(found.sets)),
        ),
        all_rows=rows, per_page=200, exports=False, empty_title="Nothing was run",
        empty_advice="Choose options and run them.",
    )  # fmt: skip


def cell(row: Row | None, currency: str) -> Cell:
    """A difference with its verdict and both its intervals."""
    if row is None:
        return Cell("")
    if row.same:
        return Cell("0", value=0.0, note=say("no difference"))
    _, kind = wording.verdict(row)
    ends = wording.ends(row, currency)
    return Cell(
        wording.difference(row, currency),
        value=row.difference.mean,
        tag=kind,
        title=wording.verdict(row)[0],
        note=say(
            "{interval}; by the evidence {ends}",
            interval=wording.interval(row, currency),
            ends=ends,
        ),
    )


def part(found: SetResult, kind: str, currency: str) -> Listing:
    """The figures of one set by organisation, place, group or kind of service."""
    title, head, figures = PARTS[kind]
    labels = list(dict.fromkeys(row.label for row in found.of(kind)))
    used = [f for f in figures if any(found.row(f, kind=kind, label=x) for x in labels)]
    rows = []
    for label in labels:
        some = [found.row(f, kind=kind, label=label) for f in used]
        if kind in (HOME, FIFTH) or any(each and each.difference.mean for each in some):
            rows.append([label, *(_short(each, currency) for each in some)])
    return Listing(
        caption=listed([title, found.name], ": "),
        columns=(
            Column("label", head, sorts=False),
            *(Column(f, wording.said(f)[0], unit=wording.said(f)[1], right=True, sorts=False)
              for f in used),
        ),
        all_rows=rows, per_page=200, exports=False, empty_title="Nothing differs",
        empty_advice="Neither gains nor loses more than nothing.",
    )  # fmt: skip


def _short(row: Row | None, currency: str) -> Cell:
    if row is None:
        return Cell("")
    before = wording.number(row.figure, row.nothing.mean, currency)
    tag = wording.verdict(row)[1] if row.sure else ""
    return Cell(
        wording.difference(row, currency),
        value=row.difference.mean,
        tag=tag,
        note=say(
            "{interval}; of {before}", interval=wording.interval(row, currency), before=before
        ),
        title=wording.verdict(row)[0],
    )


def rows(found: Comparison) -> Iterable[list[Any]]:
    """Everything as rows for a file, under `HEAD`."""
    for each in found.sets:
        for row in each.rows:
            yield [
                each.name, row.kind, row.label, FIGURES.get(row.figure, (row.figure,))[0],
                *(getattr(e, end) for e in (row.nothing, row.value, row.difference)
                  for end in ("mean", "low", "high")),
                row.least, row.most,
            ]  # fmt: skip


HEAD = (
    "options", "of", "which", "figure",
    "nothing", say("nothing low"), say("nothing high"), "with", say("with low"), say("with high"),
    "difference", say("difference low"), say("difference high"),
    say("least by the evidence"), say("most by the evidence"),
)  # fmt: skip
