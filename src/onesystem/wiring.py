"""Who takes what: the one place where rooms above `feeds` are told to it, and to each other."""

from onesystem import care, feeds, record
from onesystem.vocabulary import Entry, RequestSeen


def connect() -> None:
    """Tell feeds who takes clinical entries and requests. Safe to call again; needs Django."""
    feeds.register_taker(Entry, record.take_entries, erase=record.erase)
    feeds.register_taker(RequestSeen, care.take_requests, erase=care.erase)
    record.register_requests(care.requests_of)
