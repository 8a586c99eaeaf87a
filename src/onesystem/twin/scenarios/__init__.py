"""Scenarios: named changes to a model, each from a date on, and what they do beside doing nothing.

changes     what can be changed, as frozen data in the words of a district
reading     a scenario from JSON, TOML, or lines of words; and back
applying    a model as a scenario would make it
wording     a change in a sentence; differing: two models line by line
summing     what each replication of a model came to
comparing   scenarios beside the model as it is, on the same random numbers
choosing    the best of many with a stated confidence; sweeping: a grid of two settings
"""
