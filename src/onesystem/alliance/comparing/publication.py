"""What a district publishes to the nation: figures with small numbers gone, sealed. Pure.

A publication holds whole measures by month, as sums that were rounded and hidden before it was
made; nothing about a person, a practice or a service can be read from it, and nothing else of the
district is asked for. Its digest is over all the rest: who reads one checks it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import orjson

from onesystem.vocabulary.errors import BadInput, UserError
from onesystem.vocabulary.said import say, say_each

SCHEMA: Final = "onesystem.publication/1"
NATION, DISTRICTS = "nation", "districts"
AUDIENCES: Final[Mapping[str, str]] = say_each(
    {
        NATION: "National planners alone",
        DISTRICTS: "National planners, and the other districts that publish",
    }
)
LONGEST: Final = 2_000_000  # bytes of a publication
_CODE = re.compile(r"^[a-z0-9][a-z0-9-]{0,59}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A measure's figure of a month; nothing in it where it is hidden."""

    month: str
    value: float | None = None
    above: int | None = None
    below: float | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A measure with its definition and its months."""

    name: str
    title: str
    unit: str
    direction: str
    words: str
    source: str
    shares: bool
    counts: bool  # whether what is above is a count, of which a few would tell of people
    over: bool  # whether what is below is one too
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Everything that a district publishes at a time."""

    code: str
    name: str
    currency: str
    number: int
    made: str
    data_to: str
    audience: str
    threshold: int
    method: str
    measures: tuple[Told, ...]
    note: str = ""

    def measure(self, name: str) -> Told | None:
        """A measure by its name."""
        return next((each for each in self.measures if each.name == name), None)


def written(made: Publication) -> bytes:
    """As a file: JSON with its digest. Raises UserError where a small count is in it."""
    if small := next(too_small(made), None):
        raise UserError(
            say(
                "{small} is under {threshold}: nothing was published",
                small=small,
                threshold=made.threshold,
            ),
            "Small numbers are taken out before; tell whoever keeps the software",
        )
    plain = {"schema": SCHEMA, **asdict(made)}
    return orjson.dumps({**plain, "digest": digest(plain)}, option=_OPTIONS)


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2


def digest(plain: Mapping[str, Any]) -> str:
    """The SHA-256 over all but the digest itself."""
    rest = {key: value for key, value in plain.items() if key != "digest"}
    return hashlib.sha256(orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)).hexdigest()


def too_small(made: Publication) -> Iterator[str]:
    """Counts of somebody that are under the threshold, in words: there must be none."""
    for told in made.measures:
        for month in told.months:
            for count in _counts(told, month):
                if 0 < count < made.threshold:
                    yield say(
                        "{name} of {month}: {count}",
                        name=told.name,
                        month=month.month,
                        count=f"{count:g}",
                    )


def hushed(told: Told, threshold: int) -> Told:
    """A measure without its months in which a count, or the rest of one, is under the threshold."""
    return replace(told, months=tuple(
        Month(month=m.month, hidden=True)
        if m.hidden or any(0 < count < threshold for count in _counts(told, m)) else m
        for m in told.months
    ))  # fmt: skip


def _counts(told: Told, month: Month) -> Sequence[float]:
    above, below = month.above, month.below
    found = [] if above is None or not told.counts else [float(above)]
    if told.over and below is not None:
        found.append(float(below))
        if told.counts and above is not None:
            found.append(below - above)
    return found


def read(content: bytes, name: str) -> Publication:
    """A publication from a file, whoever wrote it. Raises BadInput with what is wrong with it."""
    if len(content) > LONGEST:
        raise _bad("it is larger than a publication can be", "too-long", name)
    try:
        plain = orjson.loads(content)
        if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
            raise _bad("it is no publication, or of another version", "schema", name)
        if plain.get("digest") != digest(plain):
            raise _bad("its digest does not fit: it was changed after it was made", "digest", name)
        made = _of(plain)
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        if isinstance(error, BadInput):
            raise
        raise _bad("it cannot be read", "unreadable", name) from error
    if not _CODE.match(made.code) or made.audience not in AUDIENCES:
        raise _bad("its district or its audience is none", "head", name)
    if small := next(too_small(made), None):
        raise _bad(f"it holds a small count ({small})", "small", name)
    return made


def _of(plain: Mapping[str, Any]) -> Publication:
    head = {k: v for k, v in plain.items() if k not in ("schema", "digest", "measures")}
    measures = tuple(
        Told(**{**m, "months": tuple(Month(**{**x, "month": _first(x["month"])})
                                     for x in m["months"])})
        for m in plain["measures"]
    )  # fmt: skip
    if not (isinstance(head["threshold"], int) and isinstance(head["number"], int)):
        raise TypeError
    return Publication(**head, measures=measures)


def _first(text: str) -> str:
    return date.fromisoformat(text).replace(day=1).isoformat()


def _bad(what: str, rule: str, name: str) -> BadInput:
    return BadInput(what, rule=f"publication.{rule}", where=name,
                    cure=say("Ask the district to publish it anew"))  # fmt: skip
