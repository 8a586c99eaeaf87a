"""What every rule of the reader has at hand: the message, its source, and its remarks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from onesystem.district import District, Source
from onesystem.feeds.hl7v2.message import Hl7, Segment
from onesystem.feeds.hl7v2.times import moment
from onesystem.vocabulary import Code, Remark, Setting, codes
from onesystem.vocabulary.written import written

_SYSTEMS = {
    "LN": codes.LOINC,
    "LOINC": codes.LOINC,
    "SCT": codes.SNOMED,
    "SCT2": codes.SNOMED,
    "SNM": codes.SNOMED,
    "SNM3": codes.SNOMED,
    "SNOMED": codes.SNOMED,
    "I10": codes.ICD10,
    "I10C": codes.ICD10,
    "ICD10": codes.ICD10,
    "I9": codes.ICD9,
    "I9C": codes.ICD9,
    "RXNORM": codes.RXNORM,
}
_CLASSES = {
    "E": Setting.ED,
    "I": Setting.WARD,
    "P": Setting.WARD,
    "B": Setting.WARD,
    "O": Setting.OUTPATIENT,
    "R": Setting.OUTPATIENT,
}


@dataclass(slots=True)
class Telling:
    """A message being read."""

    hl7: Hl7
    source: Source
    district: District
    received: datetime
    type: str = ""  # ADT
    trigger: str = ""  # A01
    recorded: datetime = datetime.min  # noqa: DTZ901 - set before any rule runs
    order: str = ""
    subject: str = ""
    remarks: list[Remark] = field(default_factory=list)
    text: Callable[..., str] = field(init=False)  # Hl7.text, asked for fifty times a message

    def __post_init__(self) -> None:
        self.text = self.hl7.text

    @property
    def zone(self) -> str:
        """The zone of times without an offset."""
        return self.source.zone or self.district.zone

    @property
    def written(self) -> datetime:
        """When the message was written, told apart from others of that second by its number."""
        return written(self.recorded, self.order)

    def time(self, segment: Segment, number: int) -> datetime | None:
        """A field's time in UTC; None when it is empty, and with a remark when it is no time."""
        raw = self.hl7.text(segment, number)
        if not raw:
            return None
        found = moment(raw, self.zone)
        if found is None:
            self.odd("bad-time", raw[:60], f"{segment[0]}-{number}")
        return found

    def code(self, segment: Segment, number: int) -> Code | None:
        """A coded field (CE, CWE): the first code of a system we know, else the first code."""
        raw = self.hl7.text
        first, display, system = (raw(segment, number, i) for i in (1, 2, 3))
        other, words, their = (raw(segment, number, i) for i in (4, 5, 6))
        if other and their.upper() in _SYSTEMS and system.upper() not in _SYSTEMS:
            return Code(_SYSTEMS[their.upper()], other, words or display)
        if not (first or display or other):
            return None
        known = _SYSTEMS.get(system.upper())
        return Code(known or f"{self.source.code}/{system}".rstrip("/"), first, display or words)

    def place(self, raw: str, *, where: str, patient_class: str = "") -> tuple[str, Setting | None]:
        """The service that a location (PL) means, and its setting. An unmapped one is flagged."""
        parts = self.hl7.parts(raw)
        point, facility = parts[0], parts[3]
        services = self.source.services
        found = (
            services.get(raw)
            or (facility and services.get(f"{point}^^{facility}"))
            or (facility and services.get(f"{point}^^^{facility}"))
            or services.get(point)
        )
        if found:
            return found, self.district.setting_of(found)
        name = point or facility or parts[6] or parts[8] or patient_class
        if not name:
            return "", None
        self.odd("unmapped-place", name, where)
        return f"{self.source.code}/{name}", _CLASSES.get(patient_class.upper(), Setting.OUTPATIENT)

    def person_name(self, raw: str) -> str:
        """Who acted (XCN): name in words, else the number."""
        if not raw:
            return ""
        parts = self.hl7.parts(raw)
        return " ".join(filter(None, (parts[5], parts[2], parts[1]))) or parts[0]

    def odd(self, rule: str, what: str, where: str = "") -> None:
        """Flag something that was read all the same."""
        self.remarks.append(Remark(rule=rule, what=what, where=where))
