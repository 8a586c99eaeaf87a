"""Event logs in XES are read by the same mappings as the same logs in CSV."""

import gzip

import pytest

from onesystem.feeds.extract.xes import is_xes
from onesystem.vocabulary import BadInput

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <trace>
    <string key="concept:name" value="c1"/><string key="ward" value="A"/>
    <event><string key="concept:name" value="Arrival"/><string key="org:group" value="ED"/>
      <date key="time:timestamp" value="2026-01-01T10:00:00.000+01:00"/>
      <list key="notes"><string key="within" value="x"/></list></event>
    <event><string key="concept:name" value="Release"/>
      <date key="time:timestamp" value="2026-01-01T12:00:00.000+01:00"/></event>
  </trace>
</log>
"""
MAPPING = """
name = "log"
version = 1
[contact]
key = "activity_instance_id"
subject = "case_id"
service = "activity"
setting = { fixed = "ward" }
started = "timestamp"
"""


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_each_event_is_a_row_with_what_its_trace_says(read, pack):
    found = read(pack(LOG), MAPPING)

    assert found.column("key") == ["1", "2"]
    assert found.column("subject") == ["c1", "c1"]
    assert found.column("service") == ["Arrival", "Release"]
    assert [f"{each:%H:%M}" for each in found.column("started")] == ["09:00", "11:00"]


@pytest.mark.parametrize(
    ("log", "rule"),
    [
        (LOG[:-60], "extract.truncated"),
        (LOG.replace("<log", '<!DOCTYPE log [<!ENTITY a "b">]>\n<log'), "extract.xml-entities"),
    ],
)
def test_a_log_that_breaks_off_or_is_hostile_is_refused(read, log, rule):
    with pytest.raises(BadInput) as refusal:
        read(log, MAPPING)

    assert refusal.value.rule == rule
    assert refusal.value.cure


def test_other_xml_is_no_event_log():
    assert is_xes(LOG.encode())
    assert not is_xes(b'<?xml version="1.0"?><logbook/>')
    assert not is_xes(b'<Patient xmlns="http://hl7.org/fhir"/>')
