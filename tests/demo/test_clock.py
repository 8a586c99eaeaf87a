"""The demo's clock: real time, paused, and faster."""

import pytest

from onesystem.demo import clock
from onesystem.district.clock import FILE
from onesystem.vocabulary import BadConfig


def test_without_a_file_it_is_real_time(tmp_path, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 1000.0)
    assert clock.now(tmp_path) == 1000.0


def test_it_runs_faster_from_the_change_on(tmp_path, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 1000.0)
    clock.change(tmp_path, speed=60)
    monkeypatch.setattr(clock.time, "time", lambda: 1010.0)
    assert clock.now(tmp_path) == 1600.0
    clock.change(tmp_path, paused=True)
    monkeypatch.setattr(clock.time, "time", lambda: 2000.0)
    assert clock.now(tmp_path) == 1600.0
    clock.change(tmp_path, paused=False, speed=1)
    monkeypatch.setattr(clock.time, "time", lambda: 2005.0)
    assert clock.now(tmp_path) == 1605.0


def test_switched_on_again_it_is_real_time_or_later(tmp_path, monkeypatch):
    """What was missed is caught up; a demo that had run ahead does not go back."""
    monkeypatch.setattr(clock.time, "time", lambda: 5000.0)
    assert clock.waken(tmp_path, 1200).here == 5000.0
    assert clock.waken(tmp_path, 9000).here == 9000.0


def test_a_broken_file_is_real_time(tmp_path, monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 1000.0)
    (tmp_path / "live").mkdir()
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    assert clock.now(tmp_path) == 1000.0


def test_a_speed_that_cannot_be_is_refused(tmp_path):
    with pytest.raises(BadConfig, match="600"):
        clock.change(tmp_path, speed=0)
