"""The district's present: the world's, unless its folder says that it runs by itself."""

from datetime import UTC, datetime, timedelta

from onesystem.district import clock, lead, now


def test_a_district_without_a_clock_keeps_real_time(district):
    assert lead() == timedelta(0)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_clock_that_runs_fast_leads_the_world(district, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 1_060.0)
    clock.write(district.path, clock.Clock(real=1_000, here=1_000, speed=10))
    assert lead() == timedelta(seconds=540)


def test_a_paused_clock_falls_behind(district, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 1_060.0)
    clock.write(district.path, clock.Clock(real=1_000, here=1_000, paused=True))
    assert lead() == timedelta(seconds=-60)


def test_a_damaged_clock_is_none(district):
    (district.path / clock.FILE).write_text("{", encoding="utf-8")
    assert clock.read(district.path) is None
