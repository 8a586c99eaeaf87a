"""What a served district does each night."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from onesystem import wiring
from onesystem.cli import jobs


@pytest.mark.django_db
def test_sign_ins_that_are_over_are_let_go_and_others_stay(district):
    wiring.connect()
    now = datetime.now(UTC)
    for key, hours in (("over", -1), ("on", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=now + timedelta(hours=hours)
        )
    jobs._tidy(lambda: False)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["on"]
