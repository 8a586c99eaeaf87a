"""Practices and out of hours: who leads somebody's care, what happened to them elsewhere, the rota.

What is said of a person (who leads, that something elsewhere was seen) is a care act of the part
`practice`; the rota is about nobody's record, and lies in rows with their history in the trail.
"""
