"""A pathway out of a file that somebody sent: TOML or JSON of ours, or FHIR R4."""

from onesystem.care.pathways.codec import from_json, from_toml
from onesystem.care.pathways.document import Pathway
from onesystem.vocabulary import BadConfig


def carried(data: bytes, name: str) -> Pathway:
    """The pathway of a file. Raises BadConfig with the place and the cure."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadConfig("the file is no text in UTF-8", "Save it as UTF-8, then send it.") from None
    if name.lower().endswith(".toml"):
        return from_toml(text)
    if text.lstrip().startswith("{") and '"resourceType"' not in text:
        return from_json(text)
    if text.lstrip().startswith("{"):
        from onesystem.care.pathways.fhir import from_fhir

        return from_fhir(text)
    return from_toml(text)
