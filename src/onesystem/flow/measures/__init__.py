"""Measures: defined figures over contacts, kept as cells that pages read.

    library.library()    every measure, by name
    figures(...)         a measure by period and group, from the kept cells, for who asks
    contacts_behind(...) the contacts behind a figure, for those who may see people
    refresh(...)         bring the cells up to what the contacts and people say now
    compute(...)         work every cell out anew
    stands()             whether the figures are there, being worked out, or failed

The door is lazy: a page that reads figures never loads an engine.
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "BANDS": "days",
    "DIMENSIONS": "declaration",
    "Declared": "declaration",
    "Figures": "figured",
    "Known": "answering",
    "Row": "behind",
    "Stopped": "standing",
    "begun": "refreshing",
    "compute": "refreshing",
    "pending": "refreshing",
    "contacts_behind": "behind",
    "data_to": "queries",
    "due": "standing",
    "figures": "queries",
    "refresh": "refreshing",
    "stands": "standing",
    "values_of": "queries",
}

__all__ = list(_DOOR)

__getattr__ = lazy(__name__, _DOOR)
