"""Meeting people as messages tell of them: identities made or changed, then linked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from onesystem.district import folder
from onesystem.people import store
from onesystem.people.compare import Record
from onesystem.people.described import Description, description_of, digest_of, folded
from onesystem.people.linking import link_changed, settle
from onesystem.people.weights import scorer_for
from onesystem.vocabulary import Identifier, PersonSeen, SubjectsMerged
from onesystem.vocabulary.arrays import array_of, arrays_of, unnested
from onesystem.vocabulary.kept import to_micros

Key = tuple[str, str]
Met = tuple[str, int, PersonSeen | SubjectsMerged]
_ROW, _CELL = "\x1e", "\x1d"


@dataclass(slots=True)
class Said:
    """What a batch says of one subject: each distinct text with its latest time.

    `whole` is the description of one of the texts, where it is at hand already.
    """

    texts: dict[str, int] = field(default_factory=dict)
    message: int = 0
    whole: Description | None = None

    def add(self, text: str, at: int, message: int, whole: Description | None = None) -> None:
        """One description more."""
        self.whole = self.whole or whole
        if text not in self.texts or self.texts[text] < at:
            self.texts[text] = at
        self.message = max(self.message, message)


def meet(met: Sequence[Met], *, known_at: datetime) -> dict[Key, int]:
    """Take in what sources say of their people; the identity of every (source, subject) named.

    Sending the same again changes nothing, and arrivals may come in any order.
    """
    said: dict[Key, Said] = {}
    merges: dict[tuple[Key, Key], tuple[int, int]] = {}
    for source, message, reading in met:
        key = (source, reading.subject)
        if isinstance(reading, SubjectsMerged):
            merges[(source, reading.old), key] = (to_micros(reading.at), message)
            continue
        whole = description_of(reading)
        said.setdefault(key, Said()).add(whole.text(), to_micros(reading.at), message, whole)
    named = {*said, *(key for pair in merges for key in pair)}
    at = to_micros(known_at)
    with transaction.atomic(savepoint=False):
        ids, again, fresh = describe(said, named, at)
        if again or fresh:
            link_changed(again, scorer=scorer_for(folder()), at=at, fresh=fresh)
        if merges:
            settle(_keep_merges(merges, ids), at=at)
    return ids


def identify(pairs: Iterable[Key], *, known_at: datetime) -> dict[Key, int]:
    """The identities of these (source, subject); one never described gets a bare identity."""
    with transaction.atomic(savepoint=False):
        return describe({}, set(pairs), to_micros(known_at))[0]


def describe(
    said: Mapping[Key, Said], named: set[Key], at: int
) -> tuple[dict[Key, int], list[int], dict[int, Record]]:
    """Ids of all named; known ones whose description is not what it was; new ones described.

    The latter as the scorer compares them.
    """
    known = _known(named)
    touch: list[tuple[int, int]] = []
    again: dict[int, Said] = {}
    for key, each in said.items():
        row = known.get(key)
        if row is None:
            continue
        identity, digest, seen_at = row
        if len(each.texts) == 1 and digest_of(next(iter(each.texts))) == digest:
            latest = next(iter(each.texts.values()))
            if latest > seen_at:
                touch.append((latest, identity))
        else:
            again[identity] = each
    _touch(touch)
    changed = describe_again(again, at=at)
    unknown = {k: said.get(k, Said()) for k in named if k not in known}
    made, raced = _insert(unknown, at) if unknown else ({}, {})
    ids = {key: row[0] for key, row in known.items()} | raced
    ids.update((key, int(record["id"])) for key, record in made.items())
    # Those of another process may have pairs already: they are known ones that changed.
    changed += [identity for key, identity in raced.items() if key in said]
    return ids, changed, {ids[key]: record for key, record in made.items() if key in said}


def _known(named: Iterable[Key]) -> dict[Key, tuple[int, int, int]]:
    by_source: dict[str, list[str]] = {}
    for source, subject in named:
        by_source.setdefault(source, []).append(subject)
    found = {}
    for source, subjects in by_source.items():
        for some in store.chunks(subjects):
            among, told = f"IN ({store.marks(some)})", some
            if store.on_postgres():
                among, told = "= ANY(%s::text[])", [array_of(some)]
            sql = (
                "SELECT subject, id, digest, seen_at FROM people_identity"
                f" WHERE source = %s AND subject {among}"
            )
            for subject, *row in store.rows(sql, [source, *told]):
                found[source, subject] = tuple(row)
    return found


def _touch(seen: Sequence[tuple[int, int]]) -> None:
    """Note when identities were last told of: (time, identity)."""
    if store.on_postgres() and seen:
        told = f"{unnested(['bigint', 'bigint'])} AS told (at, id)"
        sql = f"UPDATE people_identity i SET seen_at = told.at FROM {told} WHERE i.id = told.id"
        store.run(sql, arrays_of(seen))
    else:
        store.many("UPDATE people_identity SET seen_at = %s WHERE id = %s", seen)


_WHOLE = {"seen_at", "known_at", "message", "digest", "texts", "restricted"}
_NEW = {
    "id": "bigint", "source": "text", "subject": "text", "person": "bigint",
    **{name: "bigint" if name in _WHOLE else "text" for name in store.DESCRIBED},
}  # fmt: skip
_NUMBERED = {
    "identity": "bigint", "scheme": "text", "value": "text", "checked": "text",
    "verified": "bigint", "superseded": "bigint", "current": "bigint",
}  # fmt: skip


def _insert(new: Mapping[Key, Said], at: int) -> tuple[dict[Key, Record], dict[Key, int]]:
    """Make identities of subjects that were never named before, as the scorer compares them.

    And the ids of those that another process made meanwhile.
    """
    ids = dict(zip(sorted(new), store.next_ids(len(new)), strict=True))
    lines, kept, numbers = [], [], []
    aliases: list[tuple[str, str, int]] = []
    records: dict[Key, Record] = {}
    for key, identity in ids.items():
        each = new[key]
        whole = _whole(each)
        lines.append((identity, *key, identity, *columns(whole, each.texts, at, each.message)))
        records[key] = _record(identity, whole, lines[-1])
        numbers += number_rows(identity, whole)
        aliases += store.aliases(identity, whole)
        if len(each.texts) > 1:
            kept += [(identity, digest_of(t), when, t) for t, when in each.texts.items()]
    store.insert("people_identity", _NEW, lines, "ON CONFLICT (source, subject) DO NOTHING")
    raced = _raced(ids)
    if raced:  # another process made them between our look and our insert: its rows stand
        lost = {ids[key] for key in raced}
        numbers = [n for n in numbers if n[0] not in lost]
        kept = [k for k in kept if k[0] not in lost]
        aliases = [a for a in aliases if a[-1] not in lost]
        describe_again({raced[key]: new[key] for key in raced}, at=at)
    _keep_said(kept)
    _keep_numbers(numbers)
    store.keep_aliases(aliases)
    return {key: record for key, record in records.items() if key not in raced}, raced


def _record(identity: int, whole: Description, line: tuple[Any, ...]) -> Record:
    """`store.record_of`, from the row that has been worked out already."""
    number, family, given, address, postcode, phone = line[-6:]
    return {
        "id": identity, "family": family, "given": given, "birth": whole.birth_date,
        "sex": whole.sex, "postcode": postcode, "address": address, "phone": phone,
        "number": number,
    }  # fmt: skip


def _whole(said: Said) -> Description:
    alone = said.whole if len(said.texts) == 1 else None
    return alone or _fold(said.texts)


def _raced(ids: Mapping[Key, int]) -> dict[Key, int]:
    # On SQLite one transaction writes at a time, from its first statement on.
    if connection.vendor == "sqlite":
        return {}
    return {key: row[0] for key, row in _known(ids).items() if row[0] != ids[key]}


def _fold(texts: Mapping[str, int]) -> Description:
    if len(texts) == 1:
        return Description.of_text(next(iter(texts)))
    return folded((when, text) for text, when in texts.items())


def columns(whole: Description, texts: Mapping[str, int], at: int, message: int) -> tuple[Any, ...]:
    """The row of a description, in the order of store.DESCRIBED."""
    last, text = max(((when, text) for text, when in texts.items()), default=(0, ""))
    return (
        last, at, message, digest_of(text) if text else 0, len(texts), whole.family, whole.given,
        _ROW.join(_CELL.join(n) for n in whole.other_names), whole.birth_date, whole.sex,
        whole.address, whole.postcode, whole.phone, whole.practice, whole.died,
        int(whole.restricted), store.compared_number(whole), *store.keys(whole),
    )  # fmt: skip


def _keep_numbers(lines: Sequence[tuple[Any, ...]]) -> None:
    store.insert(
        "people_number", _NUMBERED, lines, "ON CONFLICT (identity, scheme, value) DO NOTHING"
    )


def number_rows(identity: int, whole: Description) -> list[tuple[Any, ...]]:
    """The rows of an identity's numbers, current and former."""
    return [
        (identity, n.scheme, n.value, str(n.check), int(n.verified), int(n.superseded), current)
        for current, numbers in ((1, whole.numbers), (0, whole.former))
        for n in numbers
    ]


def _keep_said(lines: Sequence[tuple[int, int, int, str]]) -> None:
    store.many(
        "INSERT INTO people_said (identity, digest, at, text) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (identity, digest) DO UPDATE SET at = excluded.at",
        lines,
    )


_UPDATE = (
    f"UPDATE people_identity SET {', '.join(f'{name} = %s' for name in store.DESCRIBED)}"
    " WHERE id = %s"
)


def describe_again(again: Mapping[int, Said], *, at: int) -> list[int]:
    """Fold more descriptions into known identities; gives those that are not what they were."""
    if not again:
        return []
    before = _standing(again)
    changed, lines, kept, numbers = [], [], [], []
    renamed: list[int] = []
    aliases: list[tuple[str, str, int]] = []
    for identity, more in again.items():
        texts, whole = before[identity]
        new = dict(texts)
        for text, when in more.texts.items():
            new[text] = max(when, new.get(text, when))
        if new == texts:
            continue
        now = _fold(new)
        lines.append((*columns(now, new, at, more.message), identity))
        if len(new) > 1:
            kept += [(identity, digest_of(t), w, t) for t, w in new.items() if texts.get(t) != w]
            if len(texts) == 1:  # the first one was not kept while it stood alone
                kept += [(identity, digest_of(t), w, t) for t, w in texts.items() if new[t] == w]
        if now != whole:
            changed.append(identity)
            numbers += number_rows(identity, now)
            if (mine := store.aliases(identity, now)) != store.aliases(identity, whole):
                renamed.append(identity)
                aliases += mine
    store.many(_UPDATE, lines)
    _keep_said(kept)
    store.many("DELETE FROM people_number WHERE identity = %s", [(i,) for i in changed])
    _keep_numbers(numbers)
    store.many("DELETE FROM people_alias WHERE identity = %s", [(i,) for i in renamed])
    store.keep_aliases(aliases)
    return changed


_SAID_COLUMNS = (
    "id, seen_at, digest, texts, family, given, other_names, birth_date, sex, address, postcode,"
    " phone, practice, died, restricted"
)


def _standing(ids: Iterable[int]) -> dict[int, tuple[dict[str, int], Description]]:
    """Everything said of identities so far, with the times, and the fold of it."""
    found: dict[int, tuple[dict[str, int], Description]] = {}
    several: dict[int, tuple[int, int]] = {}
    for some in store.chunks(ids):
        where = store.marks(some)
        numbers = _numbers(some)
        sql = f"SELECT {_SAID_COLUMNS} FROM people_identity WHERE id IN ({where})"
        for identity, seen_at, digest, texts, *row in store.rows(sql, some):
            current, former = numbers.get(identity, ((), ()))
            whole = _description(row, current, former)
            found[identity] = ({whole.text(): seen_at} if texts == 1 else {}, whole)
            if texts > 1:
                several[identity] = (digest, seen_at)
        if not several:
            continue
        sql = f"SELECT identity, digest, at, text FROM people_said WHERE identity IN ({where})"
        for identity, digest, when, text in store.rows(sql, some):
            last, seen_at = several[identity]
            # A description seen again unchanged moves only the identity's own time.
            found[identity][0][text] = seen_at if digest == last else when
    return found


def _description(
    row: Sequence[Any], current: tuple[Identifier, ...], former: tuple[Identifier, ...]
) -> Description:
    (family, given, names, birth, sex, address, postcode, phone, practice, died, restricted) = row
    return Description(
        family=family, given=given,
        other_names=tuple(tuple(n.split(_CELL)) for n in names.split(_ROW)) if names else (),
        birth_date=birth, sex=sex, address=address, postcode=postcode, phone=phone,
        practice=practice, died=died, restricted=bool(restricted), numbers=current, former=former,
    )  # fmt: skip


def _numbers(
    ids: Sequence[int],
) -> dict[int, tuple[tuple[Identifier, ...], tuple[Identifier, ...]]]:
    sql = (
        "SELECT identity, scheme, value, verified, superseded, current FROM people_number"
        f" WHERE identity IN ({store.marks(ids)}) ORDER BY identity, scheme, value"
    )
    found: dict[int, tuple[tuple[Identifier, ...], tuple[Identifier, ...]]] = {}
    for identity, scheme, value, verified, superseded, current in store.rows(sql, ids):
        now, former = found.get(identity, ((), ()))
        number = (Identifier(scheme, value, bool(verified), bool(superseded)),)
        found[identity] = (now + number, former) if current else (now, former + number)
    return found


def _keep_merges(
    merges: Mapping[tuple[Key, Key], tuple[int, int]], ids: Mapping[Key, int]
) -> set[int]:
    lines = []
    for (old, new), (when, message) in merges.items():
        a, b = sorted((ids[old], ids[new]))
        if a != b:
            lines.append((a, b, when, message))
    store.many(
        "INSERT INTO people_merged (a, b, at, message) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (a, b) DO NOTHING",
        lines,
    )
    return {identity for line in lines for identity in line[:2]}
