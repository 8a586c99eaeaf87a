"""Local time and UTC, with the hours that happen twice and never."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from onesystem.demo.hours import months, on_weekday, to_local, to_utc, weekday


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland"])
def test_local_time_is_that_of_the_zone(zone):
    """Against Python's own zones, over ten years."""
    utc = np.random.default_rng(0).integers(1_500_000_000, 1_900_000_000, 3000)
    tz = ZoneInfo(zone)
    told = [datetime.fromtimestamp(s, UTC).astimezone(tz).replace(tzinfo=UTC) for s in utc.tolist()]
    local = to_local(utc, zone)
    assert local.tolist() == [int(t.timestamp()) for t in told]
    assert (to_utc(local, zone) == utc).mean() > 0.999  # but for the hour that happens twice


def test_days():
    day = np.array(
        [np.datetime64("2026-11-21").astype(int), np.datetime64("2026-11-23").astype(int)]
    )
    assert weekday(day).tolist() == [5, 0]
    assert months(day).tolist() == [10, 10]
    assert on_weekday(day).tolist() == [day[1], day[1]]
