"""Opportunities: what to improve next, ranked by avoidable days and by money, from the log."""
