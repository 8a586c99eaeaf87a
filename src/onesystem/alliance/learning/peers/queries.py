"""Reading the learning log."""

from django.db.models import Q

from onesystem.alliance.charter.keeping import found
from onesystem.alliance.learning.peers.rows import PeerEntry


def entries(text: str = "", practice: str = "") -> list[PeerEntry]:
    """The log, the latest first; of words, or of meetings at which a practice was."""
    rows = PeerEntry.objects.filter(gone_at__isnull=True)
    if practice:
        rows = rows.filter(present__practice=practice)
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(looked__icontains=word) | Q(learnt__icontains=word) | Q(tries__icontains=word)
            | Q(came__icontains=word)
        )  # fmt: skip
    return list(rows.prefetch_related("present").order_by("-held", "-number"))


def entry(number: int) -> PeerEntry:
    """An entry of the log. Raises NotFound."""
    made: PeerEntry = found(PeerEntry, "entry", number=number)
    return made
