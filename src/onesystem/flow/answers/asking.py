"""Ask a question, look how far it is, cancel it, keep it. The web side: light and quick."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.flow.answers.rows import Asked
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros, to_micros

FRESH = timedelta(hours=1)  # an answer is shown as it is for so long; then it is worked out anew
KEPT = timedelta(days=7)  # an answer that nobody asked for since is thrown away
_LOOKS = 5_000_000  # microseconds after which another look at a question is written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question as it stands. `found` is None until it was answered once."""

    digest: str
    kind: str
    asked: dict[str, Any]
    state: str
    share: int
    said: str
    found: dict[str, Any] | None
    problem: str
    done_at: datetime | None

    @property
    def working(self) -> bool:
        """Whether it waits or is being worked on."""
        return self.state in ("waiting", "working")


def ask(kind: str, asked: Mapping[str, Any], *, by: Actor, anew: bool = False) -> Answer:
    """The answer, or how far it is. A question that was cancelled or failed is asked `anew`."""
    text, digest = _text(asked), digest_of(kind, asked)
    now = to_micros(datetime.now(UTC))
    with transaction.atomic():
        row, fresh = Asked.objects.get_or_create(
            digest=digest,
            defaults={"kind": kind, "asked": text, "asked_by": by.name, "asked_at": now,
                      "looked_at": now},
        )  # fmt: skip
        if not fresh and _again(row, now, anew=anew):
            row.state, row.share, row.said, row.problem = "waiting", 0, "", ""
            row.asked_by, row.asked_at = by.name, now
            row.save()
    _look(row)
    return _answer(row)


def kept(kind: str, asked: Mapping[str, Any]) -> Answer | None:
    """The question as it stands, however old its answer is; None where nobody asked it yet."""
    row = Asked.objects.filter(digest=digest_of(kind, asked)).first()
    return None if row is None else _answer(row)


def keep(kind: str, asked: Mapping[str, Any], found: Mapping[str, Any], *, by: Actor) -> None:
    """Keep an answer that came with another one, under the question that it answers."""
    now = to_micros(datetime.now(UTC))
    Asked.objects.update_or_create(
        digest=digest_of(kind, asked),
        defaults={
            "kind": kind, "asked": _text(asked), "state": "done", "asked_by": by.name,
            "asked_at": now, "begun_at": now, "done_at": now, "share": 100,
            "said": "", "problem": "",
            "found": json.dumps(found, ensure_ascii=False, separators=(",", ":")),
        },
    )  # fmt: skip


def digest_of(kind: str, asked: Mapping[str, Any]) -> str:
    """What a question is found by."""
    return hashlib.blake2b(f"{kind}\x1f{_text(asked)}".encode(), digest_size=16).hexdigest()


def find(digest: str) -> Answer:
    """A question by its digest. Raises NotFound."""
    row = Asked.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound("this question was asked long ago, and its answer is gone", "Ask again.")
    _look(row)
    return _answer(row)


def cancel(digest: str) -> Answer:
    """Stop working on a question; what was found before stays."""
    Asked.objects.filter(digest=digest, state__in=("waiting", "working")).update(state="cancelled")
    return find(digest)


def _look(row: Asked) -> None:
    """Somebody looks at it: what is looked at is worked on before what was asked and left."""
    now = to_micros(datetime.now(UTC))
    if row.state == "waiting" and now - row.looked_at > _LOOKS:
        Asked.objects.filter(digest=row.digest, state="waiting").update(looked_at=now)


def _text(asked: Mapping[str, Any]) -> str:
    return json.dumps(asked, sort_keys=True, ensure_ascii=False)


def _again(row: Asked, now: int, *, anew: bool) -> bool:
    if row.state in ("failed", "cancelled"):
        return anew
    old = now - row.done_at > FRESH // timedelta(microseconds=1)
    return row.state == "done" and (anew or old)


def _answer(row: Asked) -> Answer:
    return Answer(
        digest=row.digest,
        kind=row.kind,
        asked=json.loads(row.asked),
        state=row.state,
        share=row.share,
        said=row.said,
        found=json.loads(row.found) if row.found else None,
        problem=row.problem,
        done_at=from_micros(row.done_at) if row.done_at else None,
    )
