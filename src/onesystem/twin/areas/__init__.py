"""A first twin of an English area from open data alone, before its own feeds are joined.

`facts` reads the published tables that are shipped, `building` makes a model of them, with every
figure that went in, where it is from, and whether it was published, derived or assumed.
"""
