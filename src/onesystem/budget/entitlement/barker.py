"""The Barker Commission's proposals as rule sets over the same cases. Pure, with a trace.

F1  v1: care for those whose needs are critical is free
F2  v2: and for those whose needs are substantial
F3  v3: some support for moderate needs, on a means-tested basis
F4  need alone decides, whatever the diagnosis; near the end of life need counts as critical
F6  one result: who has NHS continuing healthcare has critical needs
F7  board and lodging on a means-tested basis, up to 12,000 a year
F8  prescriptions at 2.50, exemptions limited to low income, the cap for a year kept
F15 no charge on any other NHS line

The sources say F7 of new recipients of NHS continuing healthcare. With one eligibility result (F6)
everybody whose care in a care home is free is treated alike: a named assumption.
"""

from collections.abc import Mapping
from dataclasses import replace

from onesystem.budget.entitlement import england
from onesystem.budget.entitlement.case import Case
from onesystem.budget.entitlement.means import means
from onesystem.budget.entitlement.rates import Rates
from onesystem.budget.entitlement.trace import COST, NEED, PAYS, Charge, Line
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

FREE_BANDS: Mapping[str, frozenset[str]] = {
    "barker-v1": frozenset({"critical"}),
    "barker-v2": frozenset({"critical", "substantial"}),
    "barker-v3": frozenset({"critical", "substantial"}),
}
ACCOMMODATION_A_YEAR = 12_000_00
WEEKS = 52
PRESCRIPTION = 250
_SOURCE = say("Barker Commission, A new settlement for health and social care, September 2014")
_ALIKE = ("the sources speak of new recipients of NHS continuing healthcare; here all whose care in"
          " a care home is free pay for board and lodging alike")  # fmt: skip
_BOARD = ("what board and lodging cost was not said: 200.00 a week is taken, the daily living costs"
          " of the 2021 plan")  # fmt: skip
DAILY_LIVING = 200_00


def charge(case: Case, rates: Rates, name: str) -> Charge:
    """The charge under one of the three stages."""
    lines: list[Line] = []
    if case.setting == "prescription":
        return _prescription(case, rates, name, lines)
    if case.setting == "nhs":
        return england.charge(case, rates, name)
    band = band_of(case, lines)
    if band in FREE_BANDS[name]:
        return _free(case, rates, name, lines, band)
    if band in {"none", "low"} or (
        band == "moderate" and name != "barker-v3" and not case.eligible
    ):
        lines.append(
            Line(
                f"{name}.none",
                say("Needs of the band “{band}” have no support at this stage", band=band),
                case.cost,
                _SOURCE,
                NEED,
            )
        )
        return england.ends(case, name, lines, pays=case.cost, nhs=0, full=True)
    lines.append(
        Line(
            f"{name}.means",
            say(
                "Needs of the band “{band}” are supported on a means-tested basis, by the law "
                "in force",
                band=band,
            ),
            None,
            _SOURCE,
            NEED,
        )
    )
    under = england.charge(replace(case, eligible=True, chc=False), rates, name)
    return under._replace(lines=(*lines, *under.lines))


def band_of(case: Case, lines: list[Line]) -> str:
    """The band that counts: need alone, one result for health and social care."""
    if case.chc:
        lines.append(
            Line(
                "barker.one-result",
                say(
                    "One result for health and social care: who has NHS continuing healthcare has "
                    "critical needs"
                ),
                None,
                _SOURCE,
                NEED,
            )
        )
        return "critical"
    if case.end_of_life:
        lines.append(Line("barker.end-of-life", say("Near the end of life need counts as critical"),
                          None, _SOURCE, NEED))  # fmt: skip
        return "critical"
    if not case.band:
        raise UserError(
            "the case says no band of need, and these rules go by it",
            'Write band: "critical", "substantial", "moderate", "low" or "none".',
        )
    return case.band


def weekly_cap() -> int:
    """12,000 a year by the week, rounded down to the penny: 52 weeks are never more than that."""
    return ACCOMMODATION_A_YEAR // WEEKS


def _free(case: Case, rates: Rates, name: str, lines: list[Line], band: str) -> Charge:
    lines.append(
        Line("cost", say("What the care costs each week"), case.cost, say("As said"), COST)
    )
    lines.append(
        Line(
            f"{name}.free",
            say("Care for needs of the band “{band}” is free", band=band),
            0,
            _SOURCE,
            NEED,
        )
    )
    pays, full = 0, False
    if case.setting == "care home":
        pays, full = _board(case, rates, lines)
    nhs = case.cost - pays if case.chc else _nursing(case, rates, lines, pays)
    return england.ends(case, name, lines, pays=pays, nhs=nhs, full=full)


def _nursing(case: Case, rates: Rates, lines: list[Line], pays: int) -> int:
    return min(england.nursing(case, rates, lines), case.cost - pays)


def _board(case: Case, rates: Rates, lines: list[Line]) -> tuple[int, bool]:
    said = case.accommodation is not None
    board = case.accommodation if case.accommodation is not None else min(DAILY_LIVING, case.cost)
    lines.append(
        Line(
            "barker.board",
            say("Of this, board and lodging"),
            board,
            say("As said") if said else _SOURCE,
            COST,
            "" if said else _BOARD,
        )
    )
    found = means(case, rates, lines)
    can = board if found.over else min(board, found.can_pay)
    pays = min(can, weekly_cap())
    lines.append(
        Line(
            "barker.board-cap",
            say("Board and lodging: what you can pay, to 12,000 a year"),
            pays,
            _SOURCE,
            PAYS,
            _ALIKE,
        )
    )
    return pays, False


def _prescription(case: Case, rates: Rates, name: str, lines: list[Line]) -> Charge:
    lines.append(
        Line("cost", say("What your medicines cost in a year"), case.cost, say("As said"), COST)
    )
    if case.low_income:
        lines.append(
            Line("prescription.free", say("Prescriptions are free: low income"), 0, _SOURCE, NEED)
        )
        return england.ends(case, name, lines, pays=0, nhs=case.cost)
    pays = england.items(case, rates, lines, PRESCRIPTION)
    return england.ends(case, name, lines, pays=pays, nhs=case.cost - pays)
