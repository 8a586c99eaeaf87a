"""Persons in words: who they are by which source, their numbers, and the evidence of a match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from onesystem.district import District
from onesystem.people.mapping import IdentityView
from onesystem.people.queries import PersonHit
from onesystem.vocabulary import NHI, NHS, CheckState, Identifier
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.wording import age, ago, counted, day, local

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_CHECK = say_each(
    {
        CheckState.PASSES: "passes its check",
        CheckState.FAILS: "fails its check digit: it may be mistyped",
        CheckState.NONE: "has no check digit",
    }
)
_SCHEME = say_each({NHS: "NHS number", NHI: "NHI"})


@dataclass(frozen=True, slots=True)
class NumberWords:
    """A number with what is known of it."""

    scheme: str
    value: str
    check: str
    fails: bool
    notes: tuple[str, ...]


def number_words(number: Identifier, *, former: bool = False) -> NumberWords:
    """A number as people read it aloud, and its state in words."""
    notes = []
    if number.verified:
        notes.append(say("traced to the national index"))
    if number.superseded or former:
        notes.append("superseded")
    return NumberWords(
        scheme=_SCHEME.get(number.scheme, number.scheme),
        value=spaced(number.scheme, number.value),
        check=_CHECK[number.check],
        fails=number.check is CheckState.FAILS,
        notes=tuple(notes),
    )


def spaced(scheme: str, value: str) -> str:
    """An NHS number in its three groups; any other number as it is.

    >>> spaced("nhs", "9434765919")
    '943 476 5919'
    """
    if scheme == NHS and len(value) == 10:
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return value


def name_of(given: str, family: str) -> str:
    """A name as it is said; a person nobody has named yet says so."""
    return " ".join(part for part in (given, family) if part) or say("Name not known")


def born_words(birth_date: str, *, on: date, died: str = "") -> str:
    """A birth date and the age, or the age at death.

    >>> born_words("1950-03-04", on=date(2026, 3, 5))
    '4 Mar 1950 (76 years)'
    """
    born, dead = _date(birth_date), _date(died)
    if born is None:
        return say("not known") if not dead else say("not known; died {dead}", dead=day(dead))
    if dead:
        return say(
            "{born}; died {dead} ({age})",
            born=day(born),
            dead=day(dead),
            age=age(born, on=dead),
        )
    return say("{born} ({age})", born=day(born), age=age(born, on=on))


def born_day(birth_date: str) -> str:
    """A birth date without an age; one that is no date as it came."""
    born = _date(birth_date)
    return day(born) if born else birth_date


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a field, and the sources that say it."""

    value: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field: what the latest source says first, then what others say otherwise."""

    name: str
    said: tuple[Said, ...]

    @property
    def conflict(self) -> bool:
        """Whether sources say different things."""
        return len(self.said) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoWords:
    """A person at the head of a page."""

    person: int
    name: str
    born: str
    sex: str
    number: NumberWords | None
    died: bool
    fields: tuple[FieldWords, ...]
    other_names: tuple[str, ...]
    sources: int
    restricted: bool


def who_words(
    person: int, identities: Sequence[IdentityView], district: District, *, at: datetime
) -> WhoWords:
    """Who a person is. The source that spoke last is believed; the others are not hidden."""
    ordered = sorted(identities, key=lambda i: i.seen_at or _LONG_AGO, reverse=True)
    on = at.date()
    restricted = any(i.restricted for i in identities)

    def latest(name: str) -> str:
        return next((v for i in ordered if (v := getattr(i, name))), "")

    named = next((i for i in ordered if i.family or i.given), None)
    name = name_of(named.given, named.family) if named else name_of("", "")
    return WhoWords(
        person=person,
        name=name,
        born=born_words(latest("birth_date"), on=on, died=latest("died")),
        sex=latest("sex") or say("not known"),
        number=_best_number(ordered, district),
        died=bool(latest("died")),
        fields=tuple(_fields(ordered, district, restricted=restricted)),
        other_names=_other_names(ordered, name),
        sources=len({i.source for i in identities}),
        restricted=restricted,
    )


def _best_number(ordered: Sequence[IdentityView], district: District) -> NumberWords | None:
    """The national number to show first: one that was traced, then one that passes its check."""
    numbers = [n for i in ordered for n in i.numbers if n.scheme == district.number]
    if not numbers:
        return None
    best = min(numbers, key=lambda n: (n.superseded, not n.verified, n.check is CheckState.FAILS))
    return number_words(best)


def _fields(
    ordered: Sequence[IdentityView], district: District, *, restricted: bool
) -> Iterable[FieldWords]:
    def shown(i: IdentityView, name: str) -> str:
        value = getattr(i, name)
        if name in {"birth_date", "died"}:
            when = _date(value)
            return day(when) if when else ""
        return value

    names = [
        (say("Name"), lambda i: name_of(i.given, i.family) if i.family or i.given else ""),
        (say("Born"), lambda i: shown(i, "birth_date")),
        (say("Died"), lambda i: shown(i, "died")),
        (say("Sex"), lambda i: i.sex),
        (say("Address"), lambda i: ", ".join(p for p in (i.address, i.postcode) if p)),
        (say("Telephone"), lambda i: i.phone),
        (say("Practice"), lambda i: practice_words(i.practice, district)),
    ]
    for name, value_of in names:
        if restricted and name in {"Address", "Telephone"}:
            yield FieldWords(name, (Said("Sensitive: ask a records officer", ()),))
            continue
        said: dict[str, tuple[str, list[str]]] = {}
        for i in ordered:
            value = value_of(i)
            if value:
                kept = said.setdefault(" ".join(value.casefold().split()), (value, []))
                source = district.source(i.source).name
                if source not in kept[1]:
                    kept[1].append(source)
        if said:
            yield FieldWords(name, tuple(Said(v, tuple(s)) for v, s in said.values()))


def practice_words(code: str, district: District) -> str:
    """A practice by its name, where the district knows its code."""
    by_code = {o.national_code: o.name for o in district.organisations.values() if o.national_code}
    owner = district.organisations.get(code)
    return owner.name if owner else by_code.get(code, code)


def _other_names(ordered: Sequence[IdentityView], name: str) -> tuple[str, ...]:
    found = [name_of(g, f) for i in ordered for f, g in i.other_names]
    return tuple(dict.fromkeys(n for n in found if n != name))


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityWords:
    """One identity: what a source calls the person."""

    identity: int
    source: str
    organisation: str
    subject: str
    name: str
    born: str
    sex: str
    address: str
    phone: str
    practice: str
    numbers: tuple[NumberWords, ...]
    seen: str
    seen_ago: str
    founding: bool


def identity_words(
    view: IdentityView, district: District, *, at: datetime, restricted: bool = False
) -> IdentityWords:
    """An identity as a page shows it. A sensitive address stays closed."""
    source = district.source(view.source)
    owner = district.organisations.get(source.organisation)
    closed = "sensitive" if view.restricted or restricted else ""
    return IdentityWords(
        identity=view.identity,
        source=source.name,
        organisation=owner.name if owner else "",
        subject=view.subject,
        name=name_of(view.given, view.family),
        born=born_words(view.birth_date, on=at.date(), died=view.died),
        sex=view.sex or say("not said"),
        address=closed
        or ", ".join(p for p in (view.address, view.postcode) if p)
        or say("not said"),
        phone=closed or view.phone or say("not said"),
        practice=practice_words(view.practice, district) or say("not said"),
        numbers=tuple(number_words(n) for n in view.numbers)
        + tuple(number_words(n, former=True) for n in view.former),
        seen=local(view.seen_at, district.zone) if view.seen_at else say("never described"),
        seen_ago=ago(view.seen_at, now=at) if view.seen_at else "",
        founding=view.identity == view.person,
    )


def hit_words(
    hit: PersonHit, district: District, *, practice: str, matched: str, at: datetime
) -> dict[str, object]:
    """A person whom a search found, in one line."""
    number = number_words(Identifier(district.number, hit.number)) if hit.number else None
    return {
        "person": hit.person,
        "name": name_of(hit.given, hit.family),
        "born": born_words(hit.birth_date, on=at.date(), died=hit.died),
        "sex": hit.sex or say("not said"),
        "number": number,
        "area": "sensitive" if hit.restricted else area(hit.postcode),
        "practice": practice_words(practice, district),
        "sources": hit.identities,
        "matched": matched,
    }


def area(postcode: str) -> str:
    """The area of a postcode: its outward half, which tells people apart without an address.

    >>> area("NR1 1AA"), area("nr11aa"), area("8011")
    ('NR1', 'NR1', '8011')
    """
    tight = "".join(postcode.split()).upper()
    british = len(tight) > 4 and tight[-3:-2].isdigit() and tight[-2:].isalpha()
    return tight[:-3] if british else tight


def person_summary(identities: Sequence[IdentityView], district: District) -> str:
    """The page's question answered: how many identities of how many sources, and who spoke last."""
    sources = {i.source for i in identities}
    said = say(
        "{identities} from {sources}",
        identities=counted(len(identities), "identity", "identities"),
        sources=counted(len(sources), "source"),
    )
    seen = [i for i in identities if i.seen_at]
    if not seen:
        return say("{said}. No source has described this person yet.", said=said)
    last = max(seen, key=lambda i: i.seen_at or _LONG_AGO)
    when = local(last.seen_at, district.zone) if last.seen_at else ""
    return say(
        "{said}. Last described by {name}, {when}.",
        said=said,
        name=district.source(last.source).name,
        when=when,
    )
