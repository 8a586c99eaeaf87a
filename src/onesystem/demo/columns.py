"""A stream as a source knows it at some moment, as columns of text and times."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onesystem.demo.hours import to_local
from onesystem.demo.layouts import Layout
from onesystem.demo.people import NEVER
from onesystem.demo.registers import Register
from onesystem.demo.streams import Stream, vocabulary
from onesystem.demo.world import World

TEST_CODES = {"Blood tests": "BLOOD", "X-ray": "XRAY", "Ultrasound": "US", "CT scan": "CT",
              "MRI scan": "MRI", "Endoscopy": "ENDO", "ECG": "ECG",
              "Echocardiogram": "ECHO"}  # fmt: skip
_OWN = {"S": "E", "O": "O", "N": "N"}  # series whose causes are of the same source


def as_known(made: Stream, moment: int) -> Stream:
    """What was known at that second: nothing of what had not happened yet."""
    seen = made.where(made.first <= moment)
    for name in ("started", "ready", "ended"):
        values = getattr(seen, name)
        setattr(seen, name, np.where(values > moment, NEVER, values))
    seen.cancelled = seen.cancelled & (seen.ended < NEVER)
    seen.outcome = np.where(seen.ended < NEVER, seen.outcome, 0)
    return seen


def keys(series: str, number: np.ndarray, part: np.ndarray) -> pa.Array:
    """`E0000012`, or `S0000012/2` for a later stretch of a visit."""
    text = pc.binary_join_element_wise(
        series, pc.utf8_lpad(pc.cast(pa.array(number), pa.string()), 8, "0"), ""
    )
    if not (part > 1).any():
        return text
    later = pc.binary_join_element_wise(text, pc.cast(pa.array(part), pa.string()), "/")
    return pc.if_else(pa.array(part > 1), later, text)


def contact_columns(
    world: World, made: Stream, held: Register, layout: Layout, written: int
) -> pa.Table:
    """The stream's rows as that source writes them at the second `written`."""
    texts = pa.array(vocabulary())
    services = pa.array([s["code"] for s in world.plan.services])
    ours = {
        "key": _keys(made, texts),
        "subject": pc.cast(pa.array(held.number(made.person, made.number)), pa.string()),
        "service": services.take(pa.array(made.service)),
        "bed": pc.if_else(pa.array(made.bed > 0), pc.binary_join_element_wise(
            "Bed", pc.cast(pa.array(made.bed), pa.string()), " "), ""),
        **{n: texts.take(pa.array(getattr(made, n)))
           for n in ("mode", "urgency", "reason", "outcome", "by")},
        **{n: moments(getattr(made, n), world.zone, layout)
           for n in ("requested", "started", "ready", "ended", "planned")},
        "cause": _causes(made),
        "cancelled": pc.if_else(pa.array(made.cancelled), "cancelled", ""),
        "incident": _led(made, "E", "A"), "referral": _led(made, "O", "G"),
        "as_of": moments(np.full(len(made), written), world.zone, layout),
    }  # fmt: skip
    if made.cancelled.any():  # who never came has no end: the cancellation says it all
        ours["ended"] = pc.if_else(pa.array(made.cancelled), _nothing(ours["ended"]), ours["ended"])
    return pa.table({theirs: ours[name] for name, theirs in layout.contact.items()})


def _nothing(column: pa.Array) -> pa.Scalar:
    return pa.scalar("" if pa.types.is_string(column.type) else None, column.type)


def _keys(made: Stream, texts: pa.Array) -> pa.Array:
    text = keys(made.series, made.number, made.part)
    if made.series != "D":
        return text
    codes = pa.array([TEST_CODES.get(t, "") for t in texts.to_pylist()])
    return pc.binary_join_element_wise(text, codes.take(pa.array(made.reason)), "/")


def _causes(made: Stream) -> pa.Array:
    """Keys of the same source only: another system's numbers mean nothing to it."""
    if made.series not in _OWN:
        return pa.array([""] * 1).take(pa.array(np.zeros(len(made), dtype=np.int64)))
    own = made.cause > 0
    if made.series == "O":
        own &= made.cause_part < 0
        return pc.if_else(pa.array(own), keys("O", made.cause, np.ones(len(made))), "")
    if made.series == "N":
        return pc.if_else(pa.array(own), keys("N", made.cause, np.ones(len(made))), "")
    by_ed = keys("E", made.cause, np.ones(len(made)))
    text = pc.if_else(pa.array(made.part > 1), keys("S", made.cause, made.cause_part), by_ed)
    return pc.if_else(pa.array(own), text, "")


def _led(made: Stream, series: str, by: str) -> pa.Array:
    """Keys of the source that sent people: an attendance's ambulance, an appointment's practice."""
    sent = (made.cause > 0) & (made.cause_part > 0) & (made.series == series)
    return pc.if_else(pa.array(sent), keys(by, made.cause, np.ones(len(made))), "")


def moments(seconds: np.ndarray, zone: str, layout: Layout) -> pa.Array:
    """Times as the source writes them: UTC in Parquet, the wall clock's words in CSV."""
    none = seconds >= NEVER
    if layout.format == "parquet":
        return pa.array(np.where(none, 0, seconds), pa.timestamp("s", tz="UTC"), mask=none)
    local = pa.array(to_local(np.where(none, 0, seconds), zone), pa.timestamp("s"))
    text = pc.strftime(local, format=layout.times.replace("%S", "%S"))
    return pc.if_else(pa.array(none), "", text)
