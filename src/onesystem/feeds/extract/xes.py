"""Event logs in XES (IEEE 1849-2016) as rows: one event a row, with what its trace says beside it.

The standard's own names become those that mappings know: the trace's `concept:name` is `case_id`,
the event's is `activity`. Other attributes keep their names, those of a trace with `case:` in
front; what lies within an attribute is left out. `activity_instance_id` numbers the events.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from onesystem.vocabulary import BadInput

_HEAD = re.compile(rb"\s*(?:<[?!].*?>\s*)*<(?:\w+:)?log[\s>]", re.DOTALL)
_NAMES = {
    "concept:name": "activity",
    "time:timestamp": "timestamp",
    "lifecycle:transition": "lifecycle",
    "org:resource": "resource",
    "org:group": "resource",
}
_FIRST = ("case_id", "activity_instance_id")
_MOST_COLUMNS = 2_000


def is_xes(head: bytes) -> bool:
    """Whether a file that begins so is an event log in XES."""
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def write_rows(log: Path, out: Path) -> None:
    """The log as CSV. Raises BadInput for what is no XES, or breaks off."""
    try:
        columns = dict.fromkeys(_FIRST)
        for row in _rows(log):
            columns |= dict.fromkeys(row)
            if len(columns) > _MOST_COLUMNS:
                raise BadInput(
                    f"the events of this log have over {_MOST_COLUMNS:,} kinds of attributes",
                    rule="extract.too-wide",
                    cure="Leave out those that no mapping reads.",
                )
        with out.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows(_rows(log))
    except DefusedXmlException as error:
        raise BadInput(
            "the XML declares a document type or an entity",
            rule="extract.xml-entities",
            cure="XES has neither; export the log again without them.",
        ) from error
    except ParseError as error:
        raise BadInput(
            f"the event log breaks off or is no XML: {error}",
            rule="extract.truncated",
            cure="Ask the source to send it again, whole.",
        ) from error


def _rows(log: Path) -> Iterator[dict[str, str]]:
    with log.open("rb") as data:
        yield from _events(data)


def _events(data: BinaryIO) -> Iterator[dict[str, str]]:
    number = 0
    above: list[Element] = []
    for what, node in iterparse(data, events=("start", "end"), forbid_dtd=True):
        if what == "start":
            above.append(node)
            continue
        above.pop()
        kind = _local(node)
        if kind == "trace" or (kind == "event" and len(above) == 1):
            for row in _of_trace(node) if kind == "trace" else [_attributes(node)]:
                number += 1
                yield {"activity_instance_id": str(number)} | row
            node.clear()
            if above:
                above[-1].remove(node)


def _of_trace(trace: Element) -> Iterator[dict[str, str]]:
    case = {
        "case_id" if key == "activity" else f"case:{key}": value
        for key, value in _attributes(trace).items()
    }
    for event in trace:
        if _local(event) == "event":
            yield case | _attributes(event)


def _attributes(node: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in node:
        key, value = child.get("key"), child.get("value")
        if key and value is not None and _local(child) != "event":
            found.setdefault(_NAMES.get(key, key), value)
    return found


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]
