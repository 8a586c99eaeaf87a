"""An answer in the form that is wanted: pretty, XML, without a body for HEAD."""

import orjson

from onesystem.record.fhir.asks import JSON, XML, Answer, Ask
from onesystem.record.fhir.negotiating import PLAIN, wanted
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.xml_writing import indented, to_xml


def formed(ask: Ask, made: Answer) -> Answer:
    """The answer as it is sent."""
    said = "_" in ask.query or ask.method == "POST" or ask.header("accept") not in {"", "*/*"}
    if said and made.body and made.headers.get("Content-Type") == JSON:
        try:
            form = wanted(ask)
        except Refusal as refusal:
            form = PLAIN
            made = made if made.status >= 400 else refusal.answer()
        if form.xml:
            made.body, made.headers["Content-Type"] = to_xml(made.body), XML
            if form.pretty:
                made.body = indented(made.body)
        elif form.pretty:
            made.body = orjson.dumps(orjson.loads(made.body), option=orjson.OPT_INDENT_2)
    if ask.method == "HEAD":
        made.headers["Content-Length"] = str(len(made.body))
        made.body = b""
    return made
