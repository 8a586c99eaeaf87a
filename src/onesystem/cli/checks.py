"""What `onesystem doctor` looks at: what each check found and, where it is not well, the cure."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from onesystem.district import District
from onesystem.district import now as district_now
from onesystem.vocabulary import BadConfig


class Level(StrEnum):
    """How a finding stands."""

    WELL = "well"
    LOOK = "look"  # works, and somebody should look at it
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    level: Level
    about: str
    what: str
    cure: str = ""


def well(about: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.WELL, about, what)


def look(about: str, what: str, cure: str) -> Finding:
    """It works; somebody should look at it."""
    return Finding(Level.LOOK, about, what, cure)


def broken(about: str, what: str, cure: str) -> Finding:
    """It does not work."""
    return Finding(Level.BROKEN, about, what, cure)


Check = Callable[[District], Iterator[Finding]]


def configuration(district: District) -> Iterator[Finding]:
    """What `district.toml` describes, and what it leaves open."""
    yield well(
        "district",
        f"{district.name}: {len(district.organisations)} organisations, "
        f"{len(district.services)} services, {len(district.sources)} sources",
    )
    bare = [s.code for s in district.services.values() if s.setting.holds_beds and not s.capacity]
    if bare:
        yield look(
            "capacity",
            f"no capacity is given for {_some(bare)}",
            "Add `capacity` to these services in district.toml, or occupancy cannot be shown.",
        )


def secret(district: District) -> Iterator[Finding]:
    """The key that signs sessions."""
    file = district.path / "secret"
    if os.environ.get("ONESYSTEM_SECRET"):
        yield well("secret", "from the environment")
    elif not file.exists():
        yield broken(
            "secret",
            "there is no key to sign sessions with",
            f"Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))' > {file}",
        )
    elif stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield broken("secret", "others on this machine can read it", f"chmod 600 {file}")
    else:
        yield well("secret", "kept by the owner of the folder alone")


def disk(district: District) -> Iterator[Finding]:
    """Room for what is to come."""
    free = shutil.disk_usage(district.path)
    text = f"{free.free / 1e9:,.1f} GB free"
    if free.free < 1e9:
        yield broken("disk", text, "Make room now: a feed stops when the landing cannot grow.")
    elif free.free < free.total * 0.05:
        yield look("disk", text, "Make room: less than a twentieth is left.")
    else:
        yield well("disk", text)
    if not os.access(district.path, os.W_OK):
        yield broken("folder", f"{district.path} cannot be written", "Give this user the folder.")


def store(district: District) -> Iterator[Finding]:  # noqa: ARG001
    """The operational store: reachable, and of this version."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    where = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        cure = "Check DATABASE_URL and that the server runs."
        yield broken("store", f"{where} does not answer: {str(error).splitlines()[0]}", cure)
        return
    if behind:
        cure = (
            "Any command that opens the district brings it up to date; run `onesystem user list`."
        )
        yield look("store", f"{where} is {len(behind)} steps behind this version", cure)
    else:
        yield well("store", f"{where} answers and is up to date")


def users(district: District) -> Iterator[Finding]:  # noqa: ARG001
    """Somebody has to be able to sign in."""
    from onesystem.access.models import User

    count = User.objects.filter(is_active=True).count()
    if count:
        yield well("people who sign in", f"{count}")
    else:
        yield look(
            "people who sign in",
            "nobody can sign in yet",
            "onesystem user add NAME --role administrator",
        )


def trail(district: District) -> Iterator[Finding]:  # noqa: ARG001
    """The audit trail holds together."""
    from onesystem.access import verify_trail

    problems = verify_trail()
    if problems:
        cure = (
            "Someone changed the trail behind our back: keep this store, tell the privacy officer."
        )
        yield broken("audit trail", f"{len(problems)} breaks; first: {problems[0]}", cure)
    else:
        yield well("audit trail", "the chain holds")


def sharing(district: District) -> Iterator[Finding]:  # noqa: ARG001
    """Which agreements organisations share by, and who signs in without an organisation."""
    from onesystem.access.agreed import agreements
    from onesystem.access.lines import CARE, LINES
    from onesystem.access.models import User

    kept = agreements()
    if not kept:
        what = "no agreement is kept: all organisations share for direct care and coordination"
        yield look("sharing", what, "The privacy officer keeps the district's agreements.")
    else:
        today = district_now().date()
        yield well("sharing", f"{sum(a.on(today) for a in kept)} agreements in force")
    tied = {line.role for line in LINES if line.ties & CARE}
    users = User.objects.filter(is_active=True, organisation="").values_list("username", "roles")
    lost = [name for name, roles in users if tied & set(roles.split())]
    if lost:
        what = f"without an organisation, so without ties: {_some(sorted(lost))}"
        yield look("people who sign in", what, "onesystem user move NAME ORGANISATION")


# Under these the district lands what its own people decide and say.
_OWN = frozenset({"corrections", "board", "care"})


def packages(district: District) -> Iterator[Finding]:
    """What the district says of care at home, and whether its services can do it."""
    from onesystem.care.episodes.packages import packages
    from onesystem.care.episodes.soundness import problems

    try:
        found = list(problems(district))
    except BadConfig as error:
        yield broken("care at home", error.what, error.cure)
        return
    for each in found:
        yield look("care at home", each, "Mend packages.toml in the district's folder.")
    if not found:
        yield well("care at home", f"{len(packages(district.path).packages)} packages")


def languages(district: District) -> Iterator[Finding]:
    """Whether the languages that the district offers have catalogues, and how far they are."""
    from onesystem.web.language.catalogue import FOLDER, Catalogue, file_of

    for code in district.languages:
        file = file_of(code, district.path)
        if file is None:
            cure = f"Put {FOLDER}/{code}.po into the district's folder: onesystem language renew"
            yield look(f"language {code}", "is offered and has no catalogue", f"{cure} {code}")
            continue
        try:
            Catalogue.read(file)
        except BadConfig as error:
            yield broken(f"language {code}", error.what, error.cure)
        else:
            yield well(f"language {code}", f"from {file}")


def boards(district: District) -> Iterator[Finding]:
    """What the district says of its boards and alerts, and whether it has what they name."""
    from onesystem.flow.boards.config import config
    from onesystem.flow.boards.layout import check, layout

    try:
        missing, rules = check(district), config(district.path).rules
    except BadConfig as error:
        yield broken("boards", error.what, error.cure)
        return
    for each in missing:
        yield look("boards", each, "Mend boards.toml in the district's folder.")
    if not missing:
        yield well("boards", f"{len(layout(district.path).boards)}, and {len(rules)} alert rules")


def sources(district: District) -> Iterator[Finding]:
    """Each source: silent, behind, quarantined, not declared."""
    from onesystem.feeds.models import Message, SourceCount

    now = datetime.now(UTC)
    counts = {each.source: each for each in SourceCount.objects.all()}
    for code, count in counts.items():
        if code not in district.sources and code not in _OWN:
            cure = f"Add [sources.{code}] to district.toml; until then plain defaults are used."
            yield look(f"source {code}", "sends, and is not in district.toml", cure)
        waiting = Message.objects.filter(source=code, state="quarantined").count()
        if waiting:
            cure = f"Open /feeds/{code}/ to see each reason and cure, mend it, and replay."
            yield look(f"source {code}", f"{waiting:,} messages in quarantine", cure)
        elif code in district.sources:
            yield well(f"source {code}", f"{count.read:,} read, none in quarantine")
    for source in district.sources.values():
        seen = counts.get(source.code)
        limit = timedelta(minutes=source.silent_after_minutes)
        if seen is None:
            yield look(
                f"source {source.code}", "has not sent anything yet", _first_message(source.code)
            )
        elif limit and now - seen.last_received > limit:
            hours = (now - seen.last_received).total_seconds() / 3600
            cure = "Ask who runs it; nothing is lost that they keep and send again."
            yield look(f"source {source.code}", f"silent for {hours:,.1f} hours", cure)
        if source.watch and not (district.path / source.watch).is_dir():
            cure = f"mkdir -p {district.path / source.watch}"
            yield broken(f"source {source.code}", f"its folder {source.watch} is not there", cure)


_SOON = timedelta(days=30)


def certificates(district: District) -> Iterator[Finding]:
    """The certificates that senders talk to, and the authorities that theirs come from."""
    from onesystem.feeds.tls import Tls, expires

    for source in district.sources.values():
        cert, authority = district.file(source.tls_cert), district.file(source.tls_client_ca)
        if cert is None:
            continue
        tls = Tls(cert=cert, key=district.file(source.tls_key), client_ca=authority)
        try:
            tls.context()
            for what, path in (("certificate", cert), ("senders' authority", authority)):
                if path:
                    yield _expiry(f"{what} of {source.code}", expires(path))
        except BadConfig as error:
            yield broken(f"certificate of {source.code}", error.what, error.cure)


def _expiry(about: str, ends: datetime) -> Finding:
    left = ends - datetime.now(UTC)  # whoever checks it goes by the world's clock
    text = f"{ends:%-d %B %Y}"
    if left <= timedelta(0):
        return broken(about, f"ended on {text}: senders are turned away", "Put a new one there.")
    if left < _SOON:
        return look(about, f"ends on {text}, in {left.days} days", "Put a new one there in time.")
    return well(about, f"good until {text}")


def log(district: District) -> Iterator[Finding]:  # noqa: ARG001
    """The contact log in short; `contacts verify` looks deeper."""
    from onesystem import contacts

    report = contacts.verify(quick=True)
    for problem in report.problems:
        yield broken("contact log", problem, "onesystem contacts verify")
    if not report.problems:
        yield well("contact log", f"{report.rows:,} versions in {report.files:,} files")


ALL: tuple[Check, ...] = (
    configuration, secret, disk, store, users, trail, sharing, boards, languages, packages, sources,
    certificates, log,
)  # fmt: skip


def examine(district: District) -> Iterator[Finding]:
    """Every finding. A check that itself fails is a finding, and the rest goes on."""
    for check in ALL:
        try:
            yield from check(district)
        except Exception as error:  # noqa: BLE001 - the doctor outlives what it examines
            what = f"could not be examined: {type(error).__name__}: {error}"
            yield broken(check.__name__, what, "Mend what is above it first, then look again.")


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _first_message(code: str) -> str:
    return f"Send it a message, or: onesystem ingest FILE --source {code}"
