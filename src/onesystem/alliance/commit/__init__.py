"""Funders commit together: a decision is resourced whole or not at all."""
