"""Making a demo district: the world, its extracts, and the way in through the feeds.

Each step is done once and noted in `demo.json`, so that a make that was killed goes on where it
was and one that is finished takes no time. Nothing reaches people or contacts but by the feeds.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from onesystem.demo import asking, clinical, fhir, keeping
from onesystem.demo.extracts import INBOX, write_extracts
from onesystem.demo.faces import Faces
from onesystem.demo.history import Span, begin
from onesystem.demo.keeping import Told
from onesystem.demo.layouts import layouts
from onesystem.demo.people import NEVER
from onesystem.demo.progress import FILE, Made, Progress, read
from onesystem.demo.seconds import DAY
from onesystem.demo.sending import drop_files, straight
from onesystem.demo.sent import DROP, LIVE
from onesystem.demo.signins import PASSWORD, SIGN_INS
from onesystem.demo.staffing import organisation_for
from onesystem.demo.streams import Stream
from onesystem.demo.telling import Teller
from onesystem.demo.whole import wholly
from onesystem.demo.world import World
from onesystem.demo.writing import write_district
from onesystem.district.secret import keep_secret
from onesystem.vocabulary import BadConfig

_TENTH = 10  # of people, the part whose records the practices send as FHIR
_FHIR_DAYS = 60  # of their consultations
# What was done in the rooms, once the feeds had brought everything: step, module, act of its parts.
_ROOMS = (
    ("care", "delivering", "deliver"),
    ("budget", "budgeting", "fund"),
    ("plan", "planning", "plan"),
    ("alliance", "agreeing", "agree"),
)


Say = Callable[[str], None]


def make(folder: Path, made: Made, *, say: Say) -> Progress:
    """Make the demo district, or what is still missing of it.

    Raises BadConfig where the folder holds another one.
    """
    progress = read(folder) or _begin(folder, made)
    keep_secret(folder)  # without one, each start signs anew, and small numbers hide otherwise
    wanted = asdict(made) | {"now": progress.made.now}
    if asdict(progress.made) != wanted:
        raise BadConfig(
            f"{folder} holds another demo ({progress.made.people:,} people of "
            f"{progress.made.district}, seed {progress.made.seed})",
            "Choose another folder, or delete this one.",
        )
    _step(folder, progress, "extracts", lambda: _extracts(folder, progress, say))
    os.environ["ONESYSTEM_DISTRICT"] = str(folder.resolve())
    _open()
    for source, layout in layouts(keeping.frame_of(progress.made)).items():
        _step(folder, progress, f"take {source}", lambda s=source, n=layout.name: _take(
            folder, s, n, say))  # fmt: skip
    _step(folder, progress, "live", lambda: _live(folder, progress, say))
    _step(folder, progress, "link", lambda: _link(say))
    _step(folder, progress, "boards", lambda: _boards(say))
    _step(folder, progress, "sign-ins", _sign_ins)
    _step(folder, progress, "looks", lambda: _looks(say))
    for name, room, act in _ROOMS:
        _room(folder, progress, name, import_module(f"onesystem.demo.{room}"), act, say)
    return progress


def _begin(folder: Path, made: Made) -> Progress:
    if (folder / "district.toml").exists():
        raise BadConfig(f"{folder} is a district already", "Choose an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    return Progress(made)


def _step(folder: Path, progress: Progress, name: str, work: Callable[[], object]) -> None:
    if name in progress.done:
        return
    work()
    progress.done.append(name)
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps(asdict(progress), indent=1), encoding="utf-8")
    part.replace(folder / FILE)


def _open() -> None:
    from onesystem.wiring import open_district

    open_district()


def _extracts(folder: Path, progress: Progress, say: Say) -> None:
    made = progress.made
    say(f"Imagining {made.people:,} people and {made.years} years")
    world = keeping.fresh(made)
    today = made.now // DAY
    streams = begin(world, Span(today - round(made.years * 365.25), today + 2))
    cut = made.now - LIVE
    write_district(world, folder)
    shutil.rmtree(folder / INBOX, ignore_errors=True)
    rest = _records(world, streams, cut, folder)
    told = streams | {"G": rest}
    counts: list[int] = []
    write_extracts(world, told, cut, folder, lambda _source, rows: counts.append(rows))
    progress.rows = sum(counts)
    say(f"Wrote {progress.rows:,} contacts as extracts of {len(counts)} sources")
    keeping.save(Told(made, world, streams, cut, 0, today + 2), folder)


def _records(world: World, streams: dict[str, Stream], cut: int, folder: Path) -> Stream:
    """Write the records of a tenth as FHIR; give the consultations left for the extract."""
    gp = streams["G"]
    living = np.flatnonzero((world.people.died > cut) & (world.people.birth * DAY < cut)
                            & (world.people.arrived < cut))  # fmt: skip
    who = living[living % _TENTH == 0]
    mine = np.zeros(len(world.people), dtype=bool)
    mine[who] = True
    ended = np.where(gp.started < NEVER, gp.ended, 0)
    as_fhir = mine[gp.person] & (ended > cut - _FHIR_DAYS * DAY) & (ended <= cut)
    faces = Faces(world)
    _lines(folder, "practices", fhir.visits(world, faces, who, gp.where(as_fhir), cut))
    nursed = who[np.isin(who, np.concatenate([_seen_in(streams[s], cut) for s in "NR"]))]
    supplied = who[np.isin(who, _seen_in(streams["X"], cut))]
    held = clinical.records(world, who, cut, nursed=nursed)
    subject = _subjects(faces, "practices", who)
    _lines(folder, "practices", held.practices(subject))
    asks = asking.referrals(world, streams, subject, cut)
    _lines(folder, "practices", {"ServiceRequest": asks})
    _lines(folder, "pharmacies", held.pharmacies(_subjects(faces, "pharmacies", supplied)))
    _lines(folder, "community", held.community(_subjects(faces, "community", nursed)))
    return gp.where(~as_fhir)


def _seen_in(made: Stream, cut: int) -> np.ndarray:
    """Those whom the source of a series knows by then."""
    return np.unique(made.person[made.first <= cut])


def _subjects(faces: Faces, source: str, who: np.ndarray) -> dict[int, str]:
    """The source's own numbers of those people."""
    faces.prepare(source, who)
    return {int(p): faces.of(source, int(p)).subject for p in who}


def _lines(folder: Path, source: str, records: dict[str, Iterator[bytes]]) -> None:
    """A file of each kind of resource into the source's part of the inbox."""
    place = folder / INBOX / source
    place.mkdir(parents=True, exist_ok=True)
    for kind, lines in records.items():
        with (place / f"records-{kind}.ndjson").open("wb") as file:
            file.writelines(line + b"\n" for line in lines)


def _take(folder: Path, source: str, name: str, say: Say) -> None:
    """Take a source's extracts in: people first, then what happened to them, then records."""
    from onesystem import feeds

    say(f"Taking in: {name}")
    place = folder / INBOX / source
    files = sorted(place.iterdir(), key=lambda f: (not f.name.startswith("people"), f.name))
    feeds.take_in(files, source, link=False)


def _live(folder: Path, progress: Progress, say: Say) -> None:
    """The last days, as messages."""
    from onesystem import feeds

    say("Taking in: the last two days as live messages")
    told = keeping.load(folder, progress.made)
    sent = Teller(told).until(progress.made.now)
    straight([each for each in sent if each.hl7])
    by_source: dict[str, list[Path]] = {}
    for path in drop_files((each for each in sent if not each.hl7), folder):
        by_source.setdefault(path.parent.name, []).append(path)
    for source, paths in by_source.items():
        feeds.take_in(paths, source, link=False)
        for path in paths:
            path.unlink()
    shutil.rmtree(folder / DROP, ignore_errors=True)
    for layout in layouts(told.world.here).values():
        if layout.live != "hl7v2":
            (folder / DROP / layout.code).mkdir(parents=True, exist_ok=True)
    keeping.save(told, folder)


def _link(say: Say) -> None:
    from onesystem import people

    say("Finding who is who")
    people.link_pending()


def _boards(say: Say) -> None:
    from onesystem.demo import saying

    say("Saying on the boards of the wards why people have not gone, and when they will")
    saying.say()


def _sign_ins() -> None:
    from onesystem.access import Actor
    from onesystem.access.actions import add_user
    from onesystem.access.models import User
    from onesystem.district import current

    there = set(User.objects.values_list("username", flat=True))
    for each in SIGN_INS:
        if each.username not in there:
            add_user(username=each.username, password=PASSWORD, roles=[each.role, *each.more],
                     name=each.name, organisation=organisation_for(each.role, current()),
                     by=Actor.job("demo"))  # fmt: skip
    _own_record()


def _room(
    folder: Path, progress: Progress, name: str, room: ModuleType, act: str, say: Say
) -> None:
    """What is done in a room, each of its parts a step.

    A part looks whether it was done, which is sure only of what is done wholly or not at all.
    """
    if name in progress.done:
        return
    for part in room.PARTS:
        work = getattr(import_module(f"{room.__name__}.{part}"), act, None)
        if work is not None:
            _step(folder, progress, f"{name}: {part}", lambda work=work: wholly(
                folder, lambda: work(say)))  # fmt: skip
    _step(folder, progress, name, lambda: None)


def _looks(say: Say) -> None:
    from onesystem.demo import looking

    say(f"Letting the demo's staff look at people: {looking.look_around():,} looks")


def _own_record() -> None:
    """Join the account of the demo's citizen to a record with much in it, and name their carer."""
    from onesystem.access import Actor, choices
    from onesystem.access.models import Own, User

    rich = _richest()
    if rich is None or Own.objects.filter(username="person").exists():
        return
    person, name = rich
    by = Actor.job("demo")
    User.objects.filter(username="person").update(name=name)
    choices.give_own_record(person=person, username="person", by=by, reason="the demo's citizen")
    choices.name_proxy(person=person, username="carer", tie="daughter", by=by)


def _richest() -> tuple[int, str] | None:
    """Somebody alive with entries of the most kinds, and what they are called."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.person, MAX(i.given), MAX(i.family) FROM record_entry e "
            "JOIN people_identity i ON i.id = e.identity WHERE i.died = '' AND i.family <> '' "
            "GROUP BY i.person ORDER BY COUNT(DISTINCT e.kind) DESC, COUNT(*) DESC, i.person "
            "LIMIT 1"
        )
        row = cursor.fetchone()
    return (row[0], f"{row[1]} {row[2]}".strip()) if row else None
