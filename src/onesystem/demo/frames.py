"""The package data of a demo district: fixed facts, small areas, practices, published flow."""

import csv
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from onesystem.vocabulary import BadConfig, nearest

DATA = Path(__file__).parent / "data"
DISTRICTS = ("norfolk-waveney", "canterbury")

_NZ_AGES = 5  # years in a band of the New Zealand table; the last band is open
_OLDEST = 90


@dataclass(frozen=True)
class Hospital:
    """An acute hospital with its own patient administration."""

    code: str
    name: str
    short: str
    trust: str
    town: str
    postcode: str
    latitude: float
    longitude: float
    encoding: str
    extract: str


@dataclass(frozen=True)
class Areas:
    """Small areas: `counts` has a row an area and a column a year of age (0 to 90 and over)."""

    codes: list[str]
    authority: np.ndarray  # index into Frame.authorities
    decile: np.ndarray  # 1 is the most deprived
    counts: np.ndarray

    @property
    def people(self) -> int:
        """Everyone who lives there."""
        return int(self.counts.sum())


@dataclass(frozen=True)
class Frame:
    """Everything the demo knows of a real district before anyone is invented."""

    code: str
    facts: dict[str, Any]
    names: dict[str, list[str]]
    areas: Areas
    hospitals: tuple[Hospital, ...]
    practices: list[dict[str, Any]]  # code, name, postcode, patients
    published: list[dict[str, Any]]  # a row a trust and month; empty where none is open
    waiting: list[dict[str, Any]]  # a row a month: the list from referral to treatment
    catchment: np.ndarray  # authorities x hospitals, each row sums to 1
    share: np.ndarray  # of each hospital's patients, those who live in the district
    female: np.ndarray = field(repr=False)  # share of women by year of age

    @property
    def authorities(self) -> list[str]:
        """Codes of the local authorities, in the order of the arrays."""
        return list(self.facts["authorities"])

    @property
    def towns(self) -> dict[str, list[Any]]:
        """Post towns by postcode district: name, authority, latitude, longitude."""
        return dict(self.facts["towns"])


@lru_cache(maxsize=2)
def frame(code: str) -> Frame:
    """The frame of a demo district. Raises BadConfig for one that is not shipped."""
    if code not in DISTRICTS:
        raise BadConfig(f"there is no demo district {code!r}", nearest(code, DISTRICTS))
    folder = DATA / code
    facts = tomllib.loads((folder / "frame.toml").read_text(encoding="utf-8"))
    names = tomllib.loads((folder / "names.toml").read_text(encoding="utf-8"))
    hospitals = tuple(Hospital(code=c, **raw) for c, raw in facts["hospitals"].items())
    english = (folder / "areas.parquet").exists()
    areas = _english_areas(folder, facts) if english else _canterbury_areas(folder, facts)
    catchment, share = _catchment(folder, facts, hospitals, areas)
    return Frame(
        code=code,
        facts=facts,
        names=names,
        areas=areas,
        hospitals=hospitals,
        practices=_practices(folder, facts, areas),
        published=_numbers(folder / "published.csv") if english else [],
        waiting=_numbers(folder / "waiting.csv") if english else [],
        catchment=catchment,
        share=share,
        female=_female(folder),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(path: Path) -> list[dict[str, Any]]:
    """Rows with every figure as a float, and None where the cell is empty."""
    return [
        {k: v if k in {"trust", "month"} else (float(v) if v else None) for k, v in row.items()}
        for row in _rows(path)
    ]


def _english_areas(folder: Path, facts: dict[str, Any]) -> Areas:
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "areas.parquet")
    order = {code: i for i, code in enumerate(facts["authorities"])}
    return Areas(
        codes=table["area"].to_pylist(),
        authority=np.array([order[c] for c in table["authority_code"].to_pylist()]),
        decile=table["decile"].to_numpy(),
        counts=np.stack([table[f"age_{a}"].to_numpy() for a in range(_OLDEST + 1)], axis=1),
    )


def _canterbury_areas(folder: Path, facts: dict[str, Any]) -> Areas:
    """The district's ages spread over its areas: no open table has both.

    No open deprivation index is in the tables used, so every area counts as average.
    """
    rows = _rows(folder / "areas.csv")
    size = np.array([int(r["people"]) for r in rows], dtype=float)
    ages = _band_counts(folder).sum(axis=1)
    authority = [_authority_of(int(r["area"]), facts) for r in rows]
    return Areas(
        codes=[r["area"] for r in rows],
        authority=np.array(authority),
        decile=np.full(len(rows), 5),
        counts=np.outer(size / size.sum(), ages),
    )


def _authority_of(area: int, facts: dict[str, Any]) -> int:
    ranges = [a["codes"] for a in facts["authorities"].values()]
    return next(i for i, (first, last) in enumerate(ranges) if first <= area <= last)


def _band_counts(folder: Path) -> np.ndarray:
    """People by single year of age (rows) and sex (women, men): a band spread evenly."""
    counts = np.zeros((_OLDEST + 1, 2))
    for row in _rows(folder / "people.csv"):
        text = row["age_group"]
        first = int(text.split()[0].rstrip("+"))
        years = _NZ_AGES if first < _OLDEST else 1
        counts[first : first + years, row["sex"] == "Male"] += float(row["people"]) / years
    return counts


def _female(folder: Path) -> np.ndarray:
    """Share of women by age; where the tables do not say, an ordinary curve of survival."""
    if (folder / "people.csv").exists():
        counts = _band_counts(folder)
        return np.asarray(counts[:, 0] / np.maximum(1, counts.sum(axis=1)))
    ages = np.arange(_OLDEST + 1)
    return np.interp(ages, [0, 20, 50, 70, 80, 85, 90], [0.487, 0.49, 0.51, 0.52, 0.55, 0.6, 0.68])


def _practices(folder: Path, facts: dict[str, Any], areas: Areas) -> list[dict[str, Any]]:
    path = folder / "practices.csv"
    if path.exists():
        return [
            {**row, "patients": int(row["patients"]), "name": _plain(row["name"])}
            for row in _rows(path)
        ]
    lived = np.bincount(areas.authority, areas.counts.sum(axis=1))
    towns = facts["towns"]
    order = list(facts["authorities"])
    sharing = {a: sum(t[1] == a for t in towns.values()) for a in order}
    return [
        {
            "code": f"P{postcode}",
            "name": f"{town} General Practice",
            "postcode": postcode,
            "patients": int(lived[order.index(authority)] / sharing[authority]),
        }
        for postcode, (town, authority, *_) in towns.items()
    ]


def _plain(name: str) -> str:
    """A published name in capitals as people write it."""
    small = {"And": "and", "Of": "of", "The": "the", "H/C": "Health Centre", "Pms": "PMS"}
    words = [small.get(w, w) for w in name.title().replace("'S", "'s").split()]
    text = " ".join(words).replace("Med Prac", "Medical Practice").replace(" Pract.", " Practice")
    return text[:1].upper() + text[1:]


def _catchment(
    folder: Path, facts: dict[str, Any], hospitals: tuple[Hospital, ...], areas: Areas
) -> tuple[np.ndarray, np.ndarray]:
    """To which hospital people of an authority go, and how much of each hospital is theirs.

    A trust's share from an authority says how its patients divide; times the trust's size it says
    how the authority's patients divide, which is what a person needs.
    """
    order = list(facts["authorities"])
    weight = np.zeros((len(order), len(hospitals)))
    share = np.ones(len(hospitals))
    if not (folder / "catchments.csv").exists():
        weight[:, 0] = 1
        weight[-1] = np.eye(len(hospitals))[-1]  # the last authority has the last hospital
        return weight, share
    size = _attendances(folder)
    trusts = {h.trust: i for i, h in enumerate(hospitals)}
    for row in _rows(folder / "catchments.csv"):
        i, part = trusts[row["trust"]], float(row["share"])
        if row["authority_code"] in order:
            weight[order.index(row["authority_code"]), i] = part * size[row["trust"]]
        else:
            share[i] = part
    del areas
    return weight / weight.sum(axis=1, keepdims=True), share


def _attendances(folder: Path) -> dict[str, float]:
    total: dict[str, float] = {}
    for row in _rows(folder / "published.csv"):
        total[row["trust"]] = total.get(row["trust"], 0) + float(row["attendances"])
    return total
