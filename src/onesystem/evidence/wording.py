"""Results in words: what was found, and what cannot be concluded from it."""

from collections.abc import Iterable

from onesystem.evidence.result import Effect
from onesystem.evidence.translating import number
from onesystem.vocabulary.said import say

LIMITS: dict[str, tuple[str, ...]] = {
    "its": (
        (
            say(
                "Anything else that happened at the same time is part of this effect: a new "
                "tariff, a change of coding, a bad winter, another project."
            )
        ),
        (
            say(
                "It supposes that the trend of before would have gone on. The further from the "
                "change, the weaker that is."
            )
        ),
        say("It speaks of the series as a whole, not of any one person."),
    ),
    "its-one": (
        (
            say(
                "There is no comparison: a change that came to every district then cannot be "
                "told from this one. A control series or several places would help."
            )
        ),
    ),
    "did": (
        (
            say(
                "It supposes that both groups would have moved in parallel. That can be made "
                "likely by what came before, and never proved."
            )
        ),
        say(
            "People may have moved between the groups, or the untreated may have been touched too."
        ),
        say("It is the effect on those who had the change, and may not hold elsewhere."),
    ),
    "synth": (
        (
            say(
                "It supposes that the others were not touched by the change, and that nothing "
                "else set this place apart afterwards."
            )
        ),
        say(
            "With few comparison places the p value can be no smaller than one over their "
            "number + 1."
        ),
        say("A good fit before does not prove that the fit would have lasted."),
    ),
    "wedge": (
        (
            say(
                "The order in which places began has to be independent of how they were doing; "
                "only a drawn order makes it so."
            )
        ),
        (
            say(
                "Later periods are mostly after, earlier ones mostly before: the effect leans "
                "on the model of time."
            )
        ),
        say("It supposes one effect from the first period on; one that grows is averaged over."),
    ),
    "rd": (
        say("It is the effect on people at the threshold alone; those far from it may differ."),
        say("Nothing else may change at the same threshold."),
        (
            say(
                "Nobody may be able to place themselves on one side; the density test only "
                "finds clumsy attempts."
            )
        ),
    ),
    "changepoint": (
        say("It says when the series changed and by how much, not why."),
        say("Slow drifts and seasons look like steps where they are not taken out first."),
        say(
            "The prior spreads changes evenly over the dates; a known date should be used instead."
        ),
    ),
}


CONTROL = (
    say("It supposes that whatever else happened touched the control as it touched this series."),
    say("A control that was touched by the change hides a part of the effect."),
)


def limits(design: str, *, one_series: bool = False) -> tuple[str, ...]:
    """What cannot be concluded from a design."""
    return LIMITS[design] + (LIMITS["its-one"] if one_series else ())


def headline(main: Effect, every: str = "", others: Iterable[Effect] = ()) -> str:
    """The main finding in a sentence or two."""
    inside = say(
        "({level} interval {low} to {high})",
        level=f"{main.level:.0%}",
        low=number(main.low),
        high=number(main.high),
    )
    unit = f" {main.unit}" if main.unit else (f" a {every}" if every else "")
    if main.clear:
        verb = "fell" if main.direction == "fall" else "rose"
        size = (
            number(abs(main.estimate))
            if not main.ratio
            else say("a ratio of {estimate}", estimate=number(main.estimate))
        )
        text = say(
            "The outcome {verb} by {size}{unit} {inside}.",
            verb=verb,
            size=size,
            unit=unit,
            inside=inside,
        )
    else:
        text = say(
            "No clear change: {estimate}{unit} {inside}. That is not proof of no effect: "
            "look at how wide the interval is.",
            estimate=number(main.estimate),
            unit=unit,
            inside=inside,
        )
    relative = next((e for e in others if e.name == "relative"), None)
    if relative is not None and main.clear:
        than = "less" if relative.estimate < 1 else "more"
        text += say(
            " That is {estimate} {than}.", estimate=f"{abs(relative.estimate - 1):.1%}", than=than
        )
    return text
