"""Who looks after a person now, and how to reach them: named teams, the practice, open contacts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onesystem.district import District, Organisation
from onesystem.people import IdentityView
from onesystem.record.presenters import When, Words, setting_words
from onesystem.record.summary.folding import Folded
from onesystem.record.timeline import Timeline, Visit
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """A service, an organisation or a named team that looks after the person."""

    name: str
    role: str
    by: str = ""
    phone: str = ""
    since: When | None = None
    source: str = ""


def team_of(
    identities: Sequence[IdentityView], line: Timeline, teams: Iterable[Folded], words: Words
) -> list[Carer]:
    """The practice first, then whoever has the person now, then teams that a source names."""
    found = [*_practices(identities, words), *_holding(line, words)]
    found += [
        Carer(
            name=each.first.words,
            role=say("Care team"),
            by=each.first.by,
            since=words.when(each.first.at),
            source=words.source(each.first.source),
        )
        for each in teams
    ]
    once: dict[tuple[str, str], Carer] = {}
    for each in found:
        once.setdefault((each.name, each.role), each)
    return list(once.values())


def _practices(identities: Sequence[IdentityView], words: Words) -> Iterable[Carer]:
    told: dict[str, str] = {}
    for each in identities:
        if each.practice:
            told.setdefault(each.practice, each.source)
    for code, source in told.items():
        practice = organisation_of(code, words.district)
        yield Carer(
            name=practice.name if practice else code,
            role=say("Enrolled here"),
            phone=practice.phone if practice else "",
            source=words.source(source),
        )


def organisation_of(code: str, district: District) -> Organisation | None:
    """The organisation of a national code, as sources write it; None where nobody has said."""
    for each in district.organisations.values():
        if code.casefold() in {each.national_code.casefold(), each.code.casefold()}:
            return each
    return None


def _holding(line: Timeline, words: Words) -> Iterable[Carer]:
    for visit in line.open:
        if not isinstance(visit, Visit):
            continue
        c = visit.last
        service = words.district.services.get(c.service)
        owner = words.district.organisations.get(service.organisation) if service else None
        yield Carer(
            name=words.district.service_name(c.service),
            role=f"{setting_words(c.setting)}{f', {owner.name}' if owner else ''}",
            by=c.by,
            phone=(service.phone if service else "") or (owner.phone if owner else ""),
            since=words.when(c.started or c.requested),
            source=words.source(c.source),
        )
