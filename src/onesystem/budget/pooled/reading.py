"""Agreements, returns and signatures as they stand, out of their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from onesystem.budget.months import Year
from onesystem.budget.pooled import codec
from onesystem.budget.pooled.agreement import Agreement
from onesystem.budget.pooled.rows import PooledReturn, PooledSignature, PooledStep, PooledYear
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A year of a fund as it stands; `number` is its last step, `settled` the one that settled."""

    agreement: Agreement
    number: int
    settled: int = 0

    @property
    def year(self) -> Year:
        """Its year."""
        return Year.of(self.agreement.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as it was written."""

    number: int
    kind: str
    at: datetime
    by: str
    why: str
    body: str
    posted: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed for which partner, when."""

    partner: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A return as it was made; `said` is all that stands in it."""

    id: int
    quarter: int
    version: int
    at: datetime
    by: str
    why: str
    said: dict[str, Any]
    digest: str
    signatures: tuple[Signature, ...]

    def missing(self, partners: Sequence[str]) -> list[str]:
        """The partners that have not signed it."""
        signed = {each.partner for each in self.signatures}
        return [code for code in partners if code not in signed]


def funds() -> list[Standing]:
    """The latest year of every fund, by name."""
    latest: dict[str, Standing] = {}
    for row in PooledYear.objects.order_by("year"):
        latest[row.fund] = _standing(row)
    return sorted(latest.values(), key=lambda each: each.agreement.name.casefold())


def years(fund: str) -> list[Standing]:
    """The years of a fund, the latest first. Raises NotFound."""
    found = [_standing(row) for row in PooledYear.objects.filter(fund=fund).order_by("-year")]
    if not found:
        raise NotFound(
            say("there is no pooled fund {fund}", fund=repr(fund)),
            "Look at /pooled/ for those there are",
        )
    return found


def standing(fund: str, year: str) -> Standing:
    """A year of a fund. Raises NotFound."""
    found = maybe(fund, year)
    if found is None:
        there = ", ".join(each.agreement.year for each in years(fund))
        raise NotFound(
            say("{fund} has no agreement for {year}", fund=fund, year=year),
            say("It has: {there}", there=there),
        )
    return found


def maybe(fund: str, year: str) -> Standing | None:
    """A year of a fund, None where nobody has agreed it."""
    row = PooledYear.objects.filter(fund=fund, year=year).first()
    return _standing(row) if row else None


def _standing(row: PooledYear) -> Standing:
    return Standing(agreement=codec.read(row.body), number=row.number, settled=row.settled)


def steps(fund: str, year: str) -> list[Step]:
    """The steps of a year, the oldest first."""
    return [
        Step(number=row.number, kind=row.kind, at=from_micros(row.at), by=row.by, why=row.why,
             body=row.body, posted=tuple(orjson.loads(row.posted)))
        for row in PooledStep.objects.filter(fund=fund, year=year).order_by("number")
    ]  # fmt: skip


def returns(fund: str, year: str) -> list[Made]:
    """The last version of each quarter's return, by quarter."""
    rows = PooledReturn.objects.filter(fund=fund, year=year).order_by("quarter", "version")
    last = {row.quarter: row for row in rows}
    return [_made(row) for _, row in sorted(last.items())]


def made(fund: str, year: str, quarter: int, version: int = 0) -> Made | None:
    """A return: its last version, or the one asked for."""
    rows = PooledReturn.objects.filter(fund=fund, year=year, quarter=quarter)
    row = rows.filter(version=version).first() if version else rows.order_by("version").last()
    return _made(row) if row else None


def _made(row: PooledReturn) -> Made:
    signatures = PooledSignature.objects.filter(of=row).order_by("at")
    return Made(
        id=row.pk, quarter=row.quarter, version=row.version, at=from_micros(row.at), by=row.by,
        why=row.why, said=orjson.loads(row.body), digest=row.digest,
        signatures=tuple(
            Signature(partner=s.partner, by=s.by, at=from_micros(s.at)) for s in signatures
        ),
    )  # fmt: skip
