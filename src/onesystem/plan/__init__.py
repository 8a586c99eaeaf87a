"""The plan room: people, workforce and money over five and twenty years, and what to do about it.

`areas` and `population` say who lives here and who will, `case` what doing nothing leads to,
`options` what could be done instead, `portfolio` when, under which limits, `workforce` and `money`
with whom and with what, `shocks` what could go wrong. The door is lazy: importing it needs no
Django.
"""

from onesystem.vocabulary.door import lazy

_DOOR = {
    "find": "areas.catalogue",
    "people_of": "areas.people",
    "project": "population.projecting",
    "case_of": "case.building",
    "do_nothing": "case.queries",
}

__getattr__ = lazy(__name__, _DOOR)
