"""The case for change: what doing nothing leads to, by year, for staff and for the public."""
