"""Clinical statements of a message as entries of the record."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.vocabulary import Code, Entry

_MOST_TEXT = 20_000
_OBX_STATUS = {"F": "final", "P": "preliminary", "C": "corrected", "D": "entered-in-error",
               "X": "cancelled", "I": "registered", "R": "preliminary", "S": "preliminary",
               "W": "entered-in-error"}  # fmt: skip


def entries(t: Telling, visit: str) -> Iterator[Entry]:
    """The entries of all segments that state something about the person."""
    for segment in t.hl7.segments:
        make = _MAKERS.get(segment[0])
        if make is not None:
            found = make(t, segment, visit)
            if found is not None:
                yield found


def entry(
    t: Telling,
    kind: str,
    key: str,
    code: Code | None,
    *,
    at: datetime | None,
    visit: str = "",
    **said: Any,
) -> Entry:
    """An entry about the person of the message. Keys are unique within the source and kind."""
    return Entry(
        kind=kind,
        key=key[:250],
        subject=t.subject,
        at=at,
        recorded=t.written,
        code=code,
        visit=visit,
        **said,
    )


def _named(code: Code | None) -> str:
    return (code.code or code.display) if code else ""


def _diagnosis(t: Telling, dg1: Segment, visit: str) -> Entry | None:
    code = t.code(dg1, 3)
    words = t.text(dg1, 4)
    if code is None and not words:
        return None
    code = code or Code("", "", words)
    key = t.text(dg1, 20) or f"{visit or t.subject}/DG1/{_named(code)}"
    status = "entered-in-error" if t.text(dg1, 21) == "D" else "active"
    at = t.time(dg1, 5)
    return entry(t, "Condition", key, code, at=at, visit=visit, status=status, value=words)


def _allergy(t: Telling, al1: Segment, visit: str) -> Entry | None:
    code = t.code(al1, 3)
    if code is None:
        return None
    key = f"{t.subject}/AL1/{_named(code)}"
    return entry(
        t, "AllergyIntolerance", key, code, at=t.time(al1, 6), visit=visit,
        status="active", value=t.hl7.whole(al1, 5),
    )  # fmt: skip


def _adverse(t: Telling, iam: Segment, visit: str) -> Entry | None:
    code = t.code(iam, 3)
    if code is None:
        return None
    key = t.text(iam, 7) or f"{t.subject}/AL1/{_named(code)}"
    status = "entered-in-error" if t.text(iam, 6) == "D" else "active"
    return entry(
        t, "AllergyIntolerance", key, code, at=t.time(iam, 11) or t.time(iam, 13), visit=visit,
        status=status, value=t.hl7.whole(iam, 5),
    )  # fmt: skip


def _problem(t: Telling, prb: Segment, visit: str) -> Entry | None:
    code = t.code(prb, 3)
    key = t.text(prb, 4) or f"{t.subject}/PRB/{_named(code)}"
    deleted = t.text(prb, 1).upper() in {"DE", "D"}
    status = "entered-in-error" if deleted else (t.text(prb, 14) or t.text(prb, 13)).lower()
    at = t.time(prb, 16) or t.time(prb, 7)
    return entry(t, "Condition", key, code, at=at, visit=visit, status=status)


def _procedure(t: Telling, pr1: Segment, visit: str) -> Entry | None:
    code = t.code(pr1, 3)
    if code is None:
        return None
    at = t.time(pr1, 5)
    key = t.text(pr1, 19) or f"{visit or t.subject}/PR1/{_named(code)}/{t.text(pr1, 5)}"
    return entry(
        t, "Procedure", key, code, at=at, visit=visit, status="completed", value=t.text(pr1, 4)
    )


def _vaccination(t: Telling, rxa: Segment, visit: str) -> Entry | None:
    code = t.code(rxa, 5)
    if code is None:
        return None
    at = t.time(rxa, 3)
    refused = t.text(rxa, 20).upper() in {"RE", "NA"}
    key = f"{t.subject}/RXA/{_named(code)}/{t.text(rxa, 3)}"
    return entry(
        t, "Immunization", key, code, at=at, visit=visit,
        status="not-done" if refused else "completed",
        value=t.text(rxa, 6), unit=t.text(rxa, 7),
    )  # fmt: skip


def _medicine(t: Telling, rxe: Segment, visit: str) -> Entry | None:
    code = t.code(rxe, 2)
    if code is None:
        return None
    number = t.text(rxe, 15) or t.text(t.hl7.first("ORC"), 2)
    key = f"{number or t.subject}/RXE/{_named(code)}"
    return entry(
        t, "MedicationRequest", key, code, at=t.time(t.hl7.first("ORC"), 9), visit=visit,
        status="active", value=t.text(rxe, 3), unit=t.text(rxe, 5, 2) or t.text(rxe, 5),
    )  # fmt: skip


def document(t: Telling, txa: Segment, visit: str) -> Entry:
    """An MDM message's document; its text where the message carries one."""
    lines = [
        t.hl7.whole(obx, 5) for obx in t.hl7.all("OBX") if t.text(obx, 2) in {"TX", "FT", "ST"}
    ]
    status = t.text(txa, 19).upper()
    gone = t.trigger == "T11" or status == "CA"
    return entry(
        t, "DocumentReference", t.text(txa, 12) or f"{t.subject}/TXA/{t.order}", t.code(txa, 2),
        at=t.time(txa, 4) or t.time(txa, 6), visit=visit,
        status="entered-in-error" if gone else "superseded" if status == "OB" else "current",
        value="\n".join(lines)[:_MOST_TEXT],
    )  # fmt: skip


def observation(
    t: Telling, obx: Segment, visit: str, *, under: str = "", at: datetime | None = None
) -> Entry | None:
    """One OBX. `under` is the report or order that it belongs to."""
    code = t.code(obx, 3)
    if code is None:
        return None
    kind = t.text(obx, 2).upper()
    value = t.text(obx, 5, 5) if kind in {"ED", "RP"} else t.hl7.whole(obx, 5)
    if kind == "ED" or (kind in {"CE", "CWE"} and t.text(obx, 5, 2)):
        value = "" if kind == "ED" else t.text(obx, 5, 2)
    at = t.time(obx, 14) or at
    instance = t.text(obx, 4)
    stamp = "" if under else f"/{at:%Y%m%d%H%M%S}" if at else f"/{t.order}"
    key = f"{under or visit or t.subject}/OBX/{_named(code)}/{instance or t.text(obx, 1)}{stamp}"
    return entry(
        t, "Observation", key, code, at=at, visit=visit,
        status=_OBX_STATUS.get(t.text(obx, 11).upper(), ""),
        value=value[:_MOST_TEXT], unit=t.text(obx, 6),
    )  # fmt: skip


def _loose(t: Telling, obx: Segment, visit: str) -> Entry | None:
    return observation(t, obx, visit)


_MAKERS: dict[str, Callable[[Telling, Segment, str], Entry | None]] = {
    "DG1": _diagnosis,
    "AL1": _allergy,
    "IAM": _adverse,
    "PRB": _problem,
    "PR1": _procedure,
    "RXA": _vaccination,
    "RXE": _medicine,
    "OBX": _loose,
}
