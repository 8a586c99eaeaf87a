"""A short survey of trust between sectors, answered without names, as a chart over time."""
