"""The engine of the kept cells: many people's histories at once, as columns of numbers.

It gives what `reference` gives, to the digit, some hundred times faster from a few people on: what
a condition says of every row is worked out once and shared by all measures that ask it. The rooms
above and the pages never import it; who refreshes cells does.
"""
