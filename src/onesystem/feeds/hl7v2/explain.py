"""A message in words: every segment, every field that says something, and what is wrong."""

from onesystem.feeds.hl7v2.message import Hl7, Segment, parse
from onesystem.feeds.hl7v2.times import day, moment
from onesystem.feeds.hl7v2.words import FIELDS, SEGMENTS
from onesystem.feeds.readers import Explained
from onesystem.vocabulary import BadInput

_TIMES = {("MSH", 7), ("EVN", 2), ("EVN", 6), ("PV1", 44), ("PV1", 45), ("OBR", 6), ("OBR", 7),
          ("OBR", 22), ("ORC", 9), ("OBX", 14)}  # fmt: skip
_NEEDED = {
    "MSH": ((9, "no message type"), (10, "no number, so its acknowledgement names none")),
    "PID": ((3, "no patient number"),),
    "PV1": ((3, "no place"), (19, "no visit number")),
    "MRG": ((1, "no old number"),),
}
_MOST_SHOWN = 300


def explain(message: bytes) -> list[Explained]:
    """Each segment in words with its problems. What is no HL7 v2 is shown as it came."""
    try:
        hl7, remarks = parse(message)
    except BadInput as refusal:
        head = message[:_MOST_SHOWN].decode("utf-8", "replace")
        return [Explained(text=head, problem=str(refusal))]
    lines = [
        Explained(text="", says="the whole message", problem=f"{r.rule}: {r.what}") for r in remarks
    ]
    return lines + [_segment(hl7, segment) for segment in hl7.segments]


def _segment(hl7: Hl7, segment: Segment) -> Explained:
    name = segment[0]
    shown = segment if name != "MSH" else [name, *segment[2:]]
    words = []
    for number in range(1, len(segment)):
        label = FIELDS.get((name, number))
        if label and (value := hl7.whole(segment, number)):
            words.append(f"{label}: {value[:_MOST_SHOWN]}")
    title = SEGMENTS.get(name)
    if title is None:
        local = name.startswith("Z")
        title = "Segment of this source's own, kept" if local else "Not used"
    return Explained(
        text=hl7.field.join(shown),
        says=f"{title}. {'; '.join(words)}".rstrip(". ") if words else title,
        problem="; ".join(_problems(hl7, segment)),
    )


def _problems(hl7: Hl7, segment: Segment) -> list[str]:
    name = segment[0]
    found = [why for number, why in _NEEDED.get(name, ()) if not hl7.raw(segment, number)]
    for number in range(1, len(segment)):
        value = hl7.text(segment, number) if (name, number) in _TIMES else ""
        if value and moment(value, "UTC") is None:
            found.append(f"{name}-{number} is no time: {value[:40]}")
    born = hl7.text(segment, 7) if name == "PID" else ""
    if born and day(born) is None:
        found.append(f"PID-7 is no whole day: {born[:40]}")
    return found
