r"""Splitting a message into segments, fields, repetitions, components and sub-components.

Tolerant where ordinary feeds are odd: any separators (MSH-1 and MSH-2 say which), lines that end
in \r, \n or both, a byte order mark, spaces before a segment, fields that a version does not have,
Z segments. Everything is kept as text until it is asked for; escapes are undone then.
"""

import re
from collections.abc import Iterator

from onesystem.vocabulary import BadInput, Remark

Segment = list[str]  # the fields by their number; [0] is the name, and MSH-1 the separator

NO_SEGMENT: Segment = []
MOST_SEGMENTS = 50_000
_CHARSETS = {
    "": "",
    "ASCII": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "8859/1": "latin-1",
    "8859/2": "iso8859-2",
    "8859/3": "iso8859-3",
    "8859/4": "iso8859-4",
    "8859/5": "iso8859-5",
    "8859/6": "iso8859-6",
    "8859/7": "iso8859-7",
    "8859/8": "iso8859-8",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "ISO IR87": "iso2022_jp",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc_kr",
    "WINDOWS-1252": "cp1252",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ESCAPE_WORDS = {".br": "\n", ".sp": "\n", ".ce": "\n", "H": "", "N": ""}
_PADDING = [""] * 20
NULL = '""'  # the source says that there is nothing here, and deletes what there was


class Hl7:
    """One message. Fields are numbered as the standard numbers them."""

    __slots__ = ("charset", "component", "escape", "field", "repeat", "segments", "sub")

    def __init__(self, text: str, *, charset: str = "utf-8") -> None:
        """Split a text that begins with MSH. Raises BadInput."""
        if not text.startswith("MSH") or len(text) < 8:
            raise no_msh()
        self.field = text[3]
        if self.field.isalnum() or self.field in "\r\n":
            raise BadInput(
                f"MSH is followed by {self.field!r} and not by a field separator",
                rule="hl7.bad-separators",
                cure="Send MSH|^~\\& with the message.",
                where="MSH-1",
            )
        if "\n" in text:
            text = text.replace("\r\n", "\r").replace("\n", "\r")
        lines = text.split("\r")
        if len(lines) > MOST_SEGMENTS:
            raise BadInput(
                f"the message has {len(lines):,} segments",
                rule="hl7.too-many-segments",
                cure="Ask the source to send it in parts.",
            )
        marks = lines[0][4:].split(self.field, 1)[0]
        padded = (marks + "^~\\&"[len(marks) :])[:4] if len(marks) < 4 else marks
        self.component, self.repeat, self.escape, self.sub = list(padded[:4])
        self.charset = charset
        head = lines[0].split(self.field)
        self.segments: list[Segment] = [["MSH", self.field, *head[1:]]]
        for line in lines[1:]:
            if line and (stripped := line if line[0].isalpha() else line.strip(" \x0b\x1c\0\t")):
                self.segments.append(stripped.split(self.field))

    def first(self, name: str) -> Segment:
        """The first segment of that name; an empty one when there is none."""
        for segment in self.segments:
            if segment[0] == name:
                return segment
        return NO_SEGMENT

    def all(self, name: str) -> Iterator[Segment]:
        """All segments of that name."""
        return (segment for segment in self.segments if segment[0] == name)

    def raw(self, segment: Segment, number: int) -> str:
        """A field as it was sent, all repetitions and escapes; empty when absent or null."""
        if number >= len(segment):
            return ""
        value = segment[number]
        return "" if value == NULL else value

    def text(self, segment: Segment, number: int, part: int = 1, sub: int = 1) -> str:
        """A component's sub-component of a field's first repetition."""
        if number >= len(segment):
            return ""
        value = segment[number]
        if not value:
            return ""
        if self.repeat in value:
            value = value.split(self.repeat, 1)[0]
        return self.piece(value, part, sub)

    def parts(self, value: str) -> list[str]:
        """The components of one repetition, each its first sub-component; never under 20.

        One split for a field of which much is asked; component N is item N - 1.
        """
        if self.sub in value or self.escape in value or NULL in value:
            count = value.count(self.component) + 1
            return [self.piece(value, i + 1) for i in range(count)] + _PADDING
        parts = value.split(self.component)
        if " " in value:
            parts = [part.strip() for part in parts]
        return parts + _PADDING

    def piece(self, value: str, part: int = 1, sub: int = 1) -> str:
        """A component's sub-component of one repetition."""
        if self.component in value:
            parts = value.split(self.component, part)
            if part > len(parts):
                return ""
            value = parts[part - 1]
        elif part > 1:
            return ""
        if self.sub in value:
            subs = value.split(self.sub, sub)
            value = subs[sub - 1] if sub <= len(subs) else ""
        elif sub > 1:
            return ""
        if value == NULL:
            return ""
        if self.escape in value:
            value = self.plain(value)
        return value.strip()

    def repetitions(self, segment: Segment, number: int) -> list[str]:
        """The repetitions of a field, as sent; none when it is empty."""
        value = self.raw(segment, number)
        return [rep for rep in value.split(self.repeat) if rep] if value else []

    def whole(self, segment: Segment, number: int) -> str:
        """A whole field as words: escapes undone, components apart by spaces."""
        value = self.raw(segment, number).replace(self.repeat, "; ")
        words = value.replace(self.component, " ").replace(self.sub, " ")
        return self.plain(words).strip() if self.escape in words else words.strip()

    def plain(self, value: str) -> str:
        r"""Undo escapes: \F\ \S\ \T\ \R\ \E\ \Xhh..\ \.br\ ; an unknown one stays as it is."""
        e = re.escape(self.escape)
        return re.sub(f"{e}([^{e}]*){e}", self._unescaped, value)

    def _unescaped(self, match: re.Match[str]) -> str:
        word = match[1]
        marks = {"F": self.field, "S": self.component, "T": self.sub, "R": self.repeat}
        if word in marks:
            return marks[word]
        if word == "E":
            return self.escape
        if word[:1] == "X":
            try:
                return bytes.fromhex(word[1:]).decode(self.charset, "replace")
            except (ValueError, LookupError):
                return match[0]
        return _ESCAPE_WORDS.get(word.split("+", 1)[0].split("-", 1)[0], match[0])


def no_msh() -> BadInput:
    """The refusal of what does not begin as a message."""
    return BadInput(
        "the message does not begin with MSH",
        rule="hl7.no-msh",
        cure="Send whole HL7 v2 messages; the first segment is MSH.",
    )


def parse(message: bytes, *, encoding: str = "") -> tuple[Hl7, list[Remark]]:
    """A message's bytes as text and then in parts. `encoding` is for messages that name none.

    Raises BadInput.
    """
    odd = _cut_off(message)
    message = message.strip(b"\x0b\x1c\r\n \0")
    if b"\0" in message and message[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        at = f"byte {message.index(0) + 1}"
        odd.append(Remark(rule="nul", what="the character NUL stands in it", where=at))
    if message.isascii():
        return Hl7(message.decode("ascii")), odd
    text, charset, remarks = decode(message, encoding)
    return Hl7(text.strip("\ufeff \r\n"), charset=charset), [*odd, *remarks]


def _cut_off(message: bytes) -> list[Remark]:
    """A message that was framed, and whose frame was never ended: it may be half of what it was."""
    if message[:1] != b"\x0b" or b"\x1c" in message:
        return []
    return [Remark(rule="cut-off", what="its MLLP frame was begun and never ended")]


def decode(message: bytes, encoding: str = "") -> tuple[str, str, list[Remark]]:
    """The text of a message that is not plain ASCII, its character set, and what was odd."""
    for bom, charset in _BOMS:
        if message.startswith(bom):
            try:
                return message.decode(charset), charset, []
            except UnicodeDecodeError:
                message = message[len(bom) :]
    declared = _declared(message)
    known = _CHARSETS.get(declared, "")
    remarks = []
    if declared and not known:
        remarks.append(Remark(rule="unknown-charset", what=declared, where="MSH-18"))
    charset = known if known not in {"", "ascii"} else encoding or "utf-8"
    try:
        return message.decode(charset), charset, remarks
    except UnicodeDecodeError:
        pass
    for fallback in ("utf-8", "cp1252"):
        try:
            text = message.decode(fallback)
        except UnicodeDecodeError:
            continue
        what = f"not {charset}; read as {fallback}"
        return text, fallback, [*remarks, Remark(rule="wrong-charset", what=what, where="MSH-18")]
    what = f"not {charset}; read as latin-1"
    odd = Remark(rule="wrong-charset", what=what, where="MSH-18")
    return message.decode("latin-1"), "latin-1", [*remarks, odd]


def _declared(message: bytes) -> str:
    """What MSH-18 says, read from the bytes."""
    line = re.split(rb"[\r\n]", message, maxsplit=1)[0]
    fields = line.split(line[3:4]) if len(line) > 4 else []
    if len(fields) < 18:
        return ""
    first = fields[17].split(b"~", 1)[0].split(b"^", 1)[0]
    return first.decode("ascii", "replace").strip().upper()
