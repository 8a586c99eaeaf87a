"""What can be asked of contracts: the list, one with its versions, settlements and their lines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from onesystem.budget.contracts import codec
from onesystem.budget.contracts.agreement import Agreement
from onesystem.budget.contracts.rows import (
    ContractRow,
    ContractStep,
    SettledLine,
    SettlementRow,
    SignatureRow,
    VersionRow,
)
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

OPEN = ("draft", "signing", "signed")


@dataclass(frozen=True)
class Version:
    """A version of a contract as it stands."""

    row: VersionRow
    signatures: tuple[SignatureRow, ...]

    @cached_property
    def agreement(self) -> Agreement:
        """What it says."""
        return codec.unpacked(json.loads(self.row.body))

    @property
    def number(self) -> int:
        """Which version it is."""
        return int(self.row.number)

    @property
    def state(self) -> str:
        """Where it stands between being written and being in force."""
        return str(self.row.state)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The parties that have not signed."""
        signed = {each.party for each in self.signatures}
        return tuple(p.organisation for p in self.agreement.parties if p.organisation not in signed)


@dataclass(frozen=True)
class Contract:
    """A contract with its versions, the latest first."""

    slug: str
    name: str
    steps: int
    versions: tuple[Version, ...]

    @property
    def open(self) -> Version | None:
        """The version that is being written or signed."""
        return next((each for each in self.versions if each.state in OPEN), None)

    @property
    def last(self) -> Version:
        """The version to show: the open one, else the latest that was not withdrawn."""
        kept = [each for each in self.versions if each.state != "withdrawn"]
        return kept[0] if kept else self.versions[0]

    def in_force(self, day: date) -> Version | None:
        """The published version whose terms hold on a day: the latest that begins by then."""
        begun = [
            each for each in self.versions if each.state == "published" and each.row.since <= day
        ]
        last = max(begun, key=lambda each: each.row.since, default=None)
        return last if last and last.agreement.on(day) else None

    def version(self, number: int) -> Version:
        """A version by its number. Raises NotFound."""
        for each in self.versions:
            if each.number == number:
                return each
        raise NotFound(
            say("{name} has no version {number}", name=self.name, number=number),
            "Look at its history.",
        )


def contracts() -> list[Contract]:
    """Every contract, by name."""
    versions: dict[str, list[VersionRow]] = {}
    for row in VersionRow.objects.order_by("-number"):
        versions.setdefault(row.contract, []).append(row)
    signed: dict[tuple[str, int], list[SignatureRow]] = {}
    for each in SignatureRow.objects.filter(settlement=0).order_by("at", "id"):
        signed.setdefault((each.contract, each.number), []).append(each)
    return [_contract(row, versions, signed) for row in ContractRow.objects.order_by("name")]


def contract(slug: str) -> Contract:
    """A contract. Raises NotFound with the nearest."""
    row = ContractRow.objects.filter(slug=slug).first()
    if row is None:
        known = ContractRow.objects.values_list("slug", flat=True)
        raise NotFound(say("there is no contract {slug}", slug=repr(slug)), nearest(slug, known))
    versions = {slug: list(VersionRow.objects.filter(contract=slug).order_by("-number"))}
    signed: dict[tuple[str, int], list[SignatureRow]] = {}
    for each in SignatureRow.objects.filter(contract=slug, settlement=0).order_by("at", "id"):
        signed.setdefault((slug, each.number), []).append(each)
    return _contract(row, versions, signed)


def _contract(
    row: ContractRow,
    versions: Mapping[str, Sequence[VersionRow]],
    signed: Mapping[tuple[str, int], Sequence[SignatureRow]],
) -> Contract:
    return Contract(
        slug=row.slug, name=row.name, steps=row.steps,
        versions=tuple(
            Version(each, tuple(signed.get((row.slug, each.number), ())))
            for each in versions.get(row.slug, ())
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Settled:
    """A settlement with its lines and the facts that it was worked out from."""

    row: SettlementRow
    lines: tuple[SettledLine, ...]
    signatures: tuple[SignatureRow, ...]

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was kept: terms, facts, where each fact comes from, what was owed already."""
        return json.loads(self.row.facts)  # type: ignore[no-any-return]

    @property
    def due(self) -> dict[str, int]:
        """What is due to each party, and from those who pay, before what was owed already."""
        return dict(self.kept["due"])

    @property
    def balance(self) -> dict[str, int]:
        """What is still to be paid to each party: what is due less what was owed already."""
        return dict(self.kept["balance"])

    @property
    def postings(self) -> list[int]:
        """The numbers that the ledger gave."""
        return list(json.loads(self.row.postings))

    @property
    def at(self) -> datetime:
        """When it was worked out."""
        return from_micros(self.row.at)


def settlements(slug: str) -> list[SettlementRow]:
    """The settlements of a contract, the latest first."""
    return list(SettlementRow.objects.filter(contract=slug).order_by("-settlement"))


def settled(slug: str, settlement: int) -> Settled:
    """A settlement. Raises NotFound."""
    row = SettlementRow.objects.filter(contract=slug, settlement=settlement).first()
    if row is None:
        raise NotFound(
            say("{slug} has no settlement {settlement}", slug=repr(slug), settlement=settlement),
            say("Look at them: /contracts/{slug}/", slug=slug),
        )
    lines = SettledLine.objects.filter(contract=slug, settlement=settlement).order_by("nth")
    signed = SignatureRow.objects.filter(contract=slug, settlement=settlement).order_by("at", "id")
    return Settled(row, tuple(lines), tuple(signed))


def steps(slug: str) -> list[ContractStep]:
    """What was done to a contract, the latest first."""
    return list(ContractStep.objects.filter(contract=slug).order_by("-step"))


def money(slug: str) -> int:
    """What the parties are due by the settlements that stand, whoever pays it."""
    total = 0
    for row in SettlementRow.objects.filter(contract=slug, state="posted", reversed_by=0):
        due = json.loads(row.facts)["due"]
        total += sum(amount for amount in due.values() if amount > 0)
    return total
