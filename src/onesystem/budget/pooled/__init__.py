"""Pooled funds: partners, contributions, schemes, conditions, metrics, and the return."""
