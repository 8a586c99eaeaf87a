"""The happenings of hospitals and laboratories as HL7 v2.4 messages: ADT, SIU and ORU."""

from datetime import UTC, datetime

from onesystem.demo.columns import TEST_CODES
from onesystem.demo.faces import Face, Faces
from onesystem.demo.happenings import Happening
from onesystem.demo.layouts import Layout
from onesystem.demo.people import NEVER
from onesystem.demo.registers import plain
from onesystem.demo.streams import Stream, vocabulary
from onesystem.demo.world import World
from onesystem.demo.writing import place_of
from onesystem.vocabulary import zone as zone_of

_STEPS = {  # by series and step: message type, trigger, patient class
    ("E", "started"): ("ADT", "A04", "E"),
    ("E", "ready"): ("ADT", "A16", "E"),
    ("E", "ended"): ("ADT", "A03", "E"),
    ("S", "requested"): ("ADT", "A05", "P"),
    ("S", "started"): ("ADT", "A01", "I"),
    ("S", "ready"): ("ADT", "A16", "I"),
    ("S", "ended"): ("ADT", "A03", "I"),
    ("O", "requested"): ("SIU", "S12", "O"),
    ("O", "started"): ("ADT", "A04", "O"),
    ("O", "ended"): ("ADT", "A03", "O"),
    ("D", "requested"): ("ORU", "R01", "O"),
    ("D", "started"): ("ORU", "R01", "O"),
    ("D", "ended"): ("ORU", "R01", "O"),
}
_STATUS = {"requested": "O", "started": "I", "ended": "F"}
_RANK = {"requested": 1, "started": 3, "ready": 5, "ended": 7}
_SERIES = "ESOD"


class Writer:
    """Writes the messages of one source. `cut` is the second up to which its extracts told all."""

    def __init__(self, world: World, faces: Faces, layout: Layout, cut: int = 0) -> None:
        self._world, self._faces, self._layout, self._cut = world, faces, layout, cut
        self._zone = zone_of(world.zone)
        self._system = "LIS" if layout.code == "diagnostics" else "PAS"
        self._authority = layout.authority

    def message(self, made: Stream, told: Happening, *, trigger: str = "", extra: int = 0,
                at: int = 0) -> bytes:  # fmt: skip
        """The message of a step; with `trigger` another one about the same visit, such as A13."""
        row, at = told.row, at or told.at
        kind, usual, patient_class = _STEPS[told.series, told.step]
        cancelled = bool(made.cancelled[row])
        if told.series == "S" and told.step == "started" and made.part[row] > 1:
            usual = "A02"
        if cancelled and told.step == "ended":
            kind, usual = "SIU", "S26"
        trigger = trigger or usual
        person, number = int(made.person[row]), int(made.number[row])
        second = self._faces.subject(self._layout.code, person, number)
        face = self._faces.of(self._layout.code, person, second=False)
        if second != face.subject:
            face = self._faces.of(self._layout.code, person, second=True)
        control = f"{at:010d}{number % 10**7:07d}{_SERIES.index(told.series)}"
        control += f"{_RANK[told.step] + extra}"
        segments = [self._header(kind, trigger, at, control), self._patient(face)]
        if kind == "ORU":
            segments += self._result(made, row, told.step)
        else:
            segments.insert(1, f"EVN|{trigger}|{self._time(at)}||||{self._time(told.at)}")
            segments += self._visit(made, row, trigger, patient_class, kind)
        return self._bytes("\r".join(segments) + "\r")

    def merge(self, person: int, at: int) -> bytes:
        """A40: the second number of a person is the first."""
        face = self._faces.of(self._layout.code, person, second=False)
        old = self._faces.of(self._layout.code, person, second=True)
        control = f"{at:010d}{person % 10**7:07d}40"
        return self._bytes("\r".join([
            self._header("ADT", "A40", at, control), f"EVN|A40|{self._time(at)}",
            self._patient(face), f"MRG|{old.subject}^^^{self._authority}^MR",
        ]) + "\r")  # fmt: skip

    def _header(self, kind: str, trigger: str, at: int, control: str) -> str:
        charset = "" if self._layout.encoding else "UNICODE UTF-8"
        return (
            f"MSH|^~\\&|{self._system}|{self._layout.code}|ONESYSTEM|{self._world.here.code}|"
            f"{self._time(at)}||{kind}^{trigger}|{control}|P|2.4||||||{charset}"
        )

    def _patient(self, face: Face) -> str:
        numbers = f"{face.subject}^^^{self._authority}^MR"
        if face.number:
            kind = "NH" if self._world.here.facts["district"]["number"] == "nhs" else "NHI"
            numbers += f"~{face.number}^^^{kind}^{kind}"
        given, _, second = face.given.partition(" ")
        traced = "01" if face.number else ""
        return (
            f"PID|1||{numbers}||{_safe(face.family)}^{_safe(given)}^{_safe(second)}||"
            f"{face.birth_date}|{face.sex}|||{_safe(face.address)}^^{_safe(face.town)}^^"
            f"{face.postcode}||{face.phone}{'|' * 19}{traced}\r"
            f"PD1|||^^{face.practice}"
        )

    def _visit(self, made: Stream, row: int, trigger: str, patient_class: str,
               kind: str) -> list[str]:  # fmt: skip
        words = vocabulary()
        service = self._world.plan.services[int(made.service[row])]["code"]
        bed = f"^^Bed {int(made.bed[row])}" if made.bed[row] else ""
        place = place_of(self._layout, service) + bed
        visit = self._number(made, row)
        ends = trigger == "A03"
        begins = trigger in {"A01", "A04"}
        fields = [""] * 51
        fields[0], fields[1], fields[2], fields[3] = "PV1", "1", patient_class, place
        fields[4] = words[made.urgency[row]]
        fields[7] = _doctor(words[made.by[row]])
        fields[14] = words[made.mode[row]]
        fields[19] = visit
        fields[36] = words[made.outcome[row]] if ends else ""
        fields[44] = self._time(int(made.started[row])) if begins else ""
        fields[45] = self._time(int(made.ended[row])) if ends else ""
        fields[50] = self._cause(made, row)
        pv1 = "|".join(fields).rstrip("|")
        reason, due = words[made.reason[row]], int(made.planned[row])
        if kind == "SIU":
            when = self._time(due) if due < NEVER else ""
            urgency = words[made.urgency[row]]
            return [f"SCH|{visit}||||||^{urgency}||||^^^{when}", pv1, f"AIL|1||{place}"]
        pv2 = f"PV2|||^{_safe(reason)}" if reason else "PV2|||"
        if trigger == "A05" and due < NEVER:
            pv2 += f"|||||{self._time(due)}"
        return [pv1, pv2] if pv2.strip("|") != "PV2" else [pv1]

    def _number(self, made: Stream, row: int) -> str:
        """A visit's number; a later stretch that an extract told of has the one of the extract."""
        visit, part = f"{made.series}{int(made.number[row]):08d}", int(made.part[row])
        return f"{visit}/{part}" if part > 1 and made.started[row] <= self._cut else visit

    def _cause(self, made: Stream, row: int) -> str:
        """The number of what led to the visit, with who gave it."""
        number = int(made.cause[row])
        if not number or made.part[row] > 1:
            return ""
        own = made.series == "S" or made.cause_part[row] < 0
        series = {"E": "A", "S": "E", "O": "O" if own else "G"}[made.series]
        authority = self._authority if own else {"A": "CAD", "G": "GP"}[series]
        return f"{series}{number:08d}^^^{authority}"

    def _result(self, made: Stream, row: int, step: str) -> list[str]:
        words = vocabulary()
        service = self._world.plan.services[int(made.service[row])]["code"]
        test = words[made.reason[row]]
        code, number = TEST_CODES.get(test, "TEST"), f"D{int(made.number[row]):08d}"
        fields = [""] * 26
        fields[0], fields[1], fields[2], fields[3] = "OBR", "1", number, number
        fields[4], fields[5] = f"{code}^{test}", words[made.urgency[row]]
        if made.requested[row] < NEVER:
            fields[6] = self._time(int(made.requested[row]))
        if step != "requested":
            fields[7] = self._time(int(made.started[row]))
        if step == "ended":
            fields[22] = self._time(int(made.ended[row]))
        fields[24], fields[25] = place_of(self._layout, service), _STATUS[step]
        segments = [f"ORC|RE|{number}|{number}", "|".join(fields)]
        if step == "ended":
            result = words[made.outcome[row]]
            flag = "A" if result == "abnormal" else "N"
            segments.append(f"OBX|1|ST|{code}^{test}||{result}|||{flag}|||F")
        return segments

    def _time(self, second: int) -> str:
        local = datetime.fromtimestamp(second, UTC).astimezone(self._zone)
        return f"{local:%Y%m%d%H%M%S%z}"

    def _bytes(self, text: str) -> bytes:
        encoding = self._layout.encoding or "utf-8"
        try:
            return text.encode(encoding)
        except UnicodeEncodeError:
            letters = (c if _fits(c, encoding) else plain(c) or "?" for c in text)
            return "".join(letters).encode(encoding)


def _fits(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _doctor(name: str) -> str:
    """`Dr Reed` as an XCN; a team stands as a family name."""
    title, _, family = name.partition(" ")
    if title in {"Dr", "Mr", "Ms", "Miss", "Sister", "Nurse"}:
        return f"^{family}^^^^{title}"
    return f"^{_safe(name)}" if name else ""


def _safe(text: str) -> str:
    """Text in which no letter has a meaning of its own."""
    for letter, escape in (("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("&", "\\T\\"),
                           ("~", "\\R\\")):  # fmt: skip
        text = text.replace(letter, escape)
    return text
