"""A measure in words: for the command line, the pages, and the reference that is made of them."""

from onesystem.flow.measures.declaration import Declared
from onesystem.vocabulary.said import say, say_each

_OVER = say_each(
    {
        "people": "the people of the district at the middle of the year, for a year",
        "capacity": "the beds that the services have",
        "days": "the days of the period",
        "none": "nothing: it is a count",
        "most": "nothing: it is the count of the day of the period that had most",
        "gini": "nothing: it is Gini's index over all people, those who have none among them",
        "top 10": "what all have: it is the share of the tenth of the people who have most",
        "top 5": "what all have: it is the share of the twentieth of the people who have most",
        "top 1": "what all have: it is the share of the hundredth of the people who have most",
    }
)
_OF = say_each({
    "contact": "contacts", "spell": "spells", "person-month": "people's months",
    "person-quarter": "people's quarters", "person-year": "people's years",
})  # fmt: skip


def page(measure: Declared) -> str:
    """What a measure says, as a section of Markdown."""
    first = say(
        "`{name}`, version {version}. {words}",
        name=measure.name,
        version=measure.version,
        words=measure.words,
    )
    lines = [f"## {measure.title}", "", first, ""]
    if measure.live:
        lines += [say("*What the contacts say of it.* {live}", live=measure.live), ""]
    lines += ["| | |", "|---|---|"]
    lines += [f"| {name} | {said} |" for name, said in facts(measure) if said]
    return "\n".join([*lines, ""])


def facts(measure: Declared) -> list[tuple[str, str]]:
    """Its facts in order: what it counts, how, in what unit, after whom."""
    whose = say(" Our own definition.") if measure.own else ""
    target = "" if measure.target is None else f"{measure.target:g}"
    better = say_each({"up": "more is better", "down": "less is better", "none": ""})[
        measure.direction
    ]
    return [
        (say("counts"), measure.told or f"{_OF[measure.of]} ({measure.shape})"),
        *((name, f"`{said.replace('|', '&#124;')}`") for name, said in measure.terms.items()),
        (say("divided by"), _OVER.get(measure.over, "")),
        (say("aged at least"), str(measure.people_from_age or "")),
        (say("standardised"), measure.standardisation if measure.standardisation != "none" else ""),
        (say("unit"), measure.unit),
        (say("direction"), better),
        (say("target"), target),
        (say("kept by"), ", ".join(measure.dimensions)),
        (say("source"), f"{measure.source} ({measure.source_date:%d %B %Y}).{whose}"),
    ]


HEAD = """# The measures

<!-- Made by `tools/measures.py --write` from the library; a test compares. -->

Every measure that comes with onesystem: what it counts, of whom, and after which published
definition. Times by which days are cut are the district's. Contacts that were cancelled, or that
end before they start, count nowhere. Somebody in two services at once counts in each of them,
unless the measure joins their stays into spells, which it then says. `onesystem measure show NAME`
prints one of these, with the versions that the district has published itself.

How to write one: [](../how-to/write-a-measure.md).
"""


def reference(measures: list[Declared]) -> str:
    """The whole reference."""
    return "\n".join([HEAD, *(page(each) for each in measures)]).rstrip() + "\n"
