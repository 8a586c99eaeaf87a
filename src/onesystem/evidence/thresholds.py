"""A sheet as cases with a score, and the threshold where it shows in who was treated. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from onesystem.evidence.reading import YES, Sheet
from onesystem.vocabulary import BadConfig, BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Cases with a score and an outcome, and who was treated where a column says so."""

    score: Sequence[float]
    outcome: Sequence[float]
    covariates: dict[str, Sequence[float]]
    treated: tuple[bool, ...]
    name: str
    left_out: int  # rows without a score or an outcome


def cases_of(
    data: Sheet, *, score: str = "", value: str = "", covariates: Sequence[str] = ()
) -> Cases:
    """The cases of a sheet; rows without a score or an outcome are left out, and counted."""
    running = data.column(score, "score", taken=(value,))
    flag = data.column("", "treated", needed=False, taken=(running, value))
    flag = flag if flag and data.flagged(flag) else ""
    value = data.column(value, "value", taken=(running, flag))
    others = [data.named(c) for c in covariates]
    known = data
    for column in (running, value, *others):
        known = known.where(column)
    return Cases(
        score=known.numbers(running), outcome=known.numbers(value), name=value,
        covariates={c: known.numbers(c) for c in others},
        treated=tuple(r[flag].lower() in YES for r in known.rows) if flag else (),
        left_out=len(data.rows) - len(known.rows),
    )  # fmt: skip


def threshold_of(cases: Cases) -> tuple[float, bool]:
    """The score from which on (or up to which) all are treated, and whether those below are.

    Raises BadConfig where no column says who was treated, BadInput where the score does not rule.
    """
    on = [s for s, t in zip(cases.score, cases.treated, strict=False) if t]
    off = [s for s, t in zip(cases.score, cases.treated, strict=False) if not t]
    if not on or not off:
        raise BadConfig("no threshold is said", "Give the score that decides: --threshold 50")
    if max(off) < min(on):
        return min(on), False
    if max(on) < min(off):
        return min(off), True
    raise BadInput(
        "the score does not decide alone who is treated",
        rule="evidence.fuzzy",
        cure="Say the threshold (--threshold); the jump is then that of being offered it",
    )
