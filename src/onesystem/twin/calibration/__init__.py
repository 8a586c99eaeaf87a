"""From a log of contacts to a model of services, and how far that model can be trusted.

`log` holds contacts as columns; `sources` and `district` read them. `stays`, `arrivals`, `routing`
and `capacity` estimate one thing each; `calibrating` makes the model of them. `trust` runs it
against what was held back; `daily` forecasts daily figures; `telling` says it all in words.
"""
