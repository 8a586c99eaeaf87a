"""Contracts as dated terms, their settlements line by line, and their stress."""
