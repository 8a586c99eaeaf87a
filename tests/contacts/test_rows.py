"""What a visit was before its first kept event is read as it was kept."""

from datetime import UTC, datetime

import orjson

from onesystem.contacts.rows import base_from, base_json
from onesystem.contacts.stretches import Stretch
from onesystem.vocabulary import Setting

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
STAY = Stretch(
    7, "ward-a", Setting.WARD, started=NINE, ended=NINE.replace(hour=17), bed="4", mode="ambulance",
    urgency="high", reason="a fall", outcome="home", by="Dr", cause="E1", planned=NINE,
)  # fmt: skip


def test_all_parts_of_a_stretch_come_back():
    kept = [STAY, STAY._replace(cancelled=True, setting=None)]
    assert base_from(base_json(kept)) == kept


def test_one_kept_before_visits_were_planned_is_read():
    body = orjson.dumps([list(STAY)[:-1]])
    assert base_from(body) == [STAY._replace(planned=None)]
