"""What a district is made of. Everything carries the dates between which it is so."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from onesystem.vocabulary import NotFound, Setting, nearest, to_local


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something that is so from a day on (inclusive) to a day (exclusive)."""

    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether it is so on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Dated):
    """Who runs services. `succeeds` names those that merged into it or were renamed."""

    code: str
    name: str
    kind: str = ""
    national_code: str = ""
    phone: str = ""
    succeeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Dated):
    """Where services are; degrees of latitude and longitude (WGS 84) when known."""

    code: str
    name: str
    organisation: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Dated):
    """How many people a service can hold at once, on those days at those hours.

    `days` counts from Monday as 0. Hours that end at or before they open run past midnight.
    """

    amount: int
    days: frozenset[int] = frozenset(range(7))
    opens: time = time(0)
    closes: time = time(0)

    def at(self, local: datetime) -> bool:
        """Whether this line is the one in force at that local time."""
        if self.opens < self.closes:
            inside = self.opens <= local.time() < self.closes
            day = local.weekday()
        else:
            inside = local.time() >= self.opens or local.time() < self.closes
            early = local.time() < self.closes
            day = (local.weekday() - 1) % 7 if early else local.weekday()
        return self.on(local.date()) and day in self.days and inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Dated):
    """What people come to. The last line of `capacity` that is in force at a moment counts.

    `sensitive` names the kinds of data that whatever happens there is.
    """

    code: str
    name: str
    setting: Setting
    organisation: str
    place: str = ""
    phone: str = ""
    capacity: tuple[Capacity, ...] = ()
    sensitive: tuple[str, ...] = ()

    def capacity_at(self, moment: datetime, zone_name: str) -> int | None:
        """People it can hold at that moment; 0 when closed; None when nobody has said."""
        if not self.capacity:
            return None
        local = to_local(moment, zone_name)
        return next((line.amount for line in reversed(self.capacity) if line.at(local)), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system that sends. `services` maps its places to ours, `schemes` its number authorities.

    `zone` is for times without an offset; `encoding` for bytes without a declared character set;
    `watch` is a folder whose files are taken in as they appear; `listen` the port of its live
    HL7 v2, in TLS where `tls_cert` (and `tls_key`) are given, from senders whose certificate
    `tls_client_ca` signed where that is given too; files by their path from the district's folder;
    `mappings` the extract mappings it may use. `causes` says of the authority of a number
    that its numbers are keys of another source, which led to the visit: its code, or `CODE:PREFIX`
    where its keys begin with more than the number. `declared` is False for a source that was
    named at `ingest` and nowhere else.
    """

    code: str
    name: str
    organisation: str = ""
    format: str = ""  # hl7v2, fhir, csv, parquet; empty takes whatever comes
    zone: str = ""
    encoding: str = ""
    watch: str = ""
    listen: int = 0
    tls_cert: str = ""
    tls_key: str = ""
    tls_client_ca: str = ""
    silent_after_minutes: int = 0  # 0: nobody worries
    mappings: tuple[str, ...] = ()
    services: dict[str, str] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    sensitive: tuple[str, ...] = ()  # kinds of data that all it sends is
    causes: dict[str, str] = field(default_factory=dict)
    declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What the district leaves open of who may see what: the `[access]` of district.toml.

    `labels` says which codes are of a sensitive kind: `system|code` or `system|prefix*` to a kind.
    """

    window_days: int = 30  # how long after a contact ended its organisation still has a tie
    break_glass_hours: int = 4
    opted_out_break_glass: bool = True  # whether it passes a person's choice not to share
    reauthenticate: bool = False  # whether breaking the glass asks for the password again
    people_per_hour: int = 120  # that one user may open; 0: as many as they like
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """An organisation at whose OpenID Connect its staff sign in: `[sign_in.oidc.CODE]`.

    `claim` says who somebody is, and is compared with their e-mail address (where the claim is
    `email`, which then has to be verified there) or user name here. The secret is in the
    environment variable `secret_env`. `roles` are what somebody new is given; empty: nobody new.
    """

    code: str
    name: str
    issuer: str
    client_id: str
    secret_env: str
    claim: str = "email"
    roles: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What the district says of how long records are kept: the `[retention]` of district.toml.

    `years` by the code of a rule, in the place of what the rule says; 0 switches it off. `services`
    says which rule the contacts of a service are under, where its setting does not tell.
    """

    years: dict[str, int] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """One district as its `district.toml` says. `path` is its folder."""

    path: Path
    code: str
    name: str
    zone: str
    currency: str
    number: str  # the national number's scheme: nhs or nhi
    number_name: str
    suppress_below: int = 5
    languages: tuple[str, ...] = ()  # beside English, where a catalogue of them is there
    recent_days: int = 90  # ended contacts younger than this stay in the operational store
    guard: Guard = field(default_factory=Guard)
    keeping: Keeping = field(default_factory=Keeping)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    sign_ins: dict[str, SignIn] = field(default_factory=dict)

    def service(self, code: str) -> Service:
        """The service of that code. Raises NotFound."""
        try:
            return self.services[code]
        except KeyError:
            raise NotFound(
                f"there is no service {code!r} in {self.name}", nearest(code, self.services)
            ) from None

    def source(self, code: str) -> Source:
        """The source of that code, or one with plain defaults where none is declared."""
        return self.sources.get(code) or Source(code=code, name=code, declared=False)

    def file(self, name: str) -> Path | None:
        """A file that the configuration names, from the district's folder; None for no name."""
        return self.path / name if name else None

    def service_name(self, code: str) -> str:
        """The words for a service on a page; a place that is not mapped yet shows as it came."""
        return self.services[code].name if code in self.services else code

    def setting_of(self, code: str) -> Setting | None:
        """The setting of a service, when it is one of ours."""
        return self.services[code].setting if code in self.services else None

    def organisation_on(self, code: str, day: date) -> Organisation:
        """Who answers for an organisation's services on a day: itself, or its successor."""
        if code not in self.organisations:
            raise NotFound(f"there is no organisation {code!r}", nearest(code, self.organisations))
        seen: set[str] = set()
        while not self.organisations[code].on(day) and code not in seen:
            seen.add(code)
            heirs = [o.code for o in self.organisations.values() if code in o.succeeds]
            code = next((h for h in heirs if self.organisations[h].on(day)), code)
        return self.organisations[code]
