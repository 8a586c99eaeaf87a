"""A person's summary: what every source says of them, on one page, assembled when it is read.

statements   one entry as one source states it, in plain words
folding      the same thing said twice becomes one line; disagreements are marked
assembling   the sections of the page
asking       the questions to the store, one a kind
trends       results over time
"""
