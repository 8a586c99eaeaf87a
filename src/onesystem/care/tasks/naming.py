"""Whom the resources of tasks and plans are about, as FHIR can name them."""

from collections.abc import Iterable
from dataclasses import replace

import orjson

from onesystem.care.message import Said as Reading
from onesystem.care.requests.exchanged import patient_of
from onesystem.care.tasks.telling import SUBJECT
from onesystem.vocabulary import Entry

_NOBODY = orjson.dumps(SUBJECT)


def about(person: int, readings: Iterable[Reading]) -> list[Reading]:
    """The same readings, whose resources say whom they are about."""
    patient, links = patient_of(person)
    named = orjson.dumps(patient)
    return [
        replace(each, body=each.body.replace(_NOBODY, named), links=links)
        if isinstance(each, Entry) and each.body
        else each
        for each in readings
    ]
