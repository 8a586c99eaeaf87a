"""What a shock does, and what would soften it, in words and tables. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from onesystem.plan.charting import Chart, Series, drawn
from onesystem.plan.shocks.windows import FIGURES, WINDOWS
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_CHART_DAYS, _OVER = 112, 7
DEFINED = (
    (say("Days waited"), say("One person who waits for a day, or two who wait for half of one")),
    (
        say("Added"),
        (
            say(
                "With the shock less without it, in each replication on the same random "
                "numbers; the mean with its 95% interval (Student's t)"
            )
        ),
    ),
    (
        say("In place before"),
        (
            say(
                "An option of the library, at its middle effect, that works from the "
                "beginning: the shock meets a district that has it"
            )
        ),
    ),
    (
        say("Begun two days after"),
        say("Something that can be done at once, from two days after the shock"),
    ),
    (
        say("Takes away"),
        (
            say(
                "The shock with it less the shock without it; in brackets how much of what the "
                "shock added that is"
            )
        ),
    ),
    (say("Gridlock"), say("A day on which a service is full while somebody in it cannot go on")),
)


def effects(found: Mapping[str, Any]) -> Listing:
    """Every figure, in the first week, month and year."""
    rows = []
    for figure, (words, _, better) in FIGURES.items():
        mine = {e["window"]: e for e in found["effects"] if e["figure"] == figure}
        rows.append([
            words,
            *(cell for window in WINDOWS for cell in (
                number(mine[window]["before"]["mean"]), added(mine[window]["difference"], better),
            )),
        ])  # fmt: skip
    columns = [Column("figure", "Figure")]
    for window in WINDOWS:
        columns += [Column(f"{window}0", f"Usual {window}", right=True),
                    Column(f"{window}1", f"Added in the first {window}", right=True)]  # fmt: skip
    return Listing(
        caption="First week, month and year", columns=tuple(columns), all_rows=rows,
        exports=False, per_page=500,
    )  # fmt: skip


def levers(found: Mapping[str, Any], figure: str) -> Listing:
    """What would soften it, ranked."""
    rows = [
        [
            each["name"], each["kind"],
            *(takes(each["takes"][w], each["part"][w]) for w in WINDOWS),
        ]
        for each in found["levers"]
    ]  # fmt: skip
    words = FIGURES[figure][0].lower()
    return Listing(
        caption=f"What would soften it: {words}", all_rows=rows, exports=False, per_page=500,
        columns=(
            Column("lever", "Lever"), Column("kind", "When"),
            *(Column(w, f"Takes away in the first {w}", right=True) for w in WINDOWS),
        ),
        empty_title="Nothing was tried", empty_advice="Run it with what would soften it.",
    )  # fmt: skip


def added(difference: Mapping[str, Any], better: int) -> Cell:
    """A difference with its interval; quiet where it may be chance."""
    low, high, mean = (difference[k] for k in ("low", "high", "mean"))
    if mean is None or (not mean and not low and not high):
        return Cell(say("nothing"), value=0, tag="quiet")
    sure = low is not None and (low > 0 or high < 0)
    tag = "quiet" if not sure or not better else "bad" if mean * better < 0 else "good"
    text = f"{mean:+,.{_places(mean)}f}"
    return Cell(
        text, value=mean, tag=tag, note=say("({low} to {high})", low=number(low), high=number(high))
    )


def takes(difference: Mapping[str, Any], part: float | None) -> Cell:
    """What a lever takes away, and how much of what was added that is."""
    low, high, mean = (difference[k] for k in ("low", "high", "mean"))
    if mean is None or (not mean and not low and not high):
        return Cell(say("nothing"), value=0, tag="quiet")
    sure = low is not None and (low > 0 or high < 0)
    tag = "quiet" if not sure else "good" if mean < 0 else "bad"
    of = ""
    if sure and part is not None and mean < 0:
        of = say("all of it, ") if part >= 1 else say("{part} of it, ", part=f"{part:.0%}")
    return Cell(
        f"{mean:+,.{_places(mean)}f}", value=mean, tag=tag,
        note=say("({of}{low} to {high})", of=of, low=number(low), high=number(high)),
    )  # fmt: skip


def number(value: float | None) -> str:
    """A number as it is read."""
    if value is None:
        return "-"
    return f"{value:,.{_places(value)}f}"


def _places(value: float) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def headlines(found: Mapping[str, Any], figure: str) -> list[dict[str, str]]:
    """The chosen figure in each window, and the first lever."""
    words, _, better = FIGURES[figure]
    told = []
    for window in WINDOWS:
        each = next(e for e in found["effects"] if (e["figure"], e["window"]) == (figure, window))
        cell = added(each["difference"], better)
        told.append(
            {
                "label": say("{words}, first {window}", words=words, window=window),
                "value": cell.text,
                "note": say(
                    "from {mean}; {note}",
                    mean=number(each["before"]["mean"]),
                    note=cell.note.strip("()"),
                )
                if cell.note
                else say("from {mean}", mean=number(each["before"]["mean"])),
                "kind": {"bad": "bad", "good": "good"}.get(cell.tag, ""),
            }
        )
    first = next(iter(found["levers"]), None)
    if first is not None:
        cell = takes(first["takes"]["month"], first["part"]["month"])
        told.append({
            "label": say("Softens it most in the first month"), "value": first["name"],
            "note": f"{first['kind']}: {cell.text} {cell.note}".strip(), "kind": "",
        })  # fmt: skip
    return told


def chart(found: Mapping[str, Any], figure: str) -> Chart:
    """The figure day by day with and without the shock, a mean of seven days."""
    usual, shocked = (_smooth(each[:_CHART_DAYS]) for each in found["days"][figure])
    feet = [say("day {n}", n=n + _OVER) for n in range(len(usual))]
    return drawn(
        [Series(name=say("With the shock"), values=shocked, kind="cost"),
         Series(name="Without", values=usual, kind="nothing")],
        feet, words=lambda value: f"{value:g}",
    )  # fmt: skip


def _smooth(days: Sequence[float]) -> list[float]:
    return [sum(days[n : n + _OVER]) / _OVER for n in range(len(days) - _OVER + 1)]
