"""What a source says of one of its people: descriptions, and the fold over them.

A source describes a subject again and again, complete or in part, in order or late. The fold goes
over its distinct descriptions in the order of their times, each field taking the last that was
said, so that any order of arrival ends in the same state. Numbers of one scheme are said together:
the last description with any number of a scheme tells which are current; the others are kept as
former ones. Names that were replaced are kept as other names.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from onesystem.vocabulary import Identifier, PersonSeen, tidy

_FIELD, _ROW, _CELL = "\x1f", "\x1e", "\x1d"
_SAID = ("birth_date", "sex", "address", "postcode", "phone", "practice", "died")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One description. Dates are ISO text; empty text means that nothing was said."""

    family: str = ""
    given: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    practice: str = ""
    died: str = ""
    restricted: bool = False
    numbers: tuple[Identifier, ...] = ()
    former: tuple[Identifier, ...] = ()  # said once, replaced since; only in a fold

    def text(self) -> str:
        """All of it as one text: what the digest is of, and what is kept of old ones."""
        return _FIELD.join(
            (
                self.family, self.given,
                _ROW.join(_CELL.join(name) for name in self.other_names),
                self.birth_date, self.sex, self.address, self.postcode, self.phone, self.practice,
                self.died, "1" if self.restricted else "0",
                _ROW.join(sorted(
                    _CELL.join((n.scheme, n.value, "1" if n.verified else "0",
                                "1" if n.superseded else "0"))
                    for n in self.numbers
                )),
            )
        )  # fmt: skip

    @classmethod
    def of_text(cls, text: str) -> "Description":
        """What `text` came from."""
        (family, given, names, birth, sex, address, postcode, phone, practice, died, restricted,
         numbers) = text.split(_FIELD)  # fmt: skip
        return cls(
            family=family, given=given,
            other_names=tuple((f, g) for f, g in (n.split(_CELL) for n in _rows(names))),
            birth_date=birth, sex=sex, address=address, postcode=postcode, phone=phone,
            practice=practice, died=died, restricted=restricted == "1",
            numbers=tuple(
                Identifier(scheme, value, verified == "1", superseded == "1")
                for scheme, value, verified, superseded in (n.split(_CELL) for n in _rows(numbers))
            ),
        )  # fmt: skip


def _rows(text: str) -> list[str]:
    return text.split(_ROW) if text else []


def digest_of(text: str) -> int:
    """63 bits of the text. In DuckDB: `CAST(md5_number_lower(text) >> 1 AS BIGINT)`."""
    raw = hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return int.from_bytes(raw[8:], "little") >> 1


def clean(text: str) -> str:
    """Text without control characters, which would break the digest and the pages alike."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def description_of(seen: PersonSeen) -> Description:
    """The description in a reading; numbers tidied, doubles dropped."""
    numbers: dict[tuple[str, str], Identifier] = {}
    for number in seen.identifiers:
        scheme, value = clean(number.scheme), clean(tidy(number.scheme, number.value))
        if value:
            same = (scheme, value) == (number.scheme, number.value)
            said = number if same else replace(number, scheme=scheme, value=value)
            numbers[scheme, value] = said
    return Description(
        family=clean(seen.family).strip(),
        given=clean(seen.given).strip(),
        other_names=tuple((clean(f), clean(g)) for f, g in seen.other_names),
        birth_date=seen.birth_date.isoformat() if seen.birth_date else "",
        sex=clean(seen.sex),
        address=clean(seen.address).strip(),
        postcode=clean(seen.postcode).strip(),
        phone=clean(seen.phone).strip(),
        practice=clean(seen.practice).strip(),
        died=seen.died.isoformat() if seen.died else "",
        restricted=seen.restricted,
        numbers=tuple(numbers.values()),
    )


def folded(said: Iterable[tuple[int, str]]) -> Description:
    """The fold over (time, text) of all distinct descriptions, whatever their order."""
    ordered = [Description.of_text(text) for _, text in sorted(said)]
    latest: dict[str, str] = {}
    for each in ordered:
        latest.update({name: value for name in _SAID if (value := getattr(each, name))})
    name = next(((d.family, d.given) for d in reversed(ordered) if d.family or d.given), ("", ""))
    current, former = _numbers(ordered)
    return Description(
        family=name[0],
        given=name[1],
        other_names=_other_names(ordered, name),
        restricted=ordered[-1].restricted if ordered else False,
        numbers=current,
        former=former,
        **latest,
    )


def _other_names(ordered: list[Description], name: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    names: dict[tuple[str, str], None] = {}
    for each in reversed(ordered):
        names.update(dict.fromkeys(((each.family, each.given), *each.other_names)))
    return tuple(n for n in names if n != name and any(n))


def _numbers(
    ordered: list[Description],
) -> tuple[tuple[Identifier, ...], tuple[Identifier, ...]]:
    current: dict[str, dict[str, Identifier]] = {}
    every: dict[tuple[str, str], Identifier] = {}
    for each in ordered:
        said: dict[str, dict[str, Identifier]] = {}
        for number in each.numbers:
            said.setdefault(number.scheme, {})[number.value] = number
            every[number.scheme, number.value] = number
        current.update(said)
    now = tuple(n for numbers in current.values() for n in numbers.values())
    held = {(n.scheme, n.value) for n in now}
    return now, tuple(n for key, n in every.items() if key not in held)
