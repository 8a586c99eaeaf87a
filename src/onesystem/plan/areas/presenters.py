"""Areas and their people as pages show them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from onesystem.plan.areas.area import BANDS, COUNCIL, KINDS, Area
from onesystem.plan.areas.catalogue import areas as catalogue_areas
from onesystem.plan.areas.people import PeopleNow
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_OLD, _OLDEST = 15, 17  # the bands that begin with 75 and with 85
_PEOPLE = say(
    "area, age, sex (may be left out), people. An age may be the first of a band. "
    "Areas may be small areas of 2011 or of 2021, not both for one place."
)
_FIGURES = say(
    "figure, value: attendances, admissions, referred, treated, waiting, beds, "
    "occupied, practice_doctors, care_home_places."
)
_TRUSTS = say(
    "trust, share (of its patients, those from here: 0 to 1), beds, occupied. "
    "Codes may be from before or after a merger."
)
FILES = (
    ("people", "people.csv", _PEOPLE),
    (
        "areas",
        say("areas.csv, if you have it"),
        say("area, name, deprivation (1 most to 10 least)."),
    ),
    ("figures", say("figures.csv, if you have it"), _FIGURES),
    ("trusts", say("trusts.csv, if you have it"), _TRUSTS),
)


def areas(found: Sequence[Area], query: Mapping[str, str]) -> Listing:
    """The areas, with the way to their people and to their case."""
    rows = [
        [Cell(each.name, href=f"/plan/case/{each.code}/"), KINDS[each.kind], each.code,
         ", ".join(code for code in each.codes if code != each.name),
         Cell(say("people"), href=f"/plan/areas/{each.code}/")]
        for each in found
    ]  # fmt: skip
    return Listing(
        caption="Areas", columns=(
            Column("name", "Case for change of"), Column("kind", "Kind"), Column("code", "Code"),
            Column("codes", "Other codes"), Column("people", "Who lives there", sorts=False),
        ),
        all_rows=rows, query=query, empty_title="No area is called that",
        empty_advice="Try a part of its name, or a code such as QMM or E54000022.",
    )  # fmt: skip


def facts(now: PeopleNow) -> list[tuple[str, str]]:
    """What heads the page of an area."""
    bands = now.counts.sum(axis=(0, 1))
    old, oldest = bands[_OLD:].sum(), bands[_OLDEST:].sum()
    told = [
        (say("People"), say("{total} in {year}", total=f"{now.total:,.0f}", year=now.year)),
        (say("75 and over"), f"{old:,.0f} ({old / now.total:.1%})"),
        (say("85 and over"), f"{oldest:,.0f} ({oldest / now.total:.1%})"),
        (say("Small areas"), f"{len(now.codes):,}"),
    ]
    if (now.decile > 0).any():
        everybody = now.counts.sum(axis=(1, 2))
        part = everybody[(now.decile > 0) & (now.decile <= 2)].sum() / everybody.sum()
        told.append((say("In the most deprived fifth"), f"{part:.1%}"))
    return [*told, (say("Source"), now.source)]


def bands(now: PeopleNow) -> list[dict[str, Any]]:
    """People by band and sex, with the length of their bars."""
    women, men = np.asarray(now.counts.sum(axis=0))
    most = max(float(women.max()), float(men.max()), 1.0)
    return [
        {"label": f"{first}-{first + 4}" if first < BANDS[-1] else f"{first}+",
         "women": float(women[at]), "men": float(men[at]),
         "long": (260 * float(women[at]) / most, 260 * float(men[at]) / most),
         "y": 20 * (len(BANDS) - 1 - at) + 4}
        for at, first in enumerate(BANDS)
    ]  # fmt: skip


def small_areas(now: PeopleNow, query: Mapping[str, str]) -> Listing:
    """Small areas: who lives there, how old, how deprived."""
    everybody = now.counts.sum(axis=(1, 2))
    old = now.counts[:, :, _OLD:].sum(axis=(1, 2))
    where = {each.code: each.name for each in catalogue_areas(COUNCIL)}
    rows = [
        [code, now.names[at] if now.names else where.get(now.councils[at], ""),
         _cell(int(now.decile[at])), Cell(f"{everybody[at]:,.0f}", value=float(everybody[at])),
         Cell(f"{old[at]:,.0f}", value=float(old[at])),
         Cell(f"{old[at] / max(everybody[at], 1e-9):.1%}",
              value=float(old[at] / max(everybody[at], 1e-9)))]
        for at, code in enumerate(now.codes)
    ]  # fmt: skip
    return Listing(
        caption="Small areas", columns=(
            Column("code", "Small area"), Column("name", "Where"),
            Column("decile", "Deprivation, 1 most", right=True),
            Column("people", "People", right=True), Column("old", "75 and over", right=True),
            Column("part", "Share of 75 and over", right=True),
        ),
        all_rows=rows, query=query, per_page=50,
    )  # fmt: skip


def _cell(decile: int) -> Cell:
    return Cell(str(decile) if decile else say("not known"), value=decile or None)
