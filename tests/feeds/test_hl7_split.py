# ruff: noqa: E501  messages and rows are shown as they are
"""Splitting HL7 v2: odd separators, escapes, line ends and character sets; `hl7` as the oracle."""

import re
from contextlib import suppress
from io import BytesIO

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.feeds.hl7v2.message import Hl7, parse
from onesystem.feeds.hl7v2.split import messages
from onesystem.vocabulary import BadInput

HEAD = b"MSH|^~\\&|PAS|RM1|ONE|D|20260302080000||ADT^A01|7|P|2.4"


def split(*lines, encoding=""):
    return parse(b"\r".join((HEAD, *lines)), encoding=encoding)[0]


class TestParts:
    def test_the_header_counts_its_separator_as_a_field(self):
        message = split()
        head = message.first("MSH")
        assert [message.text(head, n) for n in (3, 9, 10)] == ["PAS", "ADT", "7"]
        assert message.text(head, 9, 2) == "A01"

    def test_repetitions_components_and_sub_components(self):
        message = split(b"PID|1||12^^^RM1&2.16&ISO^MR~34^^^NHS^NH")
        pid = message.first("PID")
        one, two = message.repetitions(pid, 3)
        assert [message.piece(one, 4, n) for n in (1, 2, 3, 4)] == ["RM1", "2.16", "ISO", ""]
        assert message.piece(two, 1) == "34"
        assert message.parts(one)[:6] == ["12", "", "", "RM1", "MR", ""]

    @pytest.mark.parametrize(
        ("sent", "meant"),
        [
            (rb"A\F\B", "A|B"),
            (rb"A\S\B\T\C\R\D\E\E", "A^B&C~D\\E"),
            (rb"A\X0D0A\B", "A\r\nB"),
            (rb"A\.br\B", "A\nB"),
            (rb"\H\loud\N\ quiet", "loud quiet"),
            (rb"A\Zlocal\B", "A\\Zlocal\\B"),
            (rb"C:\temp", "C:\\temp"),
        ],
    )
    def test_escapes(self, sent, meant):
        message = split(b"NTE|1||" + sent)
        assert message.text(message.first("NTE"), 3) == meant

    def test_a_null_says_nothing(self):
        message = split(b'PID|1||12||""||""')
        assert message.text(message.first("PID"), 7) == ""

    def test_other_separators(self):
        text = "MSH#*!?%#PAS#RM1###20260302##ADT*A01#7#P#2.4\rPID###12***RM1%x!34"
        message = Hl7(text)
        assert message.text(message.first("MSH"), 9, 2) == "A01"
        assert message.repetitions(message.first("PID"), 3) == ["12***RM1%x", "34"]

    @pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
    def test_any_line_end(self, end):
        message = parse(end.join((HEAD, b"EVN|A01", b"ZXX|1|a", b"")))[0]
        assert [segment[0] for segment in message.segments] == ["MSH", "EVN", "ZXX"]

    @pytest.mark.parametrize("bad", [b"", b"PID|1", b"MSH", b"MSHX^~\\&|A", b"\x00\x01\x02" * 9])
    def test_what_is_no_message(self, bad):
        with pytest.raises(BadInput) as refusal:
            parse(bad)
        assert refusal.value.rule in {"hl7.no-msh", "hl7.bad-separators"}
        assert refusal.value.cure

    @given(st.binary(max_size=300))
    def test_never_fails_otherwise(self, junk):
        with suppress(BadInput):
            parse(HEAD + b"\r" + junk)


class TestCharacters:
    NAME = "PID|1||1||Māori^Siân"

    @pytest.mark.parametrize(
        ("declared", "encoding", "source", "remarks"),
        [
            (b"UNICODE UTF-8", "utf-8", "", []),
            (b"", "utf-8", "", []),
            (b"", "cp1252", "", ["wrong-charset"]),
            (b"", "iso8859-4", "iso8859-4", []),
            (b"8859/4", "iso8859-4", "", []),
            (b"8859/4~UNICODE UTF-8", "iso8859-4", "", []),
            (b"NO SUCH", "utf-8", "", ["unknown-charset"]),
            (b"ASCII", "utf-8", "", []),
            (b"UNICODE UTF-8", "latin-1", "", ["wrong-charset"]),
        ],
    )
    def test_declared_known_of_the_source_or_guessed(self, declared, encoding, source, remarks):
        name = self.NAME if encoding not in {"cp1252", "latin-1"} else self.NAME.replace("ā", "a")
        data = HEAD + b"||||||" + declared + b"\r" + name.encode(encoding)
        message, odd = parse(data, encoding=source)
        assert message.whole(message.first("PID"), 5) == name[10:].replace("^", " ")
        assert [remark.rule for remark in odd] == remarks

    def test_a_byte_order_mark(self):
        message, _ = parse(b"\xef\xbb\xbf" + HEAD + b"\r" + self.NAME.encode())
        assert message.text(message.first("PID"), 5, 2) == "Siân"


class TestOracle:
    """The `hl7` library reads the same values, where it reads at all."""

    WORD = st.text("abcXYZ019 .-", max_size=6).map(str.strip)
    FIELD = st.lists(st.lists(st.lists(WORD, min_size=1, max_size=3).map("&".join), min_size=1,
                              max_size=4).map("^".join), min_size=1, max_size=3).map("~".join)  # fmt: skip

    @given(st.lists(FIELD, min_size=1, max_size=12))
    def test_of_any_segment(self, fields):
        text = HEAD.decode() + "\rPID|" + "|".join(fields)
        ours, theirs = Hl7(text), hl7.parse(text)
        pid = ours.first("PID")
        for number in range(1, len(fields) + 1):
            for part in (1, 2, 3):
                assert ours.text(pid, number, part) == self._theirs(theirs, number, part)

    @staticmethod
    def _theirs(message, number, part):
        try:
            return message.extract_field("PID", 1, number, 1, part, 1) or ""
        except (IndexError, LookupError):
            return ""

    def test_of_the_real_samples(self, data):
        for path in sorted((data / "hl7v2").glob("*.hl7")):
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\r").replace("\n", "\r")
            text = re.sub("\r+", "\r", text).strip()
            ours, theirs = Hl7(text), hl7.parse(text)
            assert [s[0] for s in ours.segments] == [str(s[0]) for s in theirs], path.name


class TestFiles:
    def many(self, data):
        return list(messages(BytesIO(data)))

    @pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
    def test_a_batch(self, end):
        told = [HEAD.replace(b"|7|", b"|%d|" % n) + end + b"EVN|A01" for n in range(3)]
        batch = end.join([b"FHS|^~\\&|A", b"BHS|^~\\&|A", *told, b"BTS|3", b"FTS|1"]) + end
        assert self.many(batch) == told

    def test_a_capture_of_the_wire(self):
        frames = b"".join(b"\x0b" + HEAD + b"\rEVN|A0%d" % n + b"\r\x1c\r" for n in (1, 2))
        assert self.many(frames) == [HEAD + b"\rEVN|A01", HEAD + b"\rEVN|A02"]

    def test_a_file_that_spans_many_reads(self):
        told = [HEAD + b"\rNTE|" + b"x" * 300_000 + b"%d" % n for n in range(9)]
        assert self.many(b"\r".join(told)) == told

    def test_a_file_of_something_else(self):
        with pytest.raises(BadInput):
            self.many(b"hello\nworld")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_two_messages_in_utf_16_are_two(encoding):
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    text = (HEAD.decode() + "\rPID|1||7^^^H\r") * 2

    found = list(messages(BytesIO(mark + text.encode(encoding))))

    assert len(found) == 2
    assert found[0].startswith(b"\xef\xbb\xbfMSH|")
