"""A charter as somebody types it, and back. Pure.

Principles are one a line, `Name: words`; rungs of the ladder `Name; who settles it; days`. What
cannot be read is told with its line, all of it at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from onesystem.alliance.charter.text import MIDWAY, Charter, Need, Principle, Quorum, Rung
from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import fraction_of, whole_or

_T = TypeVar("_T")
_MOST_DAYS = 1000


def raw_of(charter: Charter) -> dict[str, str]:
    """A charter as the fields of a form."""
    return {
        "name": charter.name, "purpose": charter.purpose, "test": charter.test,
        "principles": "\n".join(f"{p.name}: {p.words}" for p in charter.principles),
        "ladder": "\n".join(f"{r.name}; {r.who}; {r.days}" for r in charter.ladder),
        "share": str(charter.quorum.share), "least": str(charter.quorum.least),
        "community": str(charter.quorum.community),
        "funders": "yes" if charter.quorum.funders else "", "midway": charter.midway,
        "notice_days": str(charter.notice_days), "renew_days": str(charter.renew_days),
        "beside": charter.beside,
        **{f"need.{n.code}": str(n.least) for n in charter.competences},
    }  # fmt: skip


def charter_of(raw: Mapping[str, str], onto: Charter, needs: Sequence[Need]) -> Charter:
    """The charter that was typed. Raises UserError with everything that is wrong in it."""
    wrong: list[str] = []

    def said(make: Callable[[str], _T], name: str, usual: _T) -> _T:
        try:
            return make(raw.get(name, "").strip())
        except UserError as error:
            wrong.append(str(error))
            return usual

    made = replace(
        onto,
        name=said(_there("a name"), "name", ""),
        purpose=said(_there("a purpose"), "purpose", ""),
        test=raw.get("test", "").strip(),
        principles=said(_principles, "principles", ()),
        ladder=said(_ladder, "ladder", ()),
        quorum=Quorum(
            share=said(_share, "share", Fraction(1, 2)),
            least=said(_whole("the least number of members", 1), "least", 1),
            chair=True,
            community=said(_whole("community seats", 1), "community", 1),
            funders=bool(raw.get("funders")),
        ),
        midway=raw.get("midway", "") if raw.get("midway") in MIDWAY else onto.midway,
        notice_days=said(_whole("days of notice", 0), "notice_days", 0),
        renew_days=said(_whole("days until declarations are renewed", 1), "renew_days", 1),
        beside=raw.get("beside", "").strip(),
        competences=tuple(
            need for need in (replace(n, least=said(_whole(n.name, 0), f"need.{n.code}", 0))
                              for n in needs) if need.least
        ),
    )  # fmt: skip
    if wrong:
        raise UserError("; ".join(w.rstrip(".") for w in wrong), "Put it right and save it again")
    return made


def _there(what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            raise UserError(say("the charter has not {what}", what=what))
        return text

    return read


def _whole(what: str, least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 5) or int(text) < least:
            raise UserError(
                say(
                    "{what}: {text} is no whole number from {least} on",
                    what=what,
                    text=text or "nothing",
                    least=least,
                )
            )
        return int(text)

    return read


def _share(text: str) -> Fraction:
    """A share of those entitled: `1/2`, `0.6`, `60 %`."""
    try:
        made = fraction_of(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UserError(
            say("the share of a quorum: {text} is no share, such as 1/2", text=repr(text))
        ) from None
    if not 0 < made <= 1:
        raise UserError(
            say("the share of a quorum: {text} is not above 0 and at most 1", text=text)
        )
    return made.limit_denominator(1000)


def _principles(text: str) -> tuple[Principle, ...]:
    made = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        name, colon, words = (part.strip() for part in line.partition(":"))
        if not colon or not name or not words:
            raise UserError(say("principle {number} is not written as Name: words", number=number))
        made.append(Principle(code=f"p{number}", name=name, words=words))
    if not made:
        raise UserError("the charter has no principle")
    return tuple(made)


def _ladder(text: str) -> tuple[Rung, ...]:
    made = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 3 or not all(parts) or whole_or(parts[2], None) is None:
            raise UserError(
                say("rung {number} is not written as Name; who settles it; days", number=number)
            )
        if not 0 < int(parts[2]) <= _MOST_DAYS:
            raise UserError(
                say(
                    "rung {number}: {parts} days are not from 1 to {most_days}",
                    number=number,
                    parts=parts[2],
                    most_days=_MOST_DAYS,
                )
            )
        made.append(Rung(name=parts[0], who=parts[1], days=int(parts[2])))
    if not made:
        raise UserError("the ladder of disagreements has no rung")
    return tuple(made)
