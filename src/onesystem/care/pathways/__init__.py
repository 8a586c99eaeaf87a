"""Pathways: the agreed way for a condition or a presentation, as data, with versions."""
