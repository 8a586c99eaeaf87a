"""Alerts as a loop, gridlock as a state with its days counted, and the district call."""
