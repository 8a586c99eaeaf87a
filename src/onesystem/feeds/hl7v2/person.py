"""PID and its kin: who a message is about.

The subject is the source's own key of the person: the repetition of PID-3 of type MR where there
is one, else of a type that hospitals use for their own numbers, else the first that is no national
number, else the first. `AUTHORITY:NUMBER` where it names its assigning authority, so that two
hospitals behind one source do not share a key. PID-2 and PID-4 serve messages before version 2.3.1.
"""

from collections.abc import Iterable

from onesystem.feeds.hl7v2.message import Segment
from onesystem.feeds.hl7v2.telling import Telling
from onesystem.feeds.hl7v2.times import day
from onesystem.vocabulary import NHI, NHS, BadInput, Identifier, PersonSeen, tidy

_NHS_NAMES = {"NH", "NHS", "NHSNMBR", "NHSNBR", "NHSNUMBER", "2.16.840.1.113883.2.1.4.1"}
_NHI_NAMES = {"NHI", "2.16.840.1.113883.2.18.2"}
_OWN_TYPES = ("MR", "PI", "MRN", "PT", "PN", "PRN", "PAS", "LR")
_SEXES = {"F": "female", "M": "male", "O": "other", "A": "other"}
# PID-32 of the NHS: the number was traced and verified on the national index.
_VERIFIED = {"01", "NSTS01", "1"}


def subject_of(t: Telling, segment: Segment, numbers: Iterable[int] = (3, 2, 4)) -> str:
    """The key of the person that a PID, or the MRG fields given, names; empty when none."""
    for number in numbers:
        best = _best(t, t.hl7.repetitions(segment, number))
        if best:
            return best
    return ""


def _best(t: Telling, repetitions: list[str]) -> str:
    piece = t.hl7.piece
    if len(repetitions) == 1:
        return _key(t, repetitions[0])
    found, rank = "", 99
    for repetition in repetitions:
        type_ = piece(repetition, 5).upper()
        if type_ in _OWN_TYPES:
            place = _OWN_TYPES.index(type_)
        else:
            place = 50 if _national(t, repetition) else 20
        if place < rank and piece(repetition, 1):
            found, rank = repetition, place
    return _key(t, found) if found else ""


def _key(t: Telling, repetition: str) -> str:
    number = t.hl7.piece(repetition, 1)
    authority = t.hl7.piece(repetition, 4) or t.hl7.piece(repetition, 4, 2)
    return f"{authority}:{number}" if authority and number else number


def _national(t: Telling, repetition: str) -> str:
    """NHS, NHI, or empty for a number of another kind."""
    piece = t.hl7.piece
    for name in (piece(repetition, 5), piece(repetition, 4), piece(repetition, 4, 2)):
        mapped = t.source.schemes.get(name) if name else None
        if mapped:
            return mapped if mapped in {NHS, NHI} else ""
        if name.upper() in _NHS_NAMES:
            return NHS
        if name.upper() in _NHI_NAMES:
            return NHI
    return ""


def person(t: Telling, pid: Segment) -> PersonSeen:
    """What a PID and the segments beside it say of the person. Raises BadInput without a number."""
    subject = subject_of(t, pid)
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
        at=t.recorded,
        identifiers=_identifiers(t, pid),
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


def _identifiers(t: Telling, pid: Segment) -> tuple[Identifier, ...]:
    verified = t.text(pid, 32) in _VERIFIED
    found: dict[tuple[str, str], Identifier] = {}
    for number in (3, 2, 4):
        for repetition in t.hl7.repetitions(pid, number):
            value = t.hl7.piece(repetition, 1)
            if not value:
                continue
            scheme = _scheme(t, repetition)
            value = tidy(scheme, value)
            national = scheme in {NHS, NHI}
            found.setdefault(
                (scheme, value), Identifier(scheme, value, verified=verified and national)
            )
    return tuple(found.values())


def _scheme(t: Telling, repetition: str) -> str:
    national = _national(t, repetition)
    if national:
        return national
    piece = t.hl7.piece
    authority, type_ = piece(repetition, 4) or piece(repetition, 4, 2), piece(repetition, 5)
    for name in (f"{authority}^{type_}", authority, type_):
        if mapped := t.source.schemes.get(name):
            return mapped
    return f"{t.source.code}/{authority or type_}".rstrip("/")


def _names(t: Telling, pid: Segment) -> list[tuple[str, str]]:
    """(family, given) of the legal or usual name, then of the others; PID-9 holds aliases."""
    piece = t.hl7.piece
    names: list[tuple[int, tuple[str, str]]] = []
    for number in (5, 9):
        for repetition in t.hl7.repetitions(pid, number):
            given = " ".join(filter(None, (piece(repetition, 2), piece(repetition, 3))))
            name = (piece(repetition, 1), given)
            type_ = piece(repetition, 7).upper()
            rank = {"L": 0, "U": 1, "": 1, "D": 2}.get(type_, 3) if number == 5 else 9
            if any(name):
                names.append((rank, name))
    names.sort(key=lambda each: each[0])
    return list(dict.fromkeys(name for _, name in names))


def _address(t: Telling, pid: Segment) -> tuple[str, str]:
    repetitions = t.hl7.repetitions(pid, 11)
    if not repetitions:
        return "", ""
    piece = t.hl7.piece
    best = repetitions[0]
    if len(repetitions) > 1:
        order = {"H": 0, "L": 1, "P": 1, "": 2, "M": 3, "C": 3}
        best = min(repetitions, key=lambda r: order.get(piece(r, 7).upper(), 5))
    lines = (piece(best, i) for i in (1, 2, 3, 4))
    return ", ".join(filter(None, lines)), piece(best, 5)


def _phone(t: Telling, pid: Segment) -> str:
    piece = t.hl7.piece
    for repetition in t.hl7.repetitions(pid, 13):
        if piece(repetition, 3).upper() in {"INTERNET", "X.400"} and not piece(repetition, 7):
            continue
        built = " ".join(filter(None, (piece(repetition, i) for i in (5, 6, 7))))
        if number := piece(repetition, 1) or piece(repetition, 12) or built:
            return number
    return ""


def _died(t: Telling, pid: Segment):  # noqa: ANN202
    when = t.text(pid, 29)
    found = day(when) if when else None
    if found is None and t.text(pid, 30).upper() == "Y":
        t.odd("died-without-a-day", "the source says that the person has died", "PID-30")
    return found
