"""The demo's wards say on their boards what no system sends."""

from datetime import UTC, datetime, timedelta

import pytest

from onesystem.demo import saying
from onesystem.flow.stays.rows import SaidRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(district):
    """A district whose ward has forty people, every second one ready to leave."""
    from onesystem import feeds, wiring

    wiring.connect()
    at = datetime.now(UTC) - timedelta(hours=30)

    def adt(n, act, when):
        return (
            f"MSH|^~\\&|PAS|H|ONE|T|{when:%Y%m%d%H%M}||ADT^{act}|M{n}{act}|P|2.4\r"
            f"EVN|{act}|{when:%Y%m%d%H%M}\rPID|1||S{n}^^^H^MR||Reed^Sedge||19500101|F\r"
            f"PV1|1|I|WARDA||||||||||||||||V{n}|||||||||||||||||||||||||{at:%Y%m%d%H%M}\r"
        ).encode()

    arrivals = [feeds.Arrival(source="pas", data=adt(n, "A01", at), name="live") for n in range(40)]
    feeds.take_messages(arrivals, district=district)
    return district


def test_it_is_said_of_most_once_and_by_a_named_job(ward):
    said = saying.say()
    dated = SaidRow.objects.filter(fact="leave")
    assert 15 < dated.count() == said < 40
    assert set(dated.values_list("by", flat=True)) == {saying.BY.name}
    assert saying.say() == 0


def test_why_somebody_who_is_ready_has_not_gone(ward):
    from onesystem.contacts.models import ContactRow
    from onesystem.vocabulary.kept import to_micros

    ready = to_micros(datetime.now(UTC) - timedelta(hours=2))
    ContactRow.objects.update(ready=ready)
    saying.say()
    reasons = set(SaidRow.objects.filter(fact="delay").values_list("value", flat=True))
    assert len(reasons) > 3
    assert reasons <= {reason for reason, _ in saying.SHARES}


def test_the_shares_are_of_a_hundred():
    assert sum(part for _, part in saying.SHARES) == 100
