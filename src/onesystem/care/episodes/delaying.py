"""Which days somebody was kept in hospital although they could have gone: each wants a reason.

Pure. A day counts that begins after they were ready, or after the planned day. Ready on Monday,
package agreed on Tuesday, still there on Wednesday: a reason for Tuesday, and one for Wednesday.
"""

from datetime import date, datetime, timedelta

from onesystem.care.episodes.episode import PLANNED, Episode
from onesystem.vocabulary import to_local


def days_kept(
    episode: Episode, *, ready: datetime | None, at: datetime, zone: str
) -> tuple[list[date], list[date]]:
    """The days of delay until today, and those of them for which nobody gave a reason."""
    if episode.state != PLANNED:
        return [], []
    today, agreed = to_local(at, zone).date(), to_local(episode.at, zone).date()
    first = today + timedelta(days=1)
    if episode.planned is not None:
        first = to_local(episode.planned, zone).date() + timedelta(days=1)
    if ready is not None and ready <= at:
        first = min(first, max(agreed, to_local(ready, zone).date() + timedelta(days=1)))
    days = [date.fromordinal(n) for n in range(first.toordinal(), today.toordinal() + 1)]
    return days, [day for day in days if day.isoformat() not in episode.delays]
