"""One opportunity in its parts: its splits, its practices, and its rows for a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onesystem.flow.chances import linking
from onesystem.flow.chances.seeing import Sums, key_of
from onesystem.flow.chances.showing import Showing
from onesystem.flow.chances.wording import days, money
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

SPLITS = ("cause", "other", "service", "organisation", "practice")
HEAD = ("opportunity", "split", "group", "contacts", "people", say("avoidable days"),
        say("money (minor units)"), "hidden")  # fmt: skip


def splits(showing: Showing, kind: Mapping[str, Any], *, sees: bool) -> list[Listing]:
    """The tables of one kind: each split that it has, the most days first."""
    return [
        _split(showing, kind, split, title, sees=sees) for split, title in _present(showing, kind)
    ]


def _present(showing: Showing, kind: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The splits that a kind has, within the page's service, and what each is called."""
    for split in SPLITS:
        title = showing.title_of(kind, split)
        within = f"service+{split}" if showing.state.service else split
        if title and within in kind["cells"]:
            yield split, title


def _split(
    showing: Showing, kind: Mapping[str, Any], split: str, title: str, *, sees: bool
) -> Listing:
    found = [(v, showing.sums(kind, split, v)) for v in showing.values(kind, split)]
    found.sort(key=lambda pair: (-(pair[1].days or 0), -(pair[1].contacts or 0), pair[0]))
    rows = [_row(showing, kind, split, value, sums, sees=sees) for value, sums in found]
    opens = any(row[-1] for row in rows)
    return Listing(
        caption=f"By {title[:1].lower()}{title[1:]}",
        columns=(
            Column("group", title, sorts=False),
            Column("contacts", "Contacts", right=True, sorts=False),
            Column("people", "People", right=True, sorts=False),
            Column("days", "Avoidable days", right=True, sorts=False),
            Column("money", "Money", right=True, sorts=False),
            *([Column("journeys", "Open", sorts=False)] if opens else []),
        ),
        all_rows=rows if opens else [row[:-1] for row in rows],
        per_page=400,
        exports=False,
        empty_title=f"Nothing to split by {title.lower()}",
        empty_advice="Choose a longer period, or another service.",
    )


def _row(
    showing: Showing, kind: Mapping[str, Any], split: str, value: str, sums: Sums, *, sees: bool
) -> list[Any]:
    name = showing.word(split, value)
    href = showing.behind(kind, **{split: value}) if sees and value else ""
    if split == "service":
        href = showing.state.link(f"/opportunities/{kind['name']}/", service=value)
    journeys = linking.journeys(
        kind, showing.found, split=split, value=value, service=showing.state.service
    )
    if sums.hidden:
        return [Cell(name), Cell(say("hidden")), "", "", "", ""]
    return [
        Cell(name, href=href),
        words.number(sums.contacts),
        words.number(sums.people),
        days(sums.days),
        money(sums.money),
        Cell(say("Journeys"), href=journeys) if journeys else "",
    ]


def no_days(showing: Showing, kind: Mapping[str, Any]) -> bool:
    """Whether a part of an estimate has contacts, and no day that is avoidable."""
    parts = (
        showing.sums(kind, split, value)
        for split, _ in _present(showing, kind)
        for value in showing.values(kind, split)
    )
    return bool(kind["estimate"]) and any(sums.contacts and not sums.days for sums in parts)


def practices(showing: Showing, kind: Mapping[str, Any]) -> Listing | None:
    """Practices against what they would have at the district's rate; None of other kinds."""
    found = kind["more"].get("practices")
    if not found or showing.state.service:
        return None
    best = kind["more"]["best_ratio"]
    every = [(code, _against(showing, kind, code, told, best)) for code, told in found.items()]
    every.sort(key=lambda pair: (-(pair[1][0] or 0), pair[0]))
    return Listing(
        caption="Practices against the district's rate at the ages of their people",
        columns=(
            Column("practice", "Practice", sorts=False),
            Column("people", "People", right=True, sorts=False),
            Column("had", "Admissions", right=True, sorts=False),
            Column("expected", "At the district's rate", right=True, sorts=False),
            Column("ratio", "Ratio", right=True, sorts=False),
            Column("above", "Above it", right=True, sorts=False),
            Column("best", "Above the best quarter's rate", right=True, sorts=False),
        ),
        all_rows=[row for _, (_, row) in every],
        per_page=400,
        exports=False,
        empty_title="No practice is known",
        empty_advice="",
    )


def _against(
    showing: Showing, kind: Mapping[str, Any], code: str, told: Sequence[Any], best: float
) -> tuple[float | None, list[Any]]:
    """A practice's ratio, which ranks it, and its row."""
    people, observed, exactly = told
    key = key_of(showing.found, kind["name"], "observed", code, "")
    seen, expected = showing.eyes.count(observed, key=key), showing.eyes.figure(exactly)
    ratio = seen / expected if seen is not None and expected else None
    href = linking.journeys(kind, showing.found, split="practice", value=code)
    return ratio, [
        Cell(showing.word("practice", code), href=href),
        words.number(people),
        Cell(say("hidden")) if seen is None else words.number(seen),
        words.number(expected, 1),
        words.number(ratio, 2),
        *(
            "" if seen is None else words.number(max(0.0, seen - rate * expected), 1)
            for rate in (1.0, best)
        ),
    ]


def rows(
    showing: Showing, kinds: Sequence[Mapping[str, Any]], *, split: bool
) -> Iterator[list[Any]]:
    """What a page shows, under HEAD; with the splits where `split` is on."""
    for kind in kinds:
        yield _line(kind, "", "", showing.sums(kind))
        for name in SPLITS if split else ():
            title = showing.title_of(kind, name)
            within = f"service+{name}" if showing.state.service else name
            if title and within in kind["cells"]:
                for value in showing.values(kind, name):
                    sums = showing.sums(kind, name, value)
                    yield _line(kind, title, showing.word(name, value), sums)


def _line(kind: Mapping[str, Any], split: str, group: str, sums: Sums) -> list[Any]:
    told = None if sums.days is None else round(sums.days, 3)
    hidden = "yes" if sums.hidden else ""
    return [kind["title"], split, group, sums.contacts, sums.people, told, sums.money, hidden]
