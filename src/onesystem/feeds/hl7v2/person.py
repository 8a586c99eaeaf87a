"""PID and its kin: who a message is about.

The subject is the source's own key of the person: the repetition of PID-3 of type MR where there
is one, else of a type that hospitals use for their own numbers, else the first that is no national
number, else the first. `AUTHORITY:NUMBER` where it names its assigning authority, so that two
hospitals behind one source do not share a key. PID-2 and PID-4 serve messages before version 2.3.1.
"""

from collections.abc import Iterable
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.feeds.hl7v2.times import day
from onesystem.vocabulary import NHI, NHS, BadInput, Identifier, PersonSeen, tidy

_NHS_NAMES = {"NH", "NHS", "NHSNMBR", "NHSNBR", "NHSNUMBER", "2.16.840.1.113883.2.1.4.1"}
_NHI_NAMES = {"NHI", "2.16.840.1.113883.2.18.2"}
_OWN_TYPES = ("MR", "PI", "MRN", "PT", "PN", "PRN", "PAS", "LR")
_NAME_RANKS = {"L": 0, "U": 1, "": 1, "D": 2}
_ADDRESS_RANKS = {"H": 0, "L": 1, "P": 1, "": 2, "M": 3, "C": 3}
_SEXES = {"F": "female", "M": "male", "O": "other", "A": "other"}
# PID-32 of the NHS: the number was traced and verified on the national index.
_VERIFIED = {"01", "NSTS01", "1"}


class Number(NamedTuple):
    """A repetition of PID-3: the number, who gave it, of which type, and of which nation."""

    value: str
    authority: str
    type: str
    national: str  # NHS, NHI or empty

    @property
    def key(self) -> str:
        """What the person is known by within the source."""
        return f"{self.authority}:{self.value}" if self.authority and self.value else self.value


def subject_of(t: Telling, segment: Segment, fields: Iterable[int] = (3, 2, 4)) -> str:
    """The key of the person that a PID, or the MRG fields given, names; empty when none."""
    for each in fields:
        if best := _best(_numbers(t, segment, each)):
            return best
    return ""


def _numbers(t: Telling, segment: Segment, field: int) -> list[Number]:
    hl7 = t.hl7
    found = []
    for repetition in hl7.repetitions(segment, field):
        parts = hl7.parts(repetition)
        value, authority, type_ = parts[0], parts[3], parts[4].upper()
        if value:
            universal = hl7.piece(repetition, 4, 2) if hl7.sub in repetition else ""
            nation = _national(t.source.schemes, type_, authority, universal)
            found.append(Number(value, authority or universal, type_, nation))
    return found


def _best(numbers: list[Number]) -> str:
    if len(numbers) < 2:
        return numbers[0].key if numbers else ""
    return min(numbers, key=_rank).key  # the first of equals


def _rank(number: Number) -> int:
    if number.type in _OWN_TYPES:
        return _OWN_TYPES.index(number.type)
    return 50 if number.national else 20


def _national(schemes: dict[str, str], *names: str) -> str:
    """NHS, NHI, or empty for a number of another kind; a source's own scheme comes first."""
    for name in names:
        if not name:
            continue
        if mapped := schemes.get(name):
            return mapped if mapped in {NHS, NHI} else ""
        upper = name.upper()
        if upper in _NHS_NAMES:
            return NHS
        if upper in _NHI_NAMES:
            return NHI
    return ""


def person(t: Telling, pid: Segment) -> PersonSeen:
    """What a PID and the segments beside it say of the person. Raises BadInput without a number."""
    numbers = [_numbers(t, pid, field) for field in (3, 2, 4)]
    subject = next((best for each in numbers if (best := _best(each))), "")
    if not subject:
        raise BadInput(
            "PID names no patient number" if pid else "there is no PID segment",
            rule="hl7.no-patient",
            cure="Ask the source to send its own patient number in PID-3.",
            where="PID-3",
        )
    text = t.text
    pd1 = t.hl7.first("PD1")
    names = _names(t, pid)
    born = text(pid, 7)
    birth_date = day(born) if born else None
    if born and birth_date is None:
        t.odd("partial-birth-date", born[:30], "PID-7")
    address, postcode = _address(t, pid)
    return PersonSeen(
        subject=subject,
        at=t.written,
        identifiers=_identifiers(t, pid, chain.from_iterable(numbers)),
        family=names[0][0] if names else "",
        given=names[0][1] if names else "",
        other_names=tuple(names[1:]),
        birth_date=birth_date,
        sex=_SEXES.get(text(pid, 8).upper()[:1], ""),
        address=address,
        postcode=postcode,
        phone=_phone(t, pid),
        practice=text(pd1, 3, 3) or text(pd1, 3, 10) or text(pd1, 3) or text(pd1, 4),
        died=_died(t, pid),
        restricted=text(pd1, 12).upper() == "Y",
    )


def _identifiers(t: Telling, pid: Segment, numbers: Iterable[Number]) -> tuple[Identifier, ...]:
    verified = t.text(pid, 32) in _VERIFIED
    found: dict[tuple[str, str], Identifier] = {}
    for number in numbers:
        scheme = number.national or _local_scheme(t, number)
        value = tidy(scheme, number.value)
        if (scheme, value) not in found:
            traced = verified and bool(number.national)
            found[scheme, value] = Identifier(scheme, value, verified=traced)
    return tuple(found.values())


def _local_scheme(t: Telling, number: Number) -> str:
    authority, type_ = number.authority, number.type
    if t.source.schemes:
        for name in (f"{authority}^{type_}", authority, type_):
            if mapped := t.source.schemes.get(name):
                return mapped
    return f"{t.source.code}/{authority or type_}".rstrip("/")


def _names(t: Telling, pid: Segment) -> list[tuple[str, str]]:
    """(family, given) of the legal or usual name, then of the others; PID-9 holds aliases."""
    names: list[tuple[int, tuple[str, str]]] = []
    for field in (5, 9):
        for repetition in t.hl7.repetitions(pid, field):
            parts = t.hl7.parts(repetition)
            name = (parts[0], f"{parts[1]} {parts[2]}".strip())
            rank = _NAME_RANKS.get(parts[6].upper(), 3) if field == 5 else 9
            if any(name):
                names.append((rank, name))
    names.sort(key=itemgetter(0))
    return list(dict.fromkeys(name for _, name in names))


def _address(t: Telling, pid: Segment) -> tuple[str, str]:
    repetitions = t.hl7.repetitions(pid, 11)
    if not repetitions:
        return "", ""
    all_parts = [t.hl7.parts(repetition) for repetition in repetitions]
    best = min(all_parts, key=lambda parts: _ADDRESS_RANKS.get(parts[6].upper(), 5))
    return ", ".join(filter(None, best[:4])), best[4]


def _phone(t: Telling, pid: Segment) -> str:
    for repetition in t.hl7.repetitions(pid, 13):
        parts = t.hl7.parts(repetition)
        if parts[2].upper() in {"INTERNET", "X.400"} and not parts[6]:
            continue
        if number := parts[0] or parts[11] or " ".join(filter(None, parts[4:7])):
            return number
    return ""


def _died(t: Telling, pid: Segment) -> date | None:
    when = t.text(pid, 29)
    found = day(when) if when else None
    if found is None and t.text(pid, 30).upper() == "Y":
        t.odd("died-without-a-day", "the source says that the person has died", "PID-30")
    return found
